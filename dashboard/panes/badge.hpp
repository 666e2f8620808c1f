// Severity as icon, word and colour together.
#pragma once

#include "wire/alert.hpp"

#include <QStyledItemDelegate>
#include <QWidget>

namespace linnet {

/// Draws the cells of a column whose role::severity is 1, 2 or 3 as icon and text in its colour.
class BadgeDelegate : public QStyledItemDelegate {
    Q_OBJECT

 public:
    using QStyledItemDelegate::QStyledItemDelegate;

 protected:
    void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override;
};

/// The same as a widget, on its tint.
class Badge : public QWidget {
    Q_OBJECT

 public:
    explicit Badge(QWidget* parent = nullptr);
    void set_severity(Severity severity);
    QSize sizeHint() const override;

 protected:
    void paintEvent(QPaintEvent* event) override;

 private:
    Severity severity_ = Severity::worth_knowing;
};

}  // namespace linnet
