// Doors in the router, by NAT-PMP (RFC 6886, section 3.3) and PCP MAP (RFC 6887, section 11): told of the router's answer,
// which repeats what was asked for. In NAT-PMP the inner address is the client's own; PCP may name another's (THIRD_PARTY,
// section 13.1).
#include "sensor/byte_reader.hpp"
#include "sensor/dissectors.hpp"

#include <optional>
#include <utility>

namespace linnet {
namespace {

constexpr std::uint16_t server_port = 5351;
constexpr std::uint8_t nat_pmp = 0, pcp = 2;

bool wants(const Packet& packet) { return packet.proto == Proto::udp && packet.src_port.number == server_port; }

Outcome outcome_of(unsigned result_code) { return result_code == 0 ? Outcome::success : Outcome::failure; }

/// A refusal does not say whether a door was to be opened or closed: it counts as the attempt to open one.
MappingAction action_of(Outcome outcome, std::uint32_t lifetime) {
    return outcome == Outcome::success && lifetime == 0 ? MappingAction::remove : MappingAction::add;
}

std::optional<PortMapping> read_nat_pmp(ByteReader reader) {
    constexpr std::uint8_t udp_answer = 129, tcp_answer = 130;
    PortMapping mapping;
    mapping.protocol = MappingProtocol::nat_pmp;
    const std::uint8_t operation = reader.u8();
    mapping.outcome = outcome_of(reader.u16());
    reader.skip(4);  // age of the table
    mapping.internal_port = {reader.u16()};
    mapping.external_port = {reader.u16()};
    mapping.lifetime = reader.u32();
    mapping.action = action_of(mapping.outcome, mapping.lifetime);
    mapping.proto = operation == tcp_answer ? Proto::tcp : Proto::udp;
    if (!reader.ok() || (operation != udp_answer && operation != tcp_answer)) return std::nullopt;
    return mapping;
}

/// The address in the option THIRD_PARTY, where it is there.
IpAddress third_party(ByteReader options) {
    constexpr std::uint8_t code = 1;
    while (!options.at_end()) {
        const bool found = options.u8() == code;
        options.skip(1);
        const std::uint16_t length = options.u16();
        if (found && length == 16) return IpAddress{options.array<16>()};
        options.skip((length + 3U) / 4U * 4U);
    }
    return {};
}

std::optional<PortMapping> read_pcp(ByteReader reader) {
    constexpr std::uint8_t map_answer = 0x81;
    PortMapping mapping;
    mapping.protocol = MappingProtocol::pcp;
    const std::uint8_t operation = reader.u8();
    reader.skip(1);
    mapping.outcome = outcome_of(reader.u8());
    mapping.lifetime = reader.u32();
    reader.skip(16);  // age of the table, reserved
    reader.skip(12);  // nonce
    mapping.proto = Proto{reader.u8()};
    reader.skip(3);
    mapping.internal_port = {reader.u16()};
    mapping.external_port = {reader.u16()};
    reader.skip(16);  // external address
    mapping.action = action_of(mapping.outcome, mapping.lifetime);
    if (mapping.outcome == Outcome::failure) mapping.lifetime = 0;  // it is that of the error
    if (!reader.ok() || operation != map_answer) return std::nullopt;
    mapping.internal_ip = third_party(reader);
    return mapping;
}

void inspect(const Packet& packet, const SensorSignatures&, const Emit& emit) {
    ByteReader reader{packet.payload};
    const std::uint8_t version = reader.u8();
    std::optional<PortMapping> mapping;
    if (version == nat_pmp) mapping = read_nat_pmp(reader);
    if (version == pcp) mapping = read_pcp(reader);
    if (!mapping) return;
    mapping->at = packet.at;
    mapping->client = {packet.dst, packet.dst_port, packet.dst_mac};
    mapping->router = {packet.src, packet.src_port, packet.src_mac};
    if (!mapping->internal_ip.known()) mapping->internal_ip = packet.dst;
    emit(*std::move(mapping));
}

constexpr std::array ports{server_port};

}  // namespace

const DatagramDissector port_mapping{"port-mapping", wants, inspect, ports};

}  // namespace linnet
