// One alert: what happened, what it means, what to do now, and what Linnet saw.
#pragma once

#include "badge.hpp"
#include "detail_pane.hpp"
#include "wire/alert.hpp"

#include <QPushButton>

namespace linnet {

class AlertPane : public DetailPane {
    Q_OBJECT

 public:
    explicit AlertPane(QWidget* parent = nullptr);
    /// `device_ips`: the addresses of the alert's device, as far as they are known.
    void show_alert(const Alert& alert, const std::vector<IpAddress>& device_ips);

 signals:
    void device_wanted(const QString& key);

 private:
    std::uint64_t shown_ = 0;
    QString device_key_;
    Badge* badge_;
    PlainLabel* confidence_;
    PlainLabel* title_;
    PlainLabel* happened_;
    PlainLabel* meaning_;
    PlainLabel* advice_;
    FactTable* facts_;
    QWidget* evidence_header_;
    FactTable* evidence_;
    QPushButton* device_;
};

}  // namespace linnet
