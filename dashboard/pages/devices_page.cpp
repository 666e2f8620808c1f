#include "devices_page.hpp"

#include "dashboard/models/wording.hpp"

#include <algorithm>

namespace linnet {
namespace {

ListPage::Words words() {
    return {
        .title = QStringLiteral("Devices"),
        .search = QStringLiteral("Search names, makers, addresses"),
        .one = QStringLiteral("device"),
        .many = QStringLiteral("devices"),
        .icon = QStringLiteral("devices"),
        .none = QStringLiteral("No devices yet"),
        .none_because = QStringLiteral("A device appears here as soon as it says something where the sensor can hear it. "
                                       "If this stays empty, look below whether a sensor is connected.")};
}

ListPage::Columns columns() {
    return {.sorted = DeviceModel::alerts,
            .stretched = DeviceModel::name,
            .badge = DeviceModel::alerts,
            .samples = {QStringLiteral("Living room TV"), QStringLiteral("Brightlens"), QStringLiteral("192.168.100.20"),
                        QStringLiteral("00 alerts"), QStringLiteral("000.0 MB"), QStringLiteral("Yesterday 00:00")}};
}

}  // namespace

DevicesPage::DevicesPage(Home& home, QWidget* parent) : DevicesPage{home, new DevicePane, parent} {}

DevicesPage::DevicesPage(Home& home, DevicePane* pane, QWidget* parent)
    : ListPage{home, home.devices(), words(), columns(), pane, parent}, pane_{pane} {
    connect(pane_, &DevicePane::alerts_wanted, this,
            [this](const QString& key) { emit wanted(QStringLiteral("alerts"), key); });
}

void DevicesPage::show_device(const QString& key) {
    only_device({}, {});
    if (const int row = home().devices().row_of(key.toStdString()); row >= 0) choose(row);
}

void DevicesPage::show_row(int row) {
    const Device& device = home().devices().row(row);
    std::vector<const Alert*> alerts;
    for (const Alert& alert : home().alerts().rows())
        if (wording::device_key(alert.device) == device.key) alerts.push_back(&alert);
    std::sort(alerts.begin(), alerts.end(), [](const Alert* a, const Alert* b) {
        return a->severity != b->severity ? a->severity < b->severity : a->id > b->id;
    });
    pane_->show_device(device, alerts);
}

}  // namespace linnet
