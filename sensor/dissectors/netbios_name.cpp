// NetBIOS name service (RFC 1002, section 4.2): the names that a computer registers, refreshes or gives up, and those that
// it answers to or lists when it is asked for its state. Hints: hostname and workgroup. The name of the person who is signed
// in (usage 0x03) is nobody's business here.
#include "netbios_name.hpp"

#include "sender_hints.hpp"
#include "sensor/dissectors.hpp"

#include <array>

namespace linnet {
namespace {

constexpr std::uint16_t port = 137, type_name = 0x0020, type_state = 0x0021;
constexpr std::uint16_t response = 0x8000, group = 0x8000;

void tell(const NetbiosName& name, std::uint16_t name_flags, SenderHints& hints) {
    if (name.text.starts_with('\x01')) return;  // "__MSBROWSE__": every master browser has it
    if ((name_flags & group) == 0) {
        if (name.usage == 0x00 || name.usage == 0x20) hints.tell("hostname", name.text);
    } else if (name.usage == 0x00 || name.usage == 0x1E) {
        hints.tell("workgroup", name.text);
    }
}

/// Sections 4.2.2, 4.2.4 and 4.2.13: flags and address of a name; it is the sender's where the address is.
void tell_bound_name(const NetbiosName& name, ByteReader data, const Packet& packet, SenderHints& hints) {
    while (data.remaining() >= 6) {
        const std::uint16_t flags = data.u16();
        if (IpAddress::v4(data.u32()) == packet.src) return tell(name, flags, hints);
    }
}

/// Section 4.2.18.
void tell_state(ByteReader data, SenderHints& hints) {
    for (unsigned left = data.u8(); left > 0; --left) {
        const auto name = netbios_name_of(data.text(16));
        const std::uint16_t flags = data.u16();
        if (!data.ok()) return;
        if (name) tell(*name, flags, hints);
    }
}

/// Registration, release, refresh (8, and 9 by mistake of many) and multi-homed registration.
bool is_about_oneself(unsigned opcode) { return opcode == 5 || opcode == 6 || opcode == 8 || opcode == 9 || opcode == 15; }

bool wants(const Packet& packet) {
    return packet.proto == Proto::udp && packet.src_port.number == port && packet.src.is_v4();
}

void inspect(const Packet& packet, const SensorSignatures&, const Emit& emit) {
    ByteReader reader{packet.payload};
    reader.skip(2);
    const std::uint16_t flags = reader.u16(), questions = reader.u16(), answers = reader.u16();
    reader.skip(4);
    const unsigned opcode = flags >> 11U & 0x0FU, code = flags & 0x0FU;
    const bool is_response = (flags & response) != 0;
    const bool answers_itself = is_response && opcode == 0 && code == 0 && questions == 0 && answers == 1;
    const bool asks_for_itself = !is_response && is_about_oneself(opcode) && questions == 1;
    if (!reader.ok() || (!answers_itself && !asks_for_itself)) return;
    const auto name = read_netbios_name(reader);
    if (asks_for_itself) reader.skip(6);  // type and class of the question; a pointer to its name
    const std::uint16_t type = reader.u16();
    reader.skip(6);  // class, time to live
    const ByteReader data{reader.bytes(reader.u16())};
    if (!reader.ok() || !name) return;
    SenderHints hints{packet, "netbios", emit};
    if (type == type_name) tell_bound_name(*name, data, packet, hints);
    if (type == type_state && answers_itself) tell_state(data, hints);
}

constexpr std::array ports{port};

}  // namespace

std::optional<NetbiosName> netbios_name_of(std::string_view sixteen) {
    if (sixteen.size() != 16) return std::nullopt;
    NetbiosName name{.text = std::string{sixteen.substr(0, 15)}, .usage = static_cast<std::uint8_t>(sixteen[15])};
    while (name.text.ends_with(' ') || name.text.ends_with('\0')) name.text.pop_back();
    return name.text.empty() || name.text == "*" ? std::nullopt : std::optional{name};
}

std::optional<NetbiosName> read_netbios_name(ByteReader& reader) {
    if (reader.u8() != 32) reader.fail();
    const auto letters = reader.text(32);
    for (std::uint8_t length = reader.u8(); length != 0 && reader.ok(); length = reader.u8()) {
        if (length > 63) reader.fail();
        reader.skip(length);
    }
    std::string bytes;
    for (std::size_t i = 0; i + 1 < letters.size(); i += 2) {
        const auto high = static_cast<unsigned>(letters[i] - 'A'), low = static_cast<unsigned>(letters[i + 1] - 'A');
        if (high > 15 || low > 15) reader.fail();
        bytes += static_cast<char>(high << 4U | low);
    }
    return reader.ok() ? netbios_name_of(bytes) : std::nullopt;
}

const DatagramDissector netbios_names{"netbios", wants, inspect, ports};

}  // namespace linnet
