#include "fact_table.hpp"

#include "dashboard/look/theme.hpp"
#include "dashboard/models/plain_text.hpp"

#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QKeyEvent>
#include <algorithm>

namespace linnet {

FactTable::FactTable(QWidget* parent) : QTableWidget{0, 2, parent} {
    setObjectName(QStringLiteral("facts"));
    horizontalHeader()->hide();
    horizontalHeader()->setMinimumSectionSize(fontMetrics().horizontalAdvance(QStringLiteral("Guidelines")) +
                                              theme::wide_gap);
    horizontalHeader()->setMaximumSectionSize(fontMetrics().averageCharWidth() * 40);
    horizontalHeader()->setSectionResizeMode(0, QHeaderView::ResizeToContents);
    horizontalHeader()->setSectionResizeMode(1, QHeaderView::Stretch);
    verticalHeader()->hide();
    verticalHeader()->setDefaultSectionSize(theme::row_height - theme::gap);
    setShowGrid(false);
    setWordWrap(false);
    setEditTriggers(NoEditTriggers);
    setSelectionBehavior(SelectRows);
    setTabKeyNavigation(false);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFocusPolicy(Qt::StrongFocus);
}

void FactTable::set_facts(const Facts& facts) {
    if (facts == facts_) return;
    facts_ = facts;
    setRowCount(static_cast<int>(facts.size()));
    for (int row = 0; row < rowCount(); ++row) {
        const auto& [name, value] = facts[static_cast<std::size_t>(row)];
        auto* label = new QTableWidgetItem{name};
        label->setForeground(theme::colours().muted);
        setItem(row, 0, label);
        auto* text = new QTableWidgetItem{value};
        text->setToolTip(plain::tooltip(value));
        setItem(row, 1, text);
    }
    setFixedHeight(rowCount() * verticalHeader()->defaultSectionSize() + 2 * frameWidth() + 4);
}

void FactTable::copy() const {
    const QModelIndexList chosen = selectionModel()->selectedRows();
    QString text;
    for (int row = 0; row < rowCount(); ++row) {
        const bool wanted =
            chosen.isEmpty() || std::any_of(chosen.begin(), chosen.end(), [row](const auto& i) { return i.row() == row; });
        if (wanted) text += item(row, 0)->text() + u'\t' + item(row, 1)->text() + u'\n';
    }
    QGuiApplication::clipboard()->setText(text);
}

void FactTable::keyPressEvent(QKeyEvent* event) {
    if (event->matches(QKeySequence::Copy))
        copy();
    else
        QTableWidget::keyPressEvent(event);
}

}  // namespace linnet
