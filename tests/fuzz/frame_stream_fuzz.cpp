// A stream of frames in pieces: cut anywhere, it gives the same frames.
#include "wire/frame.hpp"

#include <algorithm>
#include <cstdlib>

using namespace linnet;

namespace {

std::vector<std::vector<std::byte>> frames_of(std::span<const std::byte> stream, std::size_t piece) {
    FrameReader reader;
    std::vector<std::vector<std::byte>> frames;
    while (!stream.empty()) {
        const auto size = std::min(piece, stream.size());
        reader.feed(stream.first(size));
        stream = stream.subspan(size);
        while (const auto frame = reader.next()) {
            if (frame->size() > max_event_size) std::abort();
            frames.emplace_back(frame->begin(), frame->end());
        }
    }
    return frames;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 1) return 0;
    const auto stream = std::as_bytes(std::span{data, size}).subspan(1);
    if (frames_of(stream, stream.size()) != frames_of(stream, std::size_t{1} + data[0])) std::abort();
    return 0;
}
