// Bytes that should be one message of the link, with the frames in it.
#include "wire/frame.hpp"
#include "wire/link.hpp"

#include <cstdlib>

using namespace linnet;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const auto message = link::decode(std::as_bytes(std::span{bytes, size}));
    if (!message) return 0;
    if (const auto* hello = std::get_if<link::Hello>(&*message); hello != nullptr && !link::is_sensor_name(hello->sensor))
        std::abort();
    if (!link::decode(link::encode(*message))) std::abort();
    if (const auto* data = std::get_if<link::Data>(&*message)) {
        FrameReader reader;
        reader.feed(data->frames);
        while (const auto frame = reader.next()) decode_event(*frame);
    }
    return 0;
}
