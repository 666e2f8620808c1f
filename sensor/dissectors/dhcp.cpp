// DHCP (RFC 2131, options RFC 2132): what a client says about itself, what a server offers, and which address it
// acknowledges. Hints about a client: hostname (option 12), requested-address (50), parameter-list (55, comma separated
// numbers), vendor-class (60), client-id (61, hexadecimal), fqdn (81, RFC 4702) and mud-url (161, RFC 8520, section 10).
// Hints about a server, source "dhcp-server", for each offer and acknowledgement: offered-network ("192.168.1.0/24", by
// options 1 and the address given), offered-router (3, comma separated), offered-resolver (6, the same), lease (51, seconds)
// and, as the last of them, offered-to (the client's MAC address).
#include "sensor/byte_reader.hpp"
#include "sensor/dissectors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <iterator>
#include <utility>

namespace linnet {
namespace {

namespace option {
constexpr std::uint8_t pad = 0, subnet_mask = 1, router = 3, resolver = 6, host_name = 12, requested_address = 50,
                       lease_time = 51, overload = 52, message_type = 53, server_id = 54, parameter_list = 55,
                       vendor_class = 60, client_id = 61, fqdn = 81, mud_url = 161, end = 255;
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
            const auto* known = std::find(codes.begin(), codes.end(), code);
            if (known != codes.end()) values_[static_cast<std::size_t>(known - codes.begin())].append(value);
        }
        return reader.ok();
    }
    [[nodiscard]] std::string_view operator[](std::uint8_t code) const {
        return values_[static_cast<std::size_t>(std::find(codes.begin(), codes.end(), code) - codes.begin())];
    }

 private:
    static constexpr std::array<std::uint8_t, 14> codes{
        option::subnet_mask,  option::router,    option::resolver,     option::host_name, option::requested_address,
        option::lease_time,   option::overload,  option::message_type, option::server_id, option::parameter_list,
        option::vendor_class, option::client_id, option::fqdn,         option::mud_url};
    std::array<std::string, codes.size()> values_;
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

std::string hexadecimal(std::string_view bytes) {
    std::string text;
    for (const char byte : bytes.substr(0, 127))
        fmt::format_to(std::back_inserter(text), "{:02x}", static_cast<unsigned char>(byte));
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
    std::string name;
    while (!reader.at_end()) {
        const std::uint8_t length = reader.u8();
        const auto label = reader.text(length);
        if (!reader.ok() || length > 63 || length == 0) break;
        if (!name.empty()) name += '.';
        name += label;
    }
    return name;
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
    hint("mud-url", options[option::mud_url]);
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

}  // namespace

const DatagramDissector dhcp{"dhcp", wants, inspect};

}  // namespace linnet
