#include "notice.hpp"

#include "dashboard/look/icon.hpp"
#include "dashboard/look/theme.hpp"

#include <QVBoxLayout>

namespace linnet {

Notice::Notice(QWidget* parent)
    : QWidget{parent}, icon_{new PlainLabel{this}}, headline_{new PlainLabel{this}}, what_to_do_{new PlainLabel{this}} {
    auto* column = new QVBoxLayout{this};
    column->setContentsMargins(theme::wide_gap * 2, theme::wide_gap, theme::wide_gap * 2, theme::wide_gap);
    column->setSpacing(theme::gap);
    column->addStretch(2);
    for (QLabel* label : {icon_, static_cast<QLabel*>(headline_), static_cast<QLabel*>(what_to_do_)}) {
        label->setAlignment(Qt::AlignCenter);
        column->addWidget(label);
    }
    column->addStretch(3);
    headline_->setFont(theme::font(1.3, QFont::DemiBold));
    what_to_do_->setObjectName(QStringLiteral("muted"));
    what_to_do_->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
}

void Notice::say(const QString& icon, const QString& headline, const QString& what_to_do) {
    if (icon != icon_name_) {
        icon_name_ = icon;
        const QColor colour = icon == QStringLiteral("linnet") ? QColor{} : theme::colours().muted;
        icon_->setPixmap(icon::pixmap(icon, colour, icon == QStringLiteral("linnet") ? 96 : 48, devicePixelRatioF()));
    }
    headline_->say(headline);
    what_to_do_->say(what_to_do);
}

}  // namespace linnet
