// DHCP (RFC 2131, options RFC 2132): what a client says about itself, what a server offers, and which address it
// acknowledges. Hints about a client: hostname (option 12), requested-address (50), parameter-list (55, comma separated
// numbers), vendor-class (60), client-id (61, hexadecimal), user-class (77, RFC 3004, comma separated), fqdn (81, RFC 4702),
// vendor-identifying (124, RFC 3925: "enterprise:text"), mud-url (161, RFC 8520, section 10), and options: the numbers of
// all options in the order in which they were sent, which differs from one client program to the next. Hints about a server,
// source "dhcp-server", for each offer and acknowledgement: offered-network ("192.168.1.0/24", by options 1 and the address
// given), offered-router (3, comma separated), offered-resolver (6, the same), lease (51, seconds) and, as the last of them,
// offered-to (the client's MAC address).
#include "dns_name.hpp"
#include "hexadecimal.hpp"
#include "sensor/byte_reader.hpp"
#include "sensor/dissectors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <iterator>
#include <optional>
#include <utility>

namespace linnet {
namespace {

namespace option {
constexpr std::uint8_t pad = 0, subnet_mask = 1, router = 3, resolver = 6, host_name = 12, requested_address = 50,
                       lease_time = 51, overload = 52, message_type = 53, server_id = 54, parameter_list = 55,
                       vendor_class = 60, client_id = 61, user_class = 77, fqdn = 81, vendor_identifying = 124,
                       mud_url = 161, end = 255;
}
constexpr char offer = 2, acknowledgement = 5;

/// The options that are read; one that comes in several parts is put together (RFC 3396).
class Options {
 public:
    /// False where an option runs over the end.
    bool read(ByteReader reader) {
        while (!reader.at_end()) {
            const std::uint8_t code = reader.u8();
            if (code == option::pad) continue;
            if (code == option::end) break;
            const std::uint8_t length = reader.u8();
            const auto value = reader.text(length);
            if (order_.find(static_cast<char>(code)) == std::string::npos) order_ += static_cast<char>(code);
            const auto* known = std::find(codes.begin(), codes.end(), code);
            if (known != codes.end()) values_[static_cast<std::size_t>(known - codes.begin())].append(value);
        }
        return reader.ok();
    }
    [[nodiscard]] std::string_view operator[](std::uint8_t code) const {
        return values_[static_cast<std::size_t>(std::find(codes.begin(), codes.end(), code) - codes.begin())];
    }

    /// The number of each option that is there, a byte each, in the order of their first parts.
    [[nodiscard]] std::string_view order() const { return order_; }

