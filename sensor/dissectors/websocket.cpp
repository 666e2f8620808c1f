#include "websocket.hpp"

#include "sensor/byte_reader.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace linnet {
namespace {

constexpr std::uint8_t extension_bits = 0x70, opcode_bits = 0x0F, masked = 0x80;
constexpr std::uint8_t continuation = 0x0, binary = 0x2;

std::uint64_t payload_size(ByteReader& reader, std::uint8_t short_size) {
    if (short_size < 126) return short_size;
    return short_size == 126 ? reader.u16() : reader.u64();
}

}  // namespace

void read_websocket(std::string_view head, std::size_t begin, WipedText& out) {
    ByteReader reader{head.substr(std::min(begin, head.size()))};
    while (!reader.at_end()) {
        const std::uint8_t kind = reader.u8(), second = reader.u8();
        const std::uint64_t size = payload_size(reader, second & 0x7F);
        const auto mask = (second & masked) != 0 ? reader.array<4>() : std::array<std::uint8_t, 4>{};
        if (!reader.ok() || (kind & extension_bits) != 0) return;
        const auto payload = reader.text(static_cast<std::size_t>(std::min<std::uint64_t>(size, reader.remaining())));
        const std::uint8_t opcode = kind & opcode_bits;
        if (opcode != continuation && opcode != binary) continue;
        for (std::size_t i = 0; i < payload.size(); ++i)
            out.push_back(static_cast<char>(static_cast<std::uint8_t>(payload[i]) ^ mask[i % mask.size()]));
    }
}

}  // namespace linnet
