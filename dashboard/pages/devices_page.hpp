// Who is in the house.
#pragma once

#include "dashboard/panes/device_pane.hpp"
#include "list_page.hpp"

namespace linnet {

class DevicesPage : public ListPage {
    Q_OBJECT

 public:
    explicit DevicesPage(Home& home, QWidget* parent = nullptr);
    /// Chooses the device.
    void show_device(const QString& key) override;

 protected:
    void show_row(int row) override;

 private:
    DevicesPage(Home& home, DevicePane* pane, QWidget* parent);
    DevicePane* pane_;
};

}  // namespace linnet
