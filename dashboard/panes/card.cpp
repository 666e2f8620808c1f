#include "card.hpp"

#include "dashboard/look/theme.hpp"

#include <QPainter>

namespace linnet {

Card::Card(QWidget* parent) : QFrame{parent} { setFrameShape(QFrame::NoFrame); }

void Card::set_tint(const QColor& colour) {
    if (colour == tint_) return;
    tint_ = colour;
    update();
}

void Card::paintEvent(QPaintEvent*) {
    const theme::Colours colours = theme::colours(palette());
    QPainter painter{this};
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(tint_.isValid() ? theme::tint(tint_, palette()) : colours.card);
    QColor edge = tint_.isValid() ? tint_ : colours.border;
    if (tint_.isValid()) edge.setAlphaF(0.35F);
    painter.setPen(QPen{edge, 1});
    painter.drawRoundedRect(QRectF{rect()}.adjusted(0.5, 0.5, -0.5, -0.5), theme::radius, theme::radius);
}

}  // namespace linnet
