// The window: navigation at the left, the verdict at the top, a page, and the status line at the foot.
#pragma once

#include "models/home.hpp"
#include "pages/page.hpp"
#include "panes/notice.hpp"
#include "panes/verdict_banner.hpp"

#include <QStackedWidget>
#include <QToolButton>
#include <vector>

namespace linnet {

class MainWindow : public QWidget {
    Q_OBJECT

 public:
    /// `endpoint` is for the words on the screen where nobody answers.
    MainWindow(Home& home, const QString& endpoint, QWidget* parent = nullptr);

    /// By PageEntry::name; unknown names change nothing.
    void show_page(const QString& name);

 private:
    QWidget* navigation();
    QWidget* status_row();
    void add_shortcuts();
    void enter_page();
    void refresh();

    Home& home_;
    QString endpoint_;
    std::vector<QToolButton*> buttons_;
    std::vector<Page*> pages_;
    QStackedWidget* stack_ = nullptr;
    VerdictBanner* banner_ = nullptr;
    Notice* notice_ = nullptr;
    QLabel* state_icon_ = nullptr;
    ElidedLabel* analyzer_ = nullptr;
    QLabel* ear_ = nullptr;
    ElidedLabel* sensors_ = nullptr;
    ElidedLabel* updated_ = nullptr;
};

}  // namespace linnet
