// How Windows and Samba computers announce themselves to the network neighbourhood: browser messages ([MS-BRWS],
// section 2.2) in SMB transactions to the mail slot BROWSE ([MS-MAIL], section 2.2.1) in NetBIOS datagrams (RFC 1002,
// section 4.4). Hints of source smb: hostname, os-version ("6.1"), server-type (bits of [MS-BRWS] section 2.2.9,
// "0x00019603") and comment; of source netbios: workgroup.
#include "netbios_name.hpp"
#include "sender_hints.hpp"
#include "sensor/dissectors.hpp"

#include <fmt/format.h>

#include <array>
#include <string>

namespace linnet {
namespace {

constexpr std::uint16_t port = 138;
constexpr std::uint8_t host_announcement = 1, domain_announcement = 12, local_master_announcement = 15;

/// What a transaction carries to the mail slot of the browsers; empty where it is another.
Bytes browser_message(Bytes smb) {
    ByteReader reader{smb};
    const bool is_transaction = reader.u32() == 0xFF534D42 && reader.u8() == 0x25;
    reader.skip(27);
    const std::uint8_t words = reader.u8();
    reader.skip(22);  // up to the data's count
    const std::uint16_t count = reader.u16_le(), offset = reader.u16_le();
    reader.skip(8 + 2);  // set-up words, count of bytes
    const bool is_browse = words == 17 && same_text(reader.text_to_zero(), "\\MAILSLOT\\BROWSE");
    if (!reader.ok() || !is_transaction || !is_browse || offset > smb.size()) return {};
    const auto data = smb.subspan(offset);
    return data.first(std::min<std::size_t>(count, data.size()));
}

std::string_view up_to_zero(std::string_view text) { return text.substr(0, text.find('\0')); }

void tell_announcement(Bytes message, const Packet& packet, const Emit& emit) {
    ByteReader reader{message};
    const std::uint8_t command = reader.u8();
    reader.skip(5);  // count of updates, period
    const auto name = up_to_zero(reader.text(16));
    const unsigned major = reader.u8(), minor = reader.u8();
    const std::uint32_t kind = reader.u32_le();
    reader.skip(2);  // version of the protocol
    const bool is_signed = reader.u16_le() == 0xAA55;
    if (!reader.ok() || !is_signed) return;
    if (command == domain_announcement) return SenderHints{packet, "netbios", emit}.tell("workgroup", name);
    if (command != host_announcement && command != local_master_announcement) return;
    SenderHints hints{packet, "smb", emit};
    hints.tell("hostname", name);
    hints.tell("os-version", fmt::format("{}.{}", major, minor));
    hints.tell("server-type", fmt::format("0x{:08x}", kind));
    hints.tell("comment", up_to_zero(reader.text(reader.remaining())));
}

bool wants(const Packet& packet) { return packet.proto == Proto::udp && packet.dst_port.number == port; }

void inspect(const Packet& packet, const SensorSignatures&, const Emit& emit) {
    ByteReader reader{packet.payload};
    const std::uint8_t type = reader.u8();  // to one, to a group, to all
    reader.skip(3);
    const auto origin = IpAddress::v4(reader.u32());
    reader.skip(6);
    const auto from = read_netbios_name(reader), to = read_netbios_name(reader);
    const bool is_own = type >= 0x10 && type <= 0x12 && origin == packet.src;  // another's where a router passes it on
    if (!reader.ok() || !is_own || !from || !to) return;
    if (const auto message = browser_message(reader.rest()); !message.empty()) tell_announcement(message, packet, emit);
}

constexpr std::array ports{port};

}  // namespace

const DatagramDissector smb_browser{"smb-browser", wants, inspect, ports};

}  // namespace linnet
