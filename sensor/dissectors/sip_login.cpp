// SIP (RFC 3261): Basic authentication, which RFC 2543 allowed and old telephones still use, to registrars and proxies, over
// TCP and UDP. Digest is not readable. Over TCP the response with the same CSeq tells the outcome; a datagram is seen alone.
#include "basic_credential.hpp"
#include "datagram_text.hpp"
#include "http_message.hpp"
#include "sensor/dissectors.hpp"
#include "sensor/sensor_signatures.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace linnet {
namespace {

bool is_sip_port(Port port) { return port.number == 5060; }

bool starts_like_sip_request(std::string_view head) {
    constexpr std::array<std::string_view, 7> beginnings{
        "REGISTER sip:", "INVITE sip:", "SUBSCRIBE sip:", "PUBLISH sip:", "OPTIONS sip:", "MESSAGE sip:", "NOTIFY sip:"};
    return std::any_of(beginnings.begin(), beginnings.end(), [&](auto beginning) { return head.starts_with(beginning); });
}

/// 0 where it is no status line.
int sip_status(std::string_view start_line) {
    if (!start_line.starts_with("SIP/2.0 ") || start_line.size() < 11) return 0;
    int status = 0;
    std::from_chars(start_line.data() + 8, start_line.data() + 11, status);
    return status;
}

/// The request's credential, if it has a readable one.
bool read_credential(const HttpMessage& request, BasicCredential& out) {
    if (!request.start_line.ends_with("SIP/2.0") || sip_status(request.start_line) != 0) return false;
    const auto field = http_field(request, "Authorization"), proxy_field = http_field(request, "Proxy-Authorization");
    return (field && out.read(*field)) || (proxy_field && out.read(*proxy_field));
}

/// Behind the body. Its length has a short name too (section 20.14); over TCP it may not be missing.
std::size_t end_of(const HttpMessage& message) {
    auto field = http_field(message, "Content-Length");
    if (!field) field = http_field(message, "l");
    std::uint32_t size = 0;
    if (field) std::from_chars(field->data(), field->data() + field->size(), size);
    return message.body + size;
}

/// The final response to the transaction (section 17.1.3: the same CSeq) behind `from`.
Outcome outcome_of(const HttpMessage& request, std::string_view server, std::size_t from) {
    const auto transaction = http_field(request, "CSeq");
    for (auto message = read_http_message(server, from); message; message = read_http_message(server, end_of(*message))) {
        const int status = sip_status(message->start_line);
        if (status < 200 || http_field(*message, "CSeq") != transaction) continue;
        if (status == 401 || status == 403 || status == 407) return Outcome::failure;
        return status < 300 ? Outcome::success : Outcome::unknown;
    }
    return Outcome::unknown;
}

bool wants_stream(const Conversation& c) {
    return is_sip_port(c.server.port) || c.app_proto == "sip" || starts_like_sip_request(c.client_head);
}

void inspect_stream(const Conversation& c, Findings& findings) {
    const auto head = c.client_head;
    for (auto message = read_http_message(head, 0); message; message = read_http_message(head, end_of(*message))) {
        BasicCredential credential;
        if (!read_credential(*message, credential)) continue;
        const auto outcome = outcome_of(*message, c.server_head, server_bytes_before(c, message->body - 1));
        findings.login(Service::sip, credential.user(), credential.secret(), outcome);
        if (outcome == Outcome::unknown && !c.closing) return;
    }
}

bool wants_datagram(const Packet& packet) {
    if (packet.proto != Proto::udp) return false;
    return is_sip_port(packet.dst_port) || starts_like_sip_request(text_of(packet.payload));
}

void inspect_datagram(const Packet& packet, const SensorSignatures& signatures, const Emit& emit) {
    const auto request = read_http_message(text_of(packet.payload), 0);
    BasicCredential credential;
    if (!request || !read_credential(*request, credential)) return;
    emit(Login{.at = packet.at,
               .client = {packet.src, packet.src_port, packet.src_mac},
               .server = {packet.dst, packet.dst_port, packet.dst_mac},
               .service = Service::sip,
               .default_entry = signatures.defaults.match(Service::sip, credential.user(), credential.secret()),
               .user = plain_text(credential.user())});
}

}  // namespace

const StreamDissector sip_login{"sip-login", wants_stream, inspect_stream};
const DatagramDissector sip{"sip", wants_datagram, inspect_datagram};

}  // namespace linnet
