#include "device_table.hpp"

#include "local_time.hpp"
#include "table.hpp"

#include <fmt/format.h>

namespace linnet {
namespace {

std::string addresses_of(const Device& device) {
    std::string text;
    for (const IpAddress& ip : device.ips) text += (text.empty() ? "" : " ") + to_string(ip);
    return text;
}

}  // namespace

std::string device_table(const std::vector<Device>& devices, const Terminal& terminal) {
    Table table{{{"NAME", Align::left, 40}, {"KIND"}, {"MAKER"}, {"MODEL"}, {"ADDRESSES"}, {"LAST SEEN"}}};
    for (const Device& device : devices)
        table.add(
            {device.name, device.kind, device.maker, device.model, addresses_of(device), local_time(device.last_seen)});
    return table.render(terminal.interactive ? terminal.columns : 0);
}

}  // namespace linnet
