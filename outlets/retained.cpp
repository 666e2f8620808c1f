#include "retained.hpp"

#include <utility>

namespace linnet {

void Retained::set(const std::string& topic, std::string payload, bool calm) {
    const auto [slot, is_new] = slots_.try_emplace(topic);
    if (!is_new && slot->second.payload == payload) return;
    slot->second.payload = std::move(payload);
    slot->second.due = true;
    if (!calm) slot->second.urgent = true;
}

std::vector<Publication> Retained::take(Timestamp now, std::size_t most) {
    std::vector<Publication> taken;
    for (auto it = slots_.begin(); it != slots_.end() && taken.size() < most;) {
        auto& slot = it->second;
        const bool waits = !slot.urgent && now >= slot.at && now - slot.at < calm_pause;
        if (!slot.due || waits) {
            ++it;
            continue;
        }
        taken.push_back({it->first, slot.payload});
        slot.due = slot.urgent = false;
        slot.at = now;
        it = slot.payload.empty() ? slots_.erase(it) : std::next(it);
    }
    return taken;
}

void Retained::republish() {
    for (auto& [topic, slot] : slots_) slot.due = slot.urgent = true;
}

std::vector<Publication> Retained::all() const {
    std::vector<Publication> all;
    for (const auto& [topic, slot] : slots_)
        if (!slot.payload.empty()) all.push_back({topic, slot.payload});
    return all;
}

}  // namespace linnet
