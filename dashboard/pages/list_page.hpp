// A page with a list that can be searched and sorted, and beside it all about the chosen row.
#pragma once

#include "dashboard/models/search_proxy.hpp"
#include "dashboard/panes/detail_pane.hpp"
#include "dashboard/panes/notice.hpp"
#include "page.hpp"

#include <QLineEdit>
#include <QStackedWidget>
#include <QTableView>
#include <QToolButton>

namespace linnet {

class ListPage : public Page {
    Q_OBJECT

 public:
    struct Words {
        QString title;
        QString search;        ///< placeholder of the search field
        QString one, many;     ///< "device", "devices"
        QString icon;          ///< for the empty page
        QString none;          ///< headline of the empty page
        QString none_because;  ///< and why it may be empty
    };
    struct Columns {
        int sorted;
        int stretched;
        int badge;                     ///< shows a severity
        std::vector<QString> samples;  ///< by column: the longest text that must fit
    };

    void enter() override;
    void find() override;

 protected:
    ListPage(Home& home, QAbstractItemModel& model, Words words, const Columns& columns, DetailPane* pane, QWidget* parent);

    Home& home() { return home_; }
    /// Shows the row of the model in the pane.
    virtual void show_row(int row) = 0;
    /// Chooses a row of the model, whatever the search says.
    void choose(int row);
    /// Lists rows of this device only, until the user closes the filter.
    void only_device(const QString& key, const QString& name);

 private:
    void build_header();
    void build_table(const Columns& columns);
    void build_body(DetailPane* pane);
    void refresh();
    void ensure_choice();
    void show_current();

    Home& home_;
    QAbstractItemModel& model_;
    Words words_;
    SearchProxy* proxy_ = nullptr;
    PlainLabel* count_ = nullptr;
    QLineEdit* search_ = nullptr;
    QToolButton* only_ = nullptr;
    QTableView* table_ = nullptr;
    Notice* notice_ = nullptr;
    QStackedWidget* list_ = nullptr;  ///< table or notice
    QWidget* detail_ = nullptr;       ///< hidden where nothing is chosen
    QWidget* header_ = nullptr;
};

}  // namespace linnet
