// Input: one byte chooses the link type; then packets, each behind its length in two bytes, so that fragments meet.
#include "sensor/byte_reader.hpp"
#include "sensor/decode.hpp"

#include <pcap/dlt.h>

#include <algorithm>
#include <array>
#include <cstdlib>

namespace {

constexpr std::array link_types = {DLT_EN10MB, DLT_LINUX_SLL,  DLT_LINUX_SLL2, DLT_RAW,    DLT_IPV4, DLT_IPV6,
                                   DLT_PPP,    DLT_PPP_SERIAL, DLT_PPP_ETHER,  DLT_C_HDLC, DLT_NULL, DLT_LOOP};

/// Reads every byte that a packet shows, so that the sanitizer does.
unsigned sum(linnet::Bytes bytes) {
    unsigned total = 0;
    for (const std::byte byte : bytes) total += static_cast<unsigned>(byte);
    return total;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    linnet::ByteReader in{std::as_bytes(std::span{data, size})};
    const int link_type = link_types[in.u8() % link_types.size()];
    linnet::Decoder decoder{linnet::DecoderLimits{.max_fragmented = 4, .max_fragment_bytes = 4096}};
    linnet::Packet packet;
    std::int64_t time = 0;
    unsigned total = 0;
    while (in.ok() && !in.at_end()) {
        const std::uint16_t length = in.u16();
        const bool cut = (length & 0x8000) != 0;
        const auto bytes = in.bytes(std::min<std::size_t>(length & 0x7fff, in.remaining()));
        const auto wire_length = static_cast<std::uint32_t>(bytes.size() + (cut ? 1000 : 0));
        time += length;
        const auto result = decoder.decode({.at = linnet::Timestamp{linnet::Duration{time}},
                                            .link_type = link_type,
                                            .wire_length = wire_length,
                                            .bytes = bytes},
                                           packet);
        if (result != linnet::Decoded::packet || packet.kind != linnet::PacketKind::ip) continue;
        if (packet.payload.size() > packet.ip_packet.size()) std::abort();
        total += sum(packet.ip_packet) + sum(packet.payload);
        if (packet.proto == linnet::Proto::tcp) total += sum(packet.tcp.options);
    }
    return total == 0xffffffff ? 1 : 0;
}
