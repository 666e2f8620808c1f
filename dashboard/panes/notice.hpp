// What stands where there is nothing to show: an icon, what is the case, and what to do.
#pragma once

#include "plain_label.hpp"

namespace linnet {

class Notice : public QWidget {
    Q_OBJECT

 public:
    explicit Notice(QWidget* parent = nullptr);
    void say(const QString& icon, const QString& headline, const QString& what_to_do);

 private:
    QLabel* icon_ = nullptr;
    PlainLabel* headline_ = nullptr;
    PlainLabel* what_to_do_ = nullptr;
    QString icon_name_;
};

}  // namespace linnet