 private:
    static constexpr std::array<std::uint8_t, 16> codes{
        option::subnet_mask,       option::router,         option::resolver,           option::host_name,
        option::requested_address, option::lease_time,     option::overload,           option::message_type,
        option::server_id,         option::parameter_list, option::vendor_class,       option::client_id,
        option::user_class,        option::fqdn,           option::vendor_identifying, option::mud_url};
    std::array<std::string, codes.size()> values_;
    std::string order_;
};

struct Message {
    std::uint8_t operation = 0;  ///< 1 from a client, 2 from a server
    IpAddress client_ip, your_ip, relay_ip;
    MacAddress client_mac;
    Options options;
};

bool read_message(Bytes payload, Message& out) {
    ByteReader reader{payload};
    out.operation = reader.u8();
    const bool ethernet = reader.u8() == 1 && reader.u8() == 6;
    reader.skip(9);  // hops, transaction, seconds, flags
    out.client_ip = IpAddress::v4(reader.u32());
    out.your_ip = IpAddress::v4(reader.u32());
    reader.skip(4);  // next server
    out.relay_ip = IpAddress::v4(reader.u32());
    for (auto& byte : out.client_mac.bytes) byte = reader.u8();
    reader.skip(10);
    const auto server_name = reader.bytes(64);
    const auto file = reader.bytes(128);
    const std::uint32_t magic_cookie = reader.u32();
    if (!reader.ok() || !ethernet || magic_cookie != 0x63825363 || !out.options.read(reader)) return false;
    const auto overload = out.options[option::overload];
    const int holds_options = overload.size() == 1 ? overload[0] : 0;  // 1 file, 2 server name, 3 both
    if ((holds_options & 1) != 0 && !out.options.read(ByteReader{file})) return false;
    if ((holds_options & 2) != 0 && !out.options.read(ByteReader{server_name})) return false;
    return out.options[option::message_type].size() == 1 && out.client_mac.known() && !out.client_mac.is_group();
}

std::string numbers(std::string_view bytes) {
    std::string text;
    for (const char byte : bytes.substr(0, 63)) {  // 255 characters at most
        if (!text.empty()) text += ',';
        fmt::format_to(std::back_inserter(text), "{}", static_cast<unsigned char>(byte));
    }
    return text;
}

std::string addresses(std::string_view bytes) {
    std::string text;
    ByteReader reader{bytes.substr(0, bytes.size() / 4 * 4)};
    for (int i = 0; i < 15 && !reader.at_end(); ++i) {  // 255 characters at most
        if (!text.empty()) text += ',';
        text += to_string(IpAddress::v4(reader.u32()));
    }
    return text;
}

/// "192.168.1.0/24"; empty where the mask is none, or no address was given.
std::string network(const IpAddress& ip, std::string_view mask_option) {
    ByteReader reader{mask_option};
    const std::uint32_t mask = reader.u32(), host = ~mask;
    if (!reader.ok() || mask == 0 || (host & (host + 1)) != 0 || ip.is_unspecified()) return {};
    return fmt::format("{}/{}", to_string(IpAddress::v4(ip.as_v4() & mask)), std::popcount(mask));
}

std::string_view without_padding(std::string_view text) {
    while (text.ends_with('\0')) text.remove_suffix(1);
    return text;
}

/// RFC 4702: flags, two unused bytes, and the name: DNS labels where the flag E is set, else plain text.
std::string domain_name(std::string_view value) {
    ByteReader reader{value};
    const std::uint8_t flags = reader.u8();
    reader.skip(2);
    if (!reader.ok()) return {};
    if ((flags & 0x04) == 0) return std::string{reader.text(reader.remaining())};
    return plain_dns_name(reader);
}

/// Texts behind one byte of length each, joined by commas; nothing where the lengths do not come out even.
std::optional<std::string> counted_texts(ByteReader reader) {
    std::string texts;
    while (!reader.at_end()) {
        const auto text = reader.text(reader.u8());
        if (!texts.empty()) texts += ',';
        texts += text;
    }
    return reader.ok() ? std::optional{texts} : std::nullopt;
}

/// RFC 3925, section 3: an enterprise number and what its classes are, for each enterprise.
template <class Each>
void read_vendor_identifying(std::string_view value, const Each& each) {
    ByteReader reader{value};
    while (!reader.at_end()) {
        const std::uint32_t enterprise = reader.u32();
        const auto texts = counted_texts(ByteReader{reader.text(reader.u8())});
        if (reader.ok() && texts) each(fmt::format("{}:{}", enterprise, *texts));
    }
}

void emit_hints(const Packet& packet, const Message& message, const Emit& emit) {
    const auto hint = [&](const char* key, std::string_view value) {
        value = without_padding(value);
        if (value.empty()) return;
        const IpAddress ip = message.client_ip.is_unspecified() ? IpAddress{} : message.client_ip;
        emit(DeviceHint{
            .at = packet.at, .mac = message.client_mac, .ip = ip, .source = "dhcp", .key = key, .value = plain_text(value)});
    };
    const Options& options = message.options;
    hint("hostname", options[option::host_name]);
    hint("vendor-class", options[option::vendor_class]);
    hint("parameter-list", numbers(options[option::parameter_list]));
    hint("client-id", hexadecimal(options[option::client_id]));
    hint("fqdn", domain_name(options[option::fqdn]));
    if (ByteReader address{options[option::requested_address]}; address.remaining() == 4)
        hint("requested-address", to_string(IpAddress::v4(address.u32())));
    // Many clients leave RFC 3004's lengths out.
    hint("user-class",
         counted_texts(ByteReader{options[option::user_class]}).value_or(std::string{options[option::user_class]}));
    read_vendor_identifying(options[option::vendor_identifying],
                            [&](const std::string& text) { hint("vendor-identifying", text); });
    hint("mud-url", options[option::mud_url]);
    hint("options", numbers(options.order()));
}

/// A relay passes on what a server elsewhere says: then its MAC address is not the server's.
void emit_server_hints(const Packet& packet, const Message& message, const Emit& emit) {
    const Options& options = message.options;
    ByteReader id{options[option::server_id]};
    const auto server = id.remaining() == 4 ? IpAddress::v4(id.u32()) : packet.src;
    const auto mac = message.relay_ip.is_unspecified() ? packet.src_mac : MacAddress{};
    const auto hint = [&](const char* key, std::string&& value) {
        if (!value.empty())
            emit(DeviceHint{
                .at = packet.at, .mac = mac, .ip = server, .source = "dhcp-server", .key = key, .value = std::move(value)});
    };
    hint("offered-network", network(message.your_ip, options[option::subnet_mask]));
    hint("offered-router", addresses(options[option::router]));
    hint("offered-resolver", addresses(options[option::resolver]));
    if (ByteReader lease{options[option::lease_time]}; lease.remaining() == 4) hint("lease", std::to_string(lease.u32()));
    hint("offered-to", to_string(message.client_mac));
}

bool wants(const Packet& packet) {
    const auto is_dhcp = [](Port port) { return port.number == 67 || port.number == 68; };
    return packet.proto == Proto::udp && is_dhcp(packet.src_port) && is_dhcp(packet.dst_port);
}

void inspect(const Packet& packet, const SensorSignatures&, const Emit& emit) {
    Message message;
    if (!read_message(packet.payload, message)) return;
    const char type = message.options[option::message_type][0];
    if (message.operation == 1) return emit_hints(packet, message, emit);
    if (message.operation != 2 || (type != offer && type != acknowledgement)) return;
    emit_server_hints(packet, message, emit);
    if (type == acknowledgement && !message.your_ip.is_unspecified())
        emit(AddressBinding{.at = packet.at, .mac = message.client_mac, .ip = message.your_ip, .source = "dhcp"});
}

constexpr std::array<std::uint16_t, 2> ports{67, 68};

}  // namespace

const DatagramDissector dhcp{"dhcp", wants, inspect, ports};

}  // namespace linnet
