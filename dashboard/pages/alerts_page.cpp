#include "alerts_page.hpp"

#include "dashboard/models/wording.hpp"

namespace linnet {
namespace {

ListPage::Words words() {
    return {.title = QStringLiteral("Alerts"),
            .search = QStringLiteral("Search what, who, addresses"),
            .one = QStringLiteral("alert"),
            .many = QStringLiteral("alerts"),
            .icon = QStringLiteral("quiet"),
            .none = QStringLiteral("Nothing to report"),
            .none_because =
                QStringLiteral("Linnet speaks up here when a device does something that is a danger to it or to others.")};
}

ListPage::Columns columns() {
    return {.sorted = AlertModel::severity,
            .stretched = AlertModel::title,
            .badge = AlertModel::severity,
            .samples = {QStringLiteral("Worth knowing"), QStringLiteral("Password sent without protection"),
                        QStringLiteral("Living room TV"), QStringLiteral("Times  "), QStringLiteral("Yesterday 00:00")}};
}

}  // namespace

AlertsPage::AlertsPage(Home& home, QWidget* parent) : AlertsPage{home, new AlertPane, parent} {}

AlertsPage::AlertsPage(Home& home, AlertPane* pane, QWidget* parent)
    : ListPage{home, home.alerts(), words(), columns(), pane, parent}, pane_{pane} {
    connect(pane_, &AlertPane::device_wanted, this,
            [this](const QString& key) { emit wanted(QStringLiteral("devices"), key); });
}

void AlertsPage::show_device(const QString& key) {
    const AlertTally* tally = home().devices().tally_of(key.toStdString());
    only_device(key, tally == nullptr ? key : tally->name);
}

void AlertsPage::show_row(int row) {
    const Alert& alert = home().alerts().row(row);
    const int device = home().devices().row_of(wording::device_key(alert.device));
    pane_->show_alert(alert, device < 0 ? std::vector<IpAddress>{} : home().devices().row(device).ips);
}

}  // namespace linnet
