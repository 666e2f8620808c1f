// Any conversation, for every stream dissector. The input is a port and then parts: a byte that gives the side (its highest
// bit) and the length (the other bits), and so many bytes. Besides memory errors, this finds findings that change with what
// arrives later.
#include "tests/sensor/dissectors/dialogue.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <iterator>

using namespace linnet;
using namespace linnet::test;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::uint16_t ports[] = {23,  21,   80,   110,  143,  25,   1883,  6667,  6379, 389,  1080, 8080, 513,   514,
                                       119, 5060, 5222, 3306, 5432, 5900, 11211, 27017, 5555, 1935, 6668, 9999, 55443, 502};
    if (size < 2) return 0;
    Dialogue dialogue{ports[data[0] % std::size(ports)], data[0] >= 128 ? "http" : ""};
    for (std::size_t at = 1; at < size;) {
        const bool from_client = data[at] >= 128;
        const std::size_t length = std::min<std::size_t>(data[at] & 0x7F, size - at - 1);
        const std::string_view text{reinterpret_cast<const char*>(data) + at + 1, length};
        from_client ? dialogue.client(text) : dialogue.server(text);
        at += 1 + length;
    }
    for (const auto& dissector : stream_dissectors()) {
        const Notes whole = dialogue.read(dissector);
        for (std::size_t cut = 1; cut <= 4; ++cut) {
            const auto part = dialogue.read(dissector, dialogue.size() * cut / 4, Dialogue::End::open);
            if (!is_beginning_of(part, whole)) std::abort();
        }
    }
    return 0;
}
