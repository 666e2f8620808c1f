#include "api_devices.hpp"

#include "attention.hpp"
#include "household.hpp"

namespace linnet {
namespace {

std::string decide(const ApiRequest& request, Household& household, Timestamp now) {
    const auto& key = request.page.device;
    switch (request.question) {
        case ApiQuestion::device_name: return household.name_device(key, {request.name, request.kind, request.model}, now);
        case ApiQuestion::device_merge: return household.merge_devices(key, request.other, now);
        case ApiQuestion::device_split: return household.split_device(key, request.other, now);
        case ApiQuestion::device_undo: return household.undo(key, now);
        case ApiQuestion::device_trust: return household.trust_device(key, request.trusted.value_or(true), now);
        default: return {};
    }
}

/// That it is new was seen with this.
void greet(const Device& device, Core& core, Timestamp now) {
    const auto is_its_arrival = [&](const Alert& alert) {
        const DeviceRef at_present = core.household().now(alert.device);
        return alert.detector == "new-device" && at_present.mac == device.mac && device.mac.known();
    };
    for (const auto& alert : core.alerts())
        if (is_its_arrival(alert)) core.attention().acknowledge(alert, now);
    core.retell(is_its_arrival);
}

}  // namespace

bool is_about_a_device(const ApiRequest& request) {
    switch (request.question) {
        case ApiQuestion::device:
        case ApiQuestion::device_name:
        case ApiQuestion::device_merge:
        case ApiQuestion::device_split:
        case ApiQuestion::device_undo:
        case ApiQuestion::device_trust: return true;
        default: return false;
    }
}

void bring_up_to_date(Json& alert, const Household& household) {
    const auto part = alert.find("linnet");
    if (part == alert.end() || !part->is_object() || !part->contains("device") || !part->at("device").is_object()) return;
    Json& device = part->at("device");
    DeviceRef then;
    then.mac = MacAddress::parse(device.value("mac", "")).value_or(MacAddress{});
    then.ip = IpAddress::parse(device.value("ip", "")).value_or(IpAddress{});
    const DeviceRef now = household.now(then);
    if (now.mac == then.mac && now.ip == then.ip) return;
    device.erase("mac");
    device.erase("ip");
    if (now.mac.known())
        device["mac"] = to_string(now.mac);
    else
        device["ip"] = to_string(now.ip);
    device["name"] = now.name;
}

DeviceAnswer answer_about_a_device(const ApiRequest& request, Core& core, Timestamp now) {
    if (auto wrong = decide(request, core.household(), now); !wrong.empty()) return {.error = std::move(wrong)};
    const auto device = core.household().device(request.page.device);
    if (!device) return {.error = "There is no such device."};
    if (device->given.trusted && request.question == ApiQuestion::device_trust) greet(*device, core, now);
    return {.result = to_eve(*device), .changed = request.question != ApiQuestion::device};
}

}  // namespace linnet
