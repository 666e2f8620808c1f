#include "list_page.hpp"

#include "dashboard/look/icon.hpp"
#include "dashboard/look/theme.hpp"
#include "dashboard/models/plain_text.hpp"
#include "dashboard/models/wording.hpp"
#include "dashboard/panes/badge.hpp"
#include "dashboard/panes/card.hpp"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QSplitter>
#include <QVBoxLayout>

namespace linnet {
namespace {

constexpr qsizetype longest_search = 200;

int width_for(const QString& sample, bool has_icon) {
    constexpr int paddings = 22, icon = 22;
    QFontMetrics metrics{theme::font(1.0, QFont::DemiBold)};
    return metrics.horizontalAdvance(sample) + paddings + (has_icon ? icon : 0);
}

/// A card that keeps its round corners clear of what is inside.
Card* framed(QWidget* content) {
    auto* card = new Card;
    card->show_focus();
    auto* inside = new QVBoxLayout{card};
    inside->setContentsMargins(4, 4, 4, 4);
    inside->addWidget(content);
    return card;
}

}  // namespace

ListPage::ListPage(Home& home, QAbstractItemModel& model, Words words, const Columns& columns, DetailPane* pane,
                   QWidget* parent)
    : Page{parent}, home_{home}, model_{model}, words_{std::move(words)}, proxy_{new SearchProxy{this}} {
    proxy_->setSourceModel(&model_);
    build_header();
    build_table(columns);
    build_body(pane);
    connect(search_, &QLineEdit::textChanged, this, [this](const QString& text) {
        proxy_->set_search(text);
        refresh();
    });
    connect(only_, &QToolButton::clicked, this, [this] { only_device({}, {}); });
    connect(table_->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &ListPage::show_current);
    connect(&home_, &Home::changed, this, &ListPage::refresh);
}

void ListPage::build_header() {
    header_ = new QWidget{this};
    auto* row = new QHBoxLayout{header_};
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(theme::gap);
    auto* title = new PlainLabel{words_.title, header_};
    title->setFont(theme::font(1.4, QFont::DemiBold));
    title->setWordWrap(false);
    count_ = new PlainLabel{header_};
    count_->setObjectName(QStringLiteral("muted"));
    count_->setWordWrap(false);
    only_ = new QToolButton{header_};
    only_->setIcon(icon::tinted(QStringLiteral("close"), theme::colours().muted));
    only_->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    only_->setFocusPolicy(Qt::TabFocus);
    only_->hide();
    search_ = new QLineEdit{header_};
    search_->setPlaceholderText(words_.search);
    search_->setAccessibleName(words_.search);
    search_->setClearButtonEnabled(true);
    search_->setMaxLength(longest_search);
    search_->setFixedWidth(fontMetrics().averageCharWidth() * 48);
    search_->addAction(icon::tinted(QStringLiteral("search"), theme::colours().muted), QLineEdit::LeadingPosition);
    row->addWidget(title);
    row->addWidget(count_);
    row->addStretch();
    row->addWidget(only_);
    row->addWidget(search_);
}

void ListPage::build_table(const Columns& columns) {
    table_ = new QTableView{this};
    table_->setModel(proxy_);
    table_->setAccessibleName(words_.title);
    table_->setSelectionBehavior(QAbstractItemView::SelectRows);
    table_->setSelectionMode(QAbstractItemView::SingleSelection);
    table_->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table_->setShowGrid(false);
    table_->setAlternatingRowColors(true);
    table_->setTabKeyNavigation(false);
    table_->setWordWrap(false);
    table_->setSortingEnabled(true);
    table_->setFrameShape(QFrame::NoFrame);
    table_->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    table_->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    table_->setItemDelegateForColumn(columns.badge, new BadgeDelegate{table_});
    table_->verticalHeader()->hide();
    table_->verticalHeader()->setDefaultSectionSize(std::max(theme::row_height, fontMetrics().height() * 2));
    QHeaderView* header = table_->horizontalHeader();
    header->setHighlightSections(false);
    header->setMinimumSectionSize(fontMetrics().averageCharWidth() * 8);
    for (std::size_t column = 0; column < columns.samples.size(); ++column)
        header->resizeSection(static_cast<int>(column),
                              width_for(columns.samples[column], static_cast<int>(column) == columns.badge));
    header->setSectionResizeMode(columns.stretched, QHeaderView::Stretch);
    table_->sortByColumn(columns.sorted, Qt::AscendingOrder);
}

void ListPage::build_body(DetailPane* pane) {
    notice_ = new Notice{this};
    list_ = new QStackedWidget{this};
    list_->addWidget(table_);
    list_->addWidget(notice_);
    detail_ = framed(pane);
    auto* splitter = new QSplitter{Qt::Horizontal, this};
    splitter->addWidget(framed(list_));
    splitter->addWidget(detail_);
    splitter->setHandleWidth(theme::gap);
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 2);
    splitter->setSizes({690, 340});
    splitter->setChildrenCollapsible(false);
    auto* column = new QVBoxLayout{this};
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(theme::gap);
    column->addWidget(header_);
    column->addWidget(splitter, 1);
}

void ListPage::enter() {
    if (proxy_->rowCount() > 0)
        table_->setFocus();
    else
        search_->setFocus();
}

void ListPage::find() {
    search_->setFocus(Qt::ShortcutFocusReason);
    search_->selectAll();
}

void ListPage::choose(int row) {
    search_->clear();
    const QModelIndex index = proxy_->mapFromSource(model_.index(row, 0));
    if (!index.isValid()) return;
    table_->selectRow(index.row());
    table_->scrollTo(index);
    table_->setFocus();
}

void ListPage::only_device(const QString& key, const QString& name) {
    const QString text = QStringLiteral("Only %1").arg(plain::line(name, 30));
    only_->setText(QString{text}.replace(u'&', QStringLiteral("&&")));
    only_->setAccessibleName(text + QStringLiteral(". Press to show all."));
    only_->setVisible(!key.isEmpty());
    proxy_->set_device(key);
    refresh();
}

void ListPage::refresh() {
    const int all = model_.rowCount(), shown = proxy_->rowCount();
    const QString many = wording::counted(static_cast<std::uint64_t>(all), words_.one, words_.many);
    count_->say(shown == all ? many
                             : QStringLiteral("%1 of %2").arg(wording::number(static_cast<std::uint64_t>(shown)), many));
    if (all == 0)
        notice_->say(words_.icon, words_.none, words_.none_because);
    else if (shown == 0)
        notice_->say(QStringLiteral("search"), QStringLiteral("Nothing matches."),
                     QStringLiteral("Try fewer or other words."));
    list_->setCurrentIndex(shown == 0 ? 1 : 0);
    ensure_choice();
    show_current();
}

/// There is always something chosen where there is something to choose.
void ListPage::ensure_choice() {
    if (proxy_->rowCount() > 0 && !table_->selectionModel()->hasSelection()) table_->selectRow(0);
}

void ListPage::show_current() {
    const QModelIndex current = proxy_->mapToSource(table_->currentIndex());
    detail_->setVisible(current.isValid());
    if (current.isValid()) show_row(current.row());
}

}  // namespace linnet
