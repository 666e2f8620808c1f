// Residents: the table of devices. Who was heard for a while has settled in; before that it is a newcomer. At most
// max_devices are kept. Where there are more, the newcomer that was not heard for longest gives way, so that a flood of
// invented addresses pushes out its own and no known device. Newcomers settle in as long as the settled leave them a quarter
// of the table, or one of the settled has not been heard for a month: it gives way then.
//
// Beside the table: under which further addresses a device is known, and who shows the same marks (names, numbers). Both
// follow from the rows and are built anew after a restart.
#pragma once

#include "analyzer/household/resident.hpp"
#include "analyzer/state_table.hpp"

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace linnet {

class Residents {
 public:
    static constexpr std::chrono::seconds newcomer{60};  ///< heard again so long after the first time: no newcomer
    static constexpr std::chrono::hours absent{30 * 24};

    using OnGone = std::function<void(const Resident&)>;
    Residents(std::size_t max_devices, OnGone on_gone);

    /// The row that holds this row key, as its own or as a further address.
    [[nodiscard]] std::string row_of(const std::string& key) const;

    // By the row's own key.
    [[nodiscard]] const Resident* find(std::string_view row) const;
    [[nodiscard]] const Dossier* dossier(std::string_view row) const { return dossiers_.find(row); }
    Resident& touch(const std::string& row);  ///< a newcomer where it was absent
    Dossier& touch_dossier(const std::string& row) { return dossiers_.touch(row); }
    void erase(const std::string& row);  ///< no on_gone
    /// The row may move: references to it do not hold.
    void settle_in(const std::string& row, Timestamp now);
    [[nodiscard]] bool has_settled(std::string_view row) const { return settled_.find(row) != nullptr; }
    [[nodiscard]] std::size_t size() const { return settled_.size() + newcomers_.size(); }

    template <class Visit>
    void for_each(Visit visit) const {
        settled_.for_each_row(visit);
        newcomers_.for_each_row(visit);
    }

    // Further addresses, by their row keys.
    void add_alias(const std::string& key, const std::string& row) { aliases_[key] = row; }
    void remove_alias(const std::string& key) { aliases_.erase(key); }

    /// Who shows a mark of these traits, but for `row` itself; each once. What more than max_holders show tells nothing.
    [[nodiscard]] std::vector<std::string> holders(const Traits& traits, const std::string& row) const;
    /// Call with the traits before and after each change.
    void note_marks(const Traits& traits, const std::string& row);
    void remove_marks(const Traits& traits, const std::string& row);

    /// Before the first use behind a restore; false where that was done before.
    bool index();
    std::vector<StateTableBase*> tables() { return {&settled_, &newcomers_, &dossiers_}; }

 private:
    static constexpr std::size_t max_holders = 8;

    void gone(Resident&& resident);

    std::size_t max_devices_;
    OnGone on_gone_;
    StateTable<Resident> settled_, newcomers_;
    StateTable<Dossier> dossiers_;
    std::unordered_map<std::string, std::string> aliases_;
    std::unordered_map<std::string, std::set<std::string>> marks_;
    bool indexed_ = false;
};

}  // namespace linnet
