// DHCPv6 (RFC 8415): what a client says about itself. Hints: duid (option 1, hexadecimal), parameter-list (6, numbers with
// commas), vendor-class (16, "enterprise:text", the texts joined by commas), fqdn (39, RFC 4704), mud-url (112, RFC 8520)
// and options: the numbers of all options in the order in which they were sent. What a relay passes on is of somebody else.
#include "dns_name.hpp"
#include "hexadecimal.hpp"
#include "sender_hints.hpp"
#include "sensor/dissectors.hpp"

#include <array>
#include <string>

namespace linnet {
namespace {

namespace option {
constexpr std::uint16_t client_id = 1, requested = 6, vendor_class = 16, fqdn = 39, mud_url = 112;
}

/// Solicit, Request, Confirm, Renew, Rebind, Release, Decline, Information-request (section 7.3).
bool is_from_client(std::uint8_t type) {
    return type == 1 || (type >= 3 && type <= 6) || type == 8 || type == 9 || type == 11;
}

void append_number(std::string& text, std::uint32_t number) {
    if (!text.empty()) text += ',';
    text += std::to_string(number);
}

std::string numbers(ByteReader reader) {
    std::string text;
    while (reader.remaining() >= 2 && text.size() < 249) append_number(text, reader.u16());
    return text;
}

/// Section 21.16.
std::string vendor_class(ByteReader reader) {
    std::string text = std::to_string(reader.u32()) + ':';
    for (bool first = true; !reader.at_end(); first = false) {
        const auto part = reader.text(reader.u16());
        if (!reader.ok()) return {};
        if (!first) text += ',';
        text += part;
    }
    return reader.ok() ? text : std::string{};
}

std::string domain_name(ByteReader reader) {
    reader.skip(1);  // flags
    return plain_dns_name(reader);
}

bool wants(const Packet& packet) { return packet.proto == Proto::udp && packet.dst_port.number == 547; }

void inspect(const Packet& packet, const SensorSignatures&, const Emit& emit) {
    ByteReader reader{packet.payload};
    const std::uint8_t type = reader.u8();
    reader.skip(3);  // transaction
    if (!reader.ok() || !is_from_client(type)) return;
    SenderHints hints{packet, "dhcpv6", emit};
    std::string order;
    while (!reader.at_end()) {
        const std::uint16_t code = reader.u16(), length = reader.u16();
        const auto value = reader.bytes(length);
        if (!reader.ok()) break;
        if (order.size() < 249) append_number(order, code);
        if (code == option::client_id) hints.tell("duid", hexadecimal(text_of(value)));
        if (code == option::requested) hints.tell("parameter-list", numbers(ByteReader{value}));
        if (code == option::vendor_class) hints.tell("vendor-class", vendor_class(ByteReader{value}));
        if (code == option::fqdn) hints.tell("fqdn", domain_name(ByteReader{value}));
        if (code == option::mud_url) hints.tell("mud-url", text_of(value));
    }
    hints.tell("options", order);
}

constexpr std::array<std::uint16_t, 1> ports{547};

}  // namespace

const DatagramDissector dhcpv6{"dhcpv6", wants, inspect, ports};

}  // namespace linnet
