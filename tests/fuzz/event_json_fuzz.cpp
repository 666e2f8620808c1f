// A line that should be one event as JSON: what is read is within the limits and is written as it was read.
#include "wire/event_json.hpp"
#include "wire/event_limits.hpp"

#include <cstdlib>

using namespace linnet;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string error;
    const auto event = parse_json_line({reinterpret_cast<const char*>(data), size}, error);
    if (event.has_value() != error.empty()) std::abort();
    if (!event) return 0;
    if (!broken_limit(*event).empty()) std::abort();
    std::string line;
    append_json_line(*event, line);
    if (parse_json_line(line, error) != event) std::abort();
    return 0;
}
