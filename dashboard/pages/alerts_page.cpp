#include "alerts_page.hpp"

namespace linnet {
namespace {

ListPage::Words words() {
    return {.title = QStringLiteral("Alerts"),
            .search = QStringLiteral("Search what, who, addresses"),
            .one = QStringLiteral("alert"),
            .many = QStringLiteral("alerts"),
            .icon = QStringLiteral("quiet"),
            .none = QStringLiteral("Nothing to report"),
            .none_because = QStringLiteral("Linnet speaks up here when a device does something that is a danger to it or to others.")};
}

ListPage::Layout layout() {
    return {.sort_column = AlertModel::severity,
            .stretched_column = AlertModel::title,
            .badge_column = AlertModel::severity,
            .widths = {20, 30, 20, 9, 18}};
}

}  // namespace

AlertsPage::AlertsPage(Home& home, QWidget* parent) : AlertsPage{home, new AlertPane, parent} {}

AlertsPage::AlertsPage(Home& home, AlertPane* pane, QWidget* parent)
    : ListPage{home, home.alerts(), words(), layout(), pane, parent}, pane_{pane} {
    connect(pane_, &AlertPane::device_wanted, this, [this](const QString& key) { emit wanted(QStringLiteral("devices"), key); });
}

void AlertsPage::show_device(const QString& key) {
    const AlertTally* tally = home().devices().tally_of(key.toStdString());
    only_device(key, tally == nullptr ? key : tally->name);
}

void AlertsPage::show_row(int row) { pane_->show_alert(home().alerts().row(row)); }

}  // namespace linnet
