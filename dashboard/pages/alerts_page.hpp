// What Linnet found, and what to do about it.
#pragma once

#include "dashboard/panes/alert_pane.hpp"
#include "list_page.hpp"

namespace linnet {

class AlertsPage : public ListPage {
    Q_OBJECT

 public:
    explicit AlertsPage(Home& home, QWidget* parent = nullptr);
    /// Lists the alerts of this device only.
    void show_device(const QString& key) override;

 protected:
    void show_row(int row) override;

 private:
    AlertsPage(Home& home, AlertPane* pane, QWidget* parent);
    AlertPane* pane_;
};

}  // namespace linnet
