#include "replay.hpp"

#include "wire/event_json.hpp"

#include <istream>
#include <map>
#include <ostream>
#include <string>

namespace linnet {

void replay(std::istream& events, Core& core, std::ostream& alerts) {
    std::map<std::uint64_t, Alert> newest;
    std::string line, error;
    for (std::uint64_t number = 1; std::getline(events, line); ++number) {
        const auto event = parse_json_line(line, error);
        if (!event) throw ReplayError{"line " + std::to_string(number) + ": " + error};
        core.apply("replay", *event);
        for (auto& alert : core.take_changes().alerts) newest.insert_or_assign(alert.id, std::move(alert));
    }
    for (const auto& [id, alert] : newest) alerts << dump(to_eve(alert)) << '\n';
}

}  // namespace linnet
