// A frame that should be one request to the analyzer's API.
#include "analyzer/api_request.hpp"

#include <cstdlib>

using namespace linnet;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto parsed = parse_api_request({reinterpret_cast<const char*>(data), size});
    if (const auto* request = std::get_if<ApiRequest>(&parsed)) {
        if (request->page.limit < 1 || request->page.limit > max_api_rows) std::abort();
        if (request->page.before && *request->page.before < 0) std::abort();
    }
    return 0;
}
