#include "pending_changes.hpp"

#include <utility>

namespace linnet {
namespace {

/// Puts `item` where its key is, or at the end; true where the key is new.
template <class Places, class Item>
bool put(Places& places, std::vector<Item>& items, const typename Places::key_type& key, Item item) {
    const auto [place, is_new] = places.try_emplace(key, items.size());
    if (is_new)
        items.push_back(std::move(item));
    else
        items[place->second] = std::move(item);
    return is_new;
}

}  // namespace

bool PendingChanges::merge(Changes&& from, std::uint64_t newest) {
    bool raised = false;
    for (auto& alert : from.alerts) {
        const auto id = alert.id;
        if (put(alert_places_, changes_.alerts, id, std::move(alert)) && id > newest) raised = true;
    }
    for (auto& key : from.gone) {
        if (const auto place = device_places_.find(key); place != device_places_.end()) {
            remove_device(place->second);
            device_places_.erase(key);
        }
        gone_.insert(key);
        changes_.gone.push_back(std::move(key));
    }
    for (auto& device : from.devices) {
        const auto key = device.key;
        if (gone_.erase(key) > 0) std::erase(changes_.gone, key);  // it is here again
        put(device_places_, changes_.devices, key, std::move(device));
    }
    from.clear();
    return raised;
}

/// Those behind it move up.
void PendingChanges::remove_device(std::size_t place) {
    auto& devices = changes_.devices;
    devices.erase(devices.begin() + static_cast<std::ptrdiff_t>(place));
    for (auto& [key, other] : device_places_)
        if (other > place) --other;
}

void PendingChanges::clear() {
    changes_.clear();
    alert_places_.clear();
    device_places_.clear();
    gone_.clear();
}

}  // namespace linnet
