// The answer at the top of the window.
#pragma once

#include "card.hpp"
#include "dashboard/models/verdict.hpp"
#include "plain_label.hpp"

#include <QPushButton>

namespace linnet {

class VerdictBanner : public Card {
    Q_OBJECT

 public:
    explicit VerdictBanner(QWidget* parent = nullptr);
    void show_verdict(const Verdict& verdict);

 signals:
    void alerts_wanted();

 private:
    QLabel* icon_ = nullptr;
    ElidedLabel* sentence_ = nullptr;
    ElidedLabel* reach_ = nullptr;
    QPushButton* alerts_ = nullptr;
    Verdict shown_;
};

}  // namespace linnet
