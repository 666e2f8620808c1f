// SNMP v1 and v2c (RFC 1157, RFC 1901): the community is a password without a user. Told of those who ask an agent or send a
// trap, also where an ICMP error quotes the datagram; version 3 (RFC 3412) has no community.
#include "ber.hpp"
#include "sensor/dissectors.hpp"
#include "sensor/sensor_signatures.hpp"

#include <array>

namespace linnet {
namespace {

constexpr std::size_t udp_header = 8, icmp_header = 8;

bool is_snmp(Port port) { return port.number == 161 || port.number == 162; }

bool is_quoted(const Packet& packet) { return packet.icmp.is_unreachable && packet.icmp.about_proto == Proto::udp; }

bool wants(const Packet& packet) {
    return is_quoted(packet) ? is_snmp(packet.icmp.about_dst_port) : packet.proto == Proto::udp && is_snmp(packet.dst_port);
}

/// The UDP payload that an ICMPv4 error quotes (RFC 792); empty where there is none.
Bytes quoted_payload(Bytes ip_packet) {
    ByteReader reader{ip_packet};
    const auto skip_ip_header = [&] {
        const std::uint8_t version_and_length = reader.u8();
        const std::size_t length = (version_and_length & 0x0FU) * 4U;
        if (version_and_length >> 4 != 4 || length == 0) reader.fail();
        reader.skip(length - 1);
    };
    skip_ip_header();
    reader.skip(icmp_header);
    skip_ip_header();
    reader.skip(udp_header);
    return reader.rest();
}

void inspect(const Packet& packet, const SensorSignatures& signatures, const Emit& emit) {
    ByteReader reader{is_quoted(packet) ? quoted_payload(packet.ip_packet) : packet.payload};
    ber_length(reader, ber::sequence);  // what a truncated capture lacks behind the community does not matter
    const std::uint32_t version = ber_number(reader, ber::integer);
    const auto community = ber_text(reader, ber::octet_string);
    const bool has_pdu = (reader.u8() & 0xE0) == 0xA0;  // context-specific, constructed
    if (!reader.ok() || version > 1 || !has_pdu) return;
    Login login{.at = packet.at,
                .client = {packet.src, packet.src_port, packet.src_mac},
                .server = {packet.dst, packet.dst_port, packet.dst_mac},
                .service = Service::snmp,
                .default_entry = signatures.defaults.match(Service::snmp, {}, community),
                .user = {}};
    if (is_quoted(packet)) {
        login.client = {packet.icmp.about_src, packet.icmp.about_src_port, {}};
        login.server = {packet.icmp.about_dst, packet.icmp.about_dst_port, {}};
    }
    emit(std::move(login));
}

constexpr std::array<std::uint16_t, 2> ports{161, 162};

}  // namespace

const DatagramDissector snmp{"snmp", wants, inspect, ports};

}  // namespace linnet
