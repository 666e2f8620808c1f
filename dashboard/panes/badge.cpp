#include "badge.hpp"

#include "dashboard/look/icon.hpp"
#include "dashboard/look/theme.hpp"
#include "dashboard/models/roles.hpp"
#include "dashboard/models/wording.hpp"

#include <QPainter>

namespace linnet {
namespace {

constexpr int icon_size = 16;
constexpr int inset = 8;

}  // namespace

void BadgeDelegate::initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const {
    QStyledItemDelegate::initStyleOption(option, index);
    const int number = index.data(role::severity).toInt();
    if (number < 1 || number > 3) {
        option->palette.setColor(QPalette::Text, theme::colours().muted);
        return;
    }
    const auto severity = static_cast<Severity>(number);
    const QColor colour = theme::of(severity);
    option->features |= QStyleOptionViewItem::HasDecoration;
    option->decorationSize = {icon_size, icon_size};
    option->icon = icon::tinted(icon::name_of(severity), colour);
    option->palette.setColor(QPalette::Text, colour);
    option->palette.setColor(QPalette::HighlightedText, colour);
}

Badge::Badge(QWidget* parent) : QWidget{parent} {
    setFont(theme::font(1.0, QFont::DemiBold));
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void Badge::set_severity(Severity severity) {
    severity_ = severity;
    setAccessibleName(wording::severity(severity));
    updateGeometry();
    update();
}

QSize Badge::sizeHint() const {
    const QFontMetrics metrics{font()};
    return {metrics.horizontalAdvance(wording::severity(severity_)) + icon_size + inset * 3, metrics.height() + inset};
}

void Badge::paintEvent(QPaintEvent*) {
    const QColor colour = theme::of(severity_);
    QPainter painter{this};
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme::tint(colour));
    painter.drawRoundedRect(rect(), height() / 2.0, height() / 2.0);
    const QRect place{inset, (height() - icon_size) / 2, icon_size, icon_size};
    icon::tinted(icon::name_of(severity_), colour).paint(&painter, place);
    painter.setPen(colour);
    painter.drawText(rect().adjusted(icon_size + inset + inset / 2 + 2, 0, 0, 0), Qt::AlignVCenter | Qt::AlignLeft,
                     wording::severity(severity_));
}

}  // namespace linnet
