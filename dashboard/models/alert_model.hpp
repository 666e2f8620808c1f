// Alerts as a table, keyed by their id.
#pragma once

#include "keyed_table.hpp"
#include "wire/alert.hpp"

namespace linnet {

struct AlertTraits {
    static std::uint64_t key(const Alert& alert) { return alert.id; }
    static Timestamp last_seen(const Alert& alert) { return alert.last_seen; }
};

class AlertModel : public KeyedTable<Alert, AlertTraits> {
 public:
    static constexpr std::size_t most_alerts = 20'000;
    enum Column { severity, title, device, count, last_seen, columns };

    explicit AlertModel(QObject* parent = nullptr) : KeyedTable{most_alerts, parent} {}

    int columnCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : columns; }
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
};

}  // namespace linnet
