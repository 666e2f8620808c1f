// Bytes that should be one event: what is read is within the limits, and encoding and both text forms keep it as it is.
#include "wire/event_json.hpp"
#include "wire/event_limits.hpp"
#include "wire/frame.hpp"

#include <cstdlib>

using namespace linnet;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto event = decode_event(std::as_bytes(std::span{data, size}));
    if (!event) return 0;
    if (!broken_limit(*event).empty()) std::abort();
    std::vector<std::byte> frame;
    EventEncoder{}.append_frame(*event, frame);
    if (decode_event(std::span{frame}.subspan(4)) != event) std::abort();
    std::string line, error;
    append_json_line(*event, line);
    if (parse_json_line(line, error) != event) std::abort();
    return 0;
}
