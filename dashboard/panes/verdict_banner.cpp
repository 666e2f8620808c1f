#include "verdict_banner.hpp"

#include "dashboard/look/icon.hpp"
#include "dashboard/look/theme.hpp"

#include <QHBoxLayout>

namespace linnet {

VerdictBanner::VerdictBanner(QWidget* parent)
    : Card{parent},
      icon_{new PlainLabel{this}},
      sentence_{new ElidedLabel{this}},
      reach_{new ElidedLabel{this}},
      alerts_{new QPushButton{QStringLiteral("What to do"), this}} {
    sentence_->setFont(theme::font(1.4, QFont::DemiBold));
    auto* texts = new QVBoxLayout;
    texts->setSpacing(4);
    texts->addWidget(sentence_);
    texts->addWidget(reach_);
    auto* row = new QHBoxLayout{this};
    row->setContentsMargins(theme::wide_gap, theme::gap + 4, theme::wide_gap, theme::gap + 4);
    row->setSpacing(theme::gap + 4);
    row->addWidget(icon_);
    row->addLayout(texts, 1);
    row->addWidget(alerts_);
    connect(alerts_, &QPushButton::clicked, this, &VerdictBanner::alerts_wanted);
}

void VerdictBanner::show_verdict(const Verdict& verdict) {
    if (verdict == shown_) return;
    shown_ = verdict;
    const QColor colour = theme::of(verdict.mood);
    set_tint(colour);
    icon_->setPixmap(icon::pixmap(icon::name_of(verdict.mood), colour, 36, devicePixelRatioF()));
    QPalette coloured = palette();
    coloured.setColor(QPalette::WindowText, verdict.mood == Mood::unknown ? theme::colours().text : colour);
    sentence_->setPalette(coloured);
    sentence_->say_line(verdict.sentence);
    reach_->say_line(verdict.reach);
    alerts_->setVisible(verdict.mood == Mood::act_now || verdict.mood == Mood::important);
}

}  // namespace linnet
