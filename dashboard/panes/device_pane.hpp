// One device: what is known about it, and its alerts.
#pragma once

#include "detail_pane.hpp"
#include "wire/alert.hpp"

#include <QListWidget>
#include <QPushButton>

namespace linnet {

class DevicePane : public DetailPane {
    Q_OBJECT

 public:
    static constexpr std::size_t most_alerts_listed = 6;

    explicit DevicePane(QWidget* parent = nullptr);
    /// `alerts`: all of this device, the most urgent first.
    void show_device(const Device& device, const std::vector<const Alert*>& alerts);

 signals:
    void alerts_wanted(const QString& device_key);

 private:
    void list(const std::vector<const Alert*>& alerts);

    QString shown_;
    PlainLabel* title_ = nullptr;
    PlainLabel* subtitle_ = nullptr;
    QListWidget* alerts_ = nullptr;
    PlainLabel* quiet_ = nullptr;
    QPushButton* all_alerts_ = nullptr;
    FactTable* facts_ = nullptr;
    QLabel* reasons_heading_ = nullptr;
    PlainLabel* reasons_ = nullptr;
};

}  // namespace linnet
