// A MUD file from a stranger: refused with a sentence, or rules that answer any question.
#include "analyzer/mud_file.hpp"

#include <array>
#include <cstdint>
#include <cstdlib>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace linnet;
    const auto parsed = parse_mud_file({reinterpret_cast<const char*>(data), size});
    if (const auto* wrong = std::get_if<std::string>(&parsed)) {
        if (wrong->empty()) std::abort();
        return 0;
    }
    const auto& file = std::get<MudFile>(parsed);
    if (file.rules.size() > MudFile::max_rules) std::abort();
    const std::array<std::string, 1> names{"cloud.example.com"};
    for (const bool began : {false, true})
        for (const bool inside : {false, true}) {
            MudConversation conversation{.device_began = began, .peer = IpAddress::v4(0xcb007109), .peer_names = names};
            conversation.peer_at_home = inside;
            conversation.server_port = {443};
            static_cast<void>(file.allows(conversation));
        }
    return 0;
}
