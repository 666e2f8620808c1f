#include "detail_pane.hpp"

#include "dashboard/look/theme.hpp"

#include <QScrollBar>

namespace linnet {
namespace {

PlainLabel* heading(const QString& text, QWidget* parent) {
    auto* label = new PlainLabel{text, parent};
    label->setFont(theme::font(0.95, QFont::DemiBold));
    label->setObjectName(QStringLiteral("muted"));
    return label;
}

PlainLabel* paragraph(QWidget* parent) {
    auto* label = new PlainLabel{parent};
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    return label;
}

}  // namespace

DetailPane::DetailPane(QWidget* parent) : QScrollArea{parent} {
    auto* content = new QWidget{this};
    column_ = new QVBoxLayout{content};
    column_->setContentsMargins(theme::wide_gap, theme::wide_gap, theme::wide_gap, theme::wide_gap);
    column_->setSpacing(theme::small_gap);
    setWidget(content);
    setWidgetResizable(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFrameShape(NoFrame);
    setFocusPolicy(Qt::StrongFocus);
}

PlainLabel* DetailPane::add_title() {
    auto* label = new PlainLabel{widget()};
    label->setFont(theme::font(1.4, QFont::DemiBold));
    column_->addWidget(label);
    return label;
}

PlainLabel* DetailPane::add_subtitle() {
    auto* label = new PlainLabel{widget()};
    label->setObjectName(QStringLiteral("muted"));
    column_->addWidget(label);
    return label;
}

QLabel* DetailPane::add_heading(const QString& text) {
    column_->addSpacing(theme::gap);
    auto* label = heading(text, widget());
    column_->addWidget(label);
    return label;
}

PlainLabel* DetailPane::add_section(const QString& text) {
    add_heading(text);
    auto* label = paragraph(widget());
    label->setAccessibleName(text);
    column_->addWidget(label);
    return label;
}

PlainLabel* DetailPane::add_call(const QString& text) {
    column_->addSpacing(theme::gap);
    auto* card = new Card{widget()};
    card->set_tint(theme::colours().accent);
    auto* inside = new QVBoxLayout{card};
    inside->setContentsMargins(theme::gap + 2, theme::gap, theme::gap + 2, theme::gap);
    inside->setSpacing(theme::small_gap);
    inside->addWidget(heading(text, card));
    auto* label = paragraph(card);
    label->setAccessibleName(text);
    inside->addWidget(label);
    column_->addWidget(card);
    return label;
}

FactTable* DetailPane::add_facts(const QString& accessible_name) {
    auto* table = new FactTable{widget()};
    table->setAccessibleName(accessible_name);
    column_->addWidget(table);
    return table;
}

void DetailPane::scroll_to_top() { verticalScrollBar()->setValue(0); }

}  // namespace linnet
