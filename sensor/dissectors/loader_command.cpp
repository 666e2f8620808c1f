// Telnet: what loaders type once a password has opened the shell (exploits.toml), each kind of line once.
//
// Where no entry fits, one habit gives them away: Mirai and its descendants ask busybox for an applet that does not exist, a
// word in capitals that changes with the family ("/bin/busybox ECCHI"), to see whether a shell answers. The applets that do
// exist are written in small letters.
#include "sensor/ascii_text.hpp"
#include "sensor/dissectors.hpp"
#include "sensor/sensor_signatures.hpp"
#include "telnet_stream.hpp"

#include <algorithm>
#include <set>

namespace linnet {
namespace {

bool wants(const Conversation& c) {
    return c.server.port.number == 23 || c.server.port.number == 2323 || c.app_proto == "telnet" ||
           starts_negotiation(c.server_head) || starts_negotiation(c.client_head);
}

bool asks_for_no_applet(std::string_view line) {
    constexpr std::string_view command = "/bin/busybox ";
    constexpr std::size_t shortest = 4, longest = 16;
    for (auto at = line.find(command); at != std::string_view::npos; at = line.find(command, at + 1)) {
        const auto rest = line.substr(at + command.size());
        const auto word = rest.substr(0, rest.find_first_of(" ;|&"));
        const auto is_capital = [](char c) { return c >= 'A' && c <= 'Z'; };
        if (word.size() >= shortest && word.size() <= longest && std::all_of(word.begin(), word.end(), is_capital))
            return true;
    }
    return false;
}

void inspect(const Conversation& c, Findings& findings) {
    const TelnetStream client{c.client_head};
    std::set<std::uint16_t> told;
    auto typed = client.text();
    for (auto end = typed.find_first_of("\r\n"); end != std::string_view::npos; end = typed.find_first_of("\r\n")) {
        const auto line = typed.substr(0, end);
        typed.remove_prefix(end + 1);
        const auto* pattern = findings.signatures().patterns.match(PatternPlace::telnet, line);
        if (pattern == nullptr && !asks_for_no_applet(line)) continue;
        Observation observation;
        observation.kind = ObservationKind::loader_command;
        observation.entry = pattern == nullptr ? 0 : pattern->number;
        observation.protocol = "telnet";
        observation.subject = pattern == nullptr ? "Loader's question to busybox" : pattern->label;
        if (told.insert(observation.entry).second) findings.tell(std::move(observation));
    }
}

}  // namespace

const StreamDissector loader_command{"loader-command", wants, inspect};

}  // namespace linnet
