#include "device_choice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <functional>
#include <stdexcept>

namespace linnet {
namespace {

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(c < 0x80 ? std::tolower(c) : c); });
    return text;
}

bool has_address(const Device& device, const std::string& wanted) {
    if (const auto mac = MacAddress::parse(wanted))
        return std::find(device.macs.begin(), device.macs.end(), *mac) != device.macs.end();
    const auto ip = IpAddress::parse(wanted);
    return ip && std::find(device.ips.begin(), device.ips.end(), *ip) != device.ips.end();
}

std::vector<const Device*> matching(const std::vector<Device>& devices, const std::function<bool(const Device&)>& fits) {
    std::vector<const Device*> found;
    for (const Device& device : devices)
        if (fits(device)) found.push_back(&device);
    return found;
}

[[noreturn]] void refuse(const std::vector<const Device*>& candidates, const std::string& wanted) {
    constexpr std::size_t most = 8;
    std::string list;
    for (std::size_t i = 0; i < candidates.size() && i < most; ++i)
        list += fmt::format("{}{} ({})", i == 0 ? "" : ", ", candidates[i]->name, candidates[i]->key);
    if (candidates.size() > most) list += fmt::format(" and {} more", candidates.size() - most);
    throw std::runtime_error(fmt::format("{} fits several devices: {}. Name one by its MAC or address.", wanted, list));
}

}  // namespace

Device chosen_device(const std::vector<Device>& devices, const std::string& wanted) {
    const std::string small = lower(wanted);
    for (const Device& device : devices)
        if (lower(device.key) == small) return device;
    auto found = matching(devices, [&](const Device& device) { return has_address(device, wanted); });
    if (found.empty()) found = matching(devices, [&](const Device& device) { return lower(device.name) == small; });
    if (found.empty())
        found = matching(devices, [&](const Device& device) { return lower(device.name).find(small) != std::string::npos; });
    if (found.empty() || wanted.empty())
        throw std::runtime_error("No device is called " + wanted + "; `linnet devices` lists them.");
    if (found.size() > 1) refuse(found, wanted);
    return *found.front();
}

Device chosen_device(AnalyzerConnection& analyzer, const std::string& wanted) {
    std::vector<Device> devices;
    for (const Json& eve : analyzer.ask("devices")) devices.push_back(device_from_eve(eve));
    return chosen_device(devices, wanted);
}

}  // namespace linnet
