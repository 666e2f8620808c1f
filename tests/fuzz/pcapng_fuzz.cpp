// Input: a pcapng file.
#include "sensor/pcapng_reader.hpp"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    std::FILE* const stream = fmemopen(const_cast<std::uint8_t*>(data), size, "rb");
    if (stream == nullptr) return 0;
    {
        linnet::PcapngReader reader{stream};
        linnet::RawPacket packet;
        unsigned total = 0;
        while (reader.next(packet) == linnet::SourceRead::packet) {
            for (const std::byte byte : packet.bytes) total += static_cast<unsigned>(byte);
            if (packet.bytes.size() > packet.wire_length || packet.at < linnet::Timestamp{}) std::abort();
        }
        if (total == 0xffffffff) std::abort();
    }
    std::fclose(stream);
    return 0;
}
