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
    Badge* badge_ = nullptr;
    PlainLabel* confidence_ = nullptr;
    PlainLabel* title_ = nullptr;
    PlainLabel* happened_ = nullptr;
    PlainLabel* meaning_ = nullptr;
    PlainLabel* advice_ = nullptr;
    FactTable* facts_ = nullptr;
    QWidget* evidence_header_ = nullptr;
    FactTable* evidence_ = nullptr;
    QPushButton* device_ = nullptr;
};

}  // namespace linnet
