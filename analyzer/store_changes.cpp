// Numbers of changes (AlertChanges), and since when Linnet learns.
#include "column.hpp"
#include "store.hpp"

#include <limits>

namespace linnet {

void Store::load_changes() {
    const auto number = [this](const char* sql) { return static_cast<std::uint64_t>(database_.integer(sql)); };
    // The newest alert may be deleted: its number is not given again.
    newest_change_ = number(
        "SELECT max(coalesce((SELECT max(change) FROM alerts), 0), "
        "coalesce((SELECT CAST(value AS INTEGER) FROM notes WHERE name = 'change'), 0))");
    forgets_ = number("SELECT CAST(value AS INTEGER) FROM notes WHERE name = 'forgets'");
    since_ = Timestamp{Duration{database_.integer("SELECT CAST(value AS INTEGER) FROM notes WHERE name = 'since'")}};
}

void Store::note_changes(bool alerts_changed) {
    if (alerts_changed) note("change", std::to_string(newest_change_));
    if (since_ != Timestamp{} || clock_ == Timestamp{}) return;
    since_ = clock_;
    note("since", std::to_string(column::of(since_)));
}

AlertChanges Store::changes(std::uint64_t after, std::size_t limit) {
    AlertChanges found{.series = noted("series"), .last = newest_change_, .forgets = forgets_, .alerts = {}};
    if (after > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return found;
    Statement rows{database_, "SELECT change, eve FROM alerts WHERE change > ?1 ORDER BY change LIMIT ?2"};
    rows.bind(column::of(after), column::of(limit));
    while (rows.step()) {
        auto eve = Json::parse(rows.text(1), nullptr, false);
        if (!eve.is_object()) continue;
        eve["linnet"]["change"] = rows.integer(0);
        found.alerts.push_back(std::move(eve));
    }
    return found;
}

}  // namespace linnet
