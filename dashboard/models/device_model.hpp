// Devices as a table, keyed by Device::key, with what the alerts say about each.
#pragma once

#include "keyed_table.hpp"
#include "wire/alert.hpp"

#include <map>
#include <string>

namespace linnet {

struct DeviceTraits {
    static const std::string& key(const Device& device) { return device.key; }
    static Timestamp last_seen(const Device& device) { return device.last_seen; }
};

/// How many alerts a device has, and the most urgent.
struct AlertTally {
    std::uint64_t alerts = 0;
    Severity worst = Severity::worth_knowing;
    QString name;  ///< as the newest alert has it: an alert can outlive the row of its device
    bool operator==(const AlertTally&) const = default;
};
using AlertTallies = std::map<std::string, AlertTally>;  ///< by device key
AlertTallies tally(const std::vector<Alert>& alerts);    ///< `alerts`: the oldest first

class DeviceModel : public KeyedTable<Device, DeviceTraits> {
 public:
    static constexpr std::size_t most_devices = 8'192;
    enum Column { name, maker, address, alerts, traffic, last_seen, columns };

    explicit DeviceModel(QObject* parent = nullptr) : KeyedTable{most_devices, parent} {}

    void set_tallies(AlertTallies tallies);
    const AlertTallies& tallies() const { return tallies_; }
    const AlertTally* tally_of(const std::string& key) const;  ///< null where a device has no alert

    int columnCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : columns; }
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
    QString text_of(const Device& device, int column) const;
    QVariant sort_value(const Device& device, int column) const;

    AlertTallies tallies_;
};

}  // namespace linnet
