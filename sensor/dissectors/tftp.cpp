// TFTP (RFC 1350): loaders use it where a device has no wget. A request to read a file whose name says that it is a bot's
// program, a script or a system image; and the first block of an answer that is a program. Each datagram stands for itself.
#include "fetched_body.hpp"
#include "sensor/ascii_text.hpp"
#include "sensor/byte_reader.hpp"
#include "sensor/dissectors.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace linnet {
namespace {

using namespace std::string_view_literals;

constexpr std::uint16_t read_request = 1, data = 3, tftp_port = 69;

std::uint16_t operation(Bytes payload) { return ByteReader{payload}.u16(); }

bool is_first_block(Bytes payload) {
    ByteReader in{payload};
    return in.u16() == data && in.u16() == 1 && in.u8() == 0x7f;
}

bool wants(const Packet& packet) {
    if (packet.proto != Proto::udp) return false;
    return (packet.dst_port.number == tftp_port && operation(packet.payload) == read_request) ||
           is_first_block(packet.payload);
}

std::string_view text_to_zero(ByteReader& in) {
    const auto rest = in.rest();
    const std::string_view text{reinterpret_cast<const char*>(rest.data()), rest.size()};
    const auto end = text.find('\0');
    if (end == std::string_view::npos) {
        in.fail();
        return {};
    }
    in.skip(end + 1);
    return text.substr(0, end);
}

/// Bots are offered by the name of the processor that they are for: "mirai.arm7", "bins/sora.mpsl".
std::optional<ObservationKind> kind_by_name(std::string_view name) {
    constexpr std::array processors{".arm"sv,     ".arm4"sv,   ".arm5"sv, ".arm6"sv,  ".arm7"sv, ".arm8"sv,   ".mips"sv,
                                    ".mpsl"sv,    ".mipsel"sv, ".x86"sv,  ".i586"sv,  ".i686"sv, ".sh4"sv,    ".ppc"sv,
                                    ".powerpc"sv, ".m68k"sv,   ".spc"sv,  ".sparc"sv, ".arc"sv,  ".aarch64"sv};
    const auto ends = [&](auto ending) { return ends_with_text(name, ending); };
    if (std::any_of(processors.begin(), processors.end(), ends)) return ObservationKind::executable;
    if (ends(".sh"sv)) return ObservationKind::script;
    if (has_firmware_name(name)) return ObservationKind::firmware;
    return std::nullopt;
}

/// A read request: operation, name, mode, each ended by a zero.
std::optional<Observation> read_name(ByteReader in) {
    const auto name = text_to_zero(in);
    const auto mode = text_to_zero(in);
    const bool known_mode = same_text(mode, "octet") || same_text(mode, "netascii");
    const auto kind = in.ok() && known_mode ? kind_by_name(name) : std::nullopt;
    if (!kind) return std::nullopt;
    Observation observation;
    observation.kind = *kind;
    observation.subject = name.starts_with('/') ? name.substr(1) : name;
    return observation;
}

void inspect(const Packet& packet, const SensorSignatures&, const Emit& emit) {
    const Endpoint sender{packet.src, packet.src_port, packet.src_mac},
        receiver{packet.dst, packet.dst_port, packet.dst_mac};
    ByteReader in{packet.payload};
    std::optional<Observation> found;
    if (in.u16() == read_request) {
        found = read_name(in);
        if (!found) return;
        found->client = sender;
        found->server = receiver;
        found->subject = plain_text(to_string(receiver.ip) + "/" + found->subject);
    } else {
        in.skip(2);
        const auto block = in.rest();
        if (!is_program({reinterpret_cast<const char*>(block.data()), block.size()})) return;
        found.emplace();
        found->kind = ObservationKind::executable;
        found->client = receiver;
        found->server = sender;
        found->subject = to_string(sender.ip);
    }
    found->at = packet.at;
    found->protocol = "tftp";
    emit(*std::move(found));
}

}  // namespace

const DatagramDissector tftp{"tftp", wants, inspect};

}  // namespace linnet
