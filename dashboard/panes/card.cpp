#include "card.hpp"

#include "dashboard/look/theme.hpp"

#include <QApplication>
#include <QPainter>

namespace linnet {

Card::Card(QWidget* parent) : QFrame{parent} { setFrameShape(QFrame::NoFrame); }

void Card::set_tint(const QColor& colour) {
    if (colour == tint_) return;
    tint_ = colour;
    update();
}

void Card::show_focus() {
    connect(qApp, &QApplication::focusChanged, this, [this](QWidget*, QWidget* now) {
        const bool inside = now != nullptr && isAncestorOf(now);
        if (inside == has_focus_) return;
        has_focus_ = inside;
        update();
    });
}

void Card::paintEvent(QPaintEvent*) {
    const theme::Colours colours = theme::colours();
    QPainter painter{this};
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(tint_.isValid() ? theme::tint(tint_) : colours.card);
    QColor edge = tint_.isValid() ? tint_ : colours.border;
    if (tint_.isValid()) edge.setAlphaF(0.35F);
    painter.setPen(QPen{has_focus_ ? colours.accent : edge, 1});
    painter.drawRoundedRect(QRectF{rect()}.adjusted(0.5, 0.5, -0.5, -0.5), theme::radius, theme::radius);
}

}  // namespace linnet
