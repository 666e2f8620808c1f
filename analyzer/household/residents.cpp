#include "residents.hpp"

#include <algorithm>

namespace linnet {
namespace {

/// As keys of one map: a letter for the sort, then the value.
std::vector<std::string> marks_of(const Traits& traits) {
    std::vector<std::string> marks;
    for (const auto& id : traits.ids) marks.push_back("i" + id);
    for (const auto& name : traits.names) marks.push_back("n" + name);
    for (const auto& instance : traits.instances) marks.push_back("s" + instance);
    if (traits.dhcp != 0) marks.push_back("d" + std::to_string(traits.dhcp));
    return marks;
}

}  // namespace

Residents::Residents(std::size_t max_devices, OnGone on_gone)
    : max_devices_{max_devices},
      on_gone_{std::move(on_gone)},
      settled_{"devices", max_devices, [this](Resident&& resident) { gone(std::move(resident)); }},
      newcomers_{"newcomers", max_devices, [this](Resident&& resident) { gone(std::move(resident)); }},
      dossiers_{"dossiers", max_devices} {}

std::string Residents::row_of(const std::string& key) const {
    const auto alias = aliases_.find(key);
    return alias == aliases_.end() ? key : alias->second;
}

const Resident* Residents::find(std::string_view row) const {
    const Resident* known = settled_.find(row);
    return known != nullptr ? known : newcomers_.find(row);
}

Resident& Residents::touch(const std::string& row) {
    if (Resident* known = settled_.touch_existing(row)) return *known;
    Resident& resident = newcomers_.touch(row);
    while (size() > max_devices_) {
        if (newcomers_.size() > 1)
            newcomers_.evict_oldest();
        else
            settled_.evict_oldest();
    }
    return resident;
}

void Residents::settle_in(const std::string& row, Timestamp now) {
    if (newcomers_.find(row) == nullptr) return;
    if (settled_.size() >= max_devices_ - max_devices_ / 4) {
        const Resident* longest = settled_.oldest();
        if (longest == nullptr || now - longest->device.last_seen < absent) return;
        settled_.evict_oldest();
    }
    Resident resident = std::move(newcomers_.touch(row));
    newcomers_.erase(row);
    settled_.touch(row) = std::move(resident);
}

void Residents::erase(const std::string& row) {
    if (const Resident* resident = find(row))
        for (const auto& station : resident->stations) aliases_.erase(row_key_of(station.key));
    if (const Dossier* known = dossier(row)) remove_marks(known->traits, row);
    settled_.erase(row);
    newcomers_.erase(row);
    dossiers_.erase(row);
}

void Residents::gone(Resident&& resident) {
    const std::string row = row_key_of(resident.device.key);
    for (const auto& station : resident.stations) aliases_.erase(row_key_of(station.key));
    if (const Dossier* known = dossier(row)) remove_marks(known->traits, row);
    dossiers_.erase(row);
    on_gone_(resident);
}

std::vector<std::string> Residents::holders(const Traits& traits, const std::string& row) const {
    std::vector<std::string> rows;
    for (const auto& mark : marks_of(traits)) {
        const auto found = marks_.find(mark);
        if (found == marks_.end() || found->second.size() > max_holders) continue;
        for (const auto& other : found->second)
            if (other != row && std::find(rows.begin(), rows.end(), other) == rows.end()) rows.push_back(other);
    }
    return rows;
}

void Residents::note_marks(const Traits& traits, const std::string& row) {
    for (const auto& mark : marks_of(traits)) marks_[mark].insert(row);
}

void Residents::remove_marks(const Traits& traits, const std::string& row) {
    for (const auto& mark : marks_of(traits)) {
        const auto found = marks_.find(mark);
        if (found == marks_.end()) continue;
        found->second.erase(row);
        if (found->second.empty()) marks_.erase(found);
    }
}

bool Residents::index() {
    if (std::exchange(indexed_, true)) return false;
    for_each([this](const std::string& row, const Resident& resident) {
        for (const auto& station : resident.stations)
            if (const auto key = row_key_of(station.key); key != row) add_alias(key, row);
    });
    dossiers_.for_each_row([this](const std::string& row, const Dossier& known) { note_marks(known.traits, row); });
    return true;
}

}  // namespace linnet
