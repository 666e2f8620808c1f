#include "api_mud.hpp"

#include "profiles.hpp"

#include <algorithm>

namespace linnet {
namespace {

Json summary(const Device& device, const Profiles& profiles) {
    Json entry{{"key", device.key}, {"name", device.name}};
    if (!device.mud_url.empty()) entry["mud_url"] = device.mud_url;
    const Profile* profile = profiles.find(device.mac);
    if (profile != nullptr) {
        const bool learned = profiles.is_learned(*profile, device.last_seen);
        entry["profile"] = {{"state", profile->general ? "general"
                                      : learned        ? "learned"
                                                       : "learning"},
                            {"since", to_string(profile->since)},
                            {"days", profile->days},
                            {"habits", profile->habits.size()}};
    }
    if (const MudFile* file = profiles.imported(device.mac))
        entry["imported"] = {{"mud_url", file->url},
                             {"systeminfo", file->system_info},
                             {"last_update", file->last_update},
                             {"rules", file->rules.size()}};
    return entry;
}

MudAnswer list(const Core& core) {
    Json all = Json::array();
    for (const auto& device : core.devices())
        if (device.mac.known()) all.push_back(summary(device, core.profiles()));
    return {.result = std::move(all)};
}

MudAnswer export_file(const Device& device, const Profiles& profiles) {
    const Profile* profile = profiles.find(device.mac);
    if (profile == nullptr) return {.error = "Linnet has not seen this device do anything yet that it could describe."};
    if (profile->general)
        return {.error = "This device speaks with so many others that a description would allow everything."};
    return {.result = to_mud_file(*profile, device.mac, device.mud_url)};
}

}  // namespace

bool is_about_mud(const ApiRequest& request) {
    switch (request.question) {
        case ApiQuestion::mud:
        case ApiQuestion::mud_export:
        case ApiQuestion::mud_import:
        case ApiQuestion::mud_remove: return true;
        default: return false;
    }
}

MudAnswer answer_about_mud(const ApiRequest& request, Core& core) {
    if (request.question == ApiQuestion::mud) return list(core);
    const auto devices = core.devices();
    const auto device = std::find_if(devices.begin(), devices.end(),
                                     [&request](const Device& each) { return each.key == request.page.device; });
    if (device == devices.end()) return {.error = "There is no such device."};
    if (!device->mac.known())
        return {.error = "This device is known by its address alone, which may be another's tomorrow."};
    if (request.question == ApiQuestion::mud_export) return export_file(*device, core.profiles());
    if (request.question == ApiQuestion::mud_remove) {
        if (!core.profiles().remove_mud(device->mac)) return {.error = "No MUD file was imported for this device."};
    } else if (auto wrong = core.profiles().import_mud(device->mac, request.file); !wrong.empty()) {
        return {.error = std::move(wrong)};
    }
    return {.result = summary(*device, core.profiles()), .changed = true};
}

}  // namespace linnet
