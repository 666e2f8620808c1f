// Input: a pcapng file.
#include "sensor/capture_stream.hpp"
#include "sensor/pcapng_reader.hpp"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const linnet::CaptureStream stream{fmemopen(const_cast<std::uint8_t*>(data), size, "rb")};
    if (!stream) return 0;
    linnet::PcapngReader reader{stream.get()};
    linnet::RawPacket packet;
    unsigned total = 0;
    while (reader.next(packet) == linnet::SourceRead::packet) {
        for (const std::byte byte : packet.bytes) total += static_cast<unsigned>(byte);
        if (packet.bytes.size() > packet.wire_length || packet.at < linnet::Timestamp{}) std::abort();
    }
    return total == 0xffffffff ? 1 : 0;
}
