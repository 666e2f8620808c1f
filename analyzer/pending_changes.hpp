// What the core changed since the last commit: every alert and device once, in its newest form, in order of first change.
#pragma once

#include "core.hpp"

#include <unordered_map>
#include <unordered_set>

namespace linnet {

class PendingChanges {
 public:
    /// True where an alert came that is not among these yet and has an id above `newest`.
    bool merge(Changes&& from, std::uint64_t newest);
    [[nodiscard]] const Changes& all() const { return changes_; }
    [[nodiscard]] bool empty() const { return changes_.alerts.empty() && changes_.devices.empty() && changes_.gone.empty(); }
    void clear();

 private:
    void remove_device(std::size_t place);

    Changes changes_;
    std::unordered_map<std::uint64_t, std::size_t> alert_places_;
    std::unordered_map<std::string, std::size_t> device_places_;
    std::unordered_set<std::string> gone_;  ///< what changes_.gone has: asked for each device
};

}  // namespace linnet
