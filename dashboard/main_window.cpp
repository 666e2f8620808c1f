#include "main_window.hpp"

#include "look/icon.hpp"
#include "look/theme.hpp"
#include "models/plain_text.hpp"
#include "models/status_line.hpp"

#include <QButtonGroup>
#include <QDateTime>
#include <QHBoxLayout>
#include <QShortcut>
#include <QVBoxLayout>

namespace linnet {
namespace {

constexpr int navigation_width = 150;

struct Words {
    QString icon, headline, what_to_do;
};

/// For the time before there is anything to show.
Words before_the_first_answer(const Home& home, const QString& endpoint) {
    if (home.connection() == Connection::connecting)
        return {QStringLiteral("linnet"), QStringLiteral("Connecting…"),
                QStringLiteral("Looking for the analyzer at %1.").arg(endpoint)};
    return {
        QStringLiteral("unplugged"), QStringLiteral("No connection to the analyzer"),
        home.trouble() +
            QStringLiteral("\n\nStart it, or tell linnet-dashboard with --connect where it is. This window keeps trying.")};
}

}  // namespace

MainWindow::MainWindow(Home& home, const QString& endpoint, QWidget* parent)
    : QWidget{parent}, home_{home}, endpoint_{plain::line(endpoint)} {
    setWindowTitle(QStringLiteral("Linnet"));
    setWindowIcon(icon::linnet());
    setMinimumSize(760, 480);
    resize(1280, 800);
    auto* right = new QVBoxLayout;
    right->setSpacing(theme::gap + 4);
    banner_ = new VerdictBanner{this};
    stack_ = new QStackedWidget{this};
    QWidget* rail = navigation();
    notice_ = new Notice{stack_};
    notice_->setFocusPolicy(Qt::TabFocus);
    stack_->addWidget(notice_);
    right->addWidget(banner_);
    right->addWidget(stack_, 1);
    right->addWidget(status_row());
    auto* row = new QHBoxLayout{this};
    row->setContentsMargins(theme::gap, theme::wide_gap, theme::wide_gap, theme::gap);
    row->setSpacing(theme::wide_gap);
    row->addWidget(rail);
    row->addLayout(right, 1);
    add_shortcuts();
    connect(banner_, &VerdictBanner::alerts_wanted, this, [this] { show_page(QStringLiteral("alerts")); });
    connect(&home_, &Home::changed, this, &MainWindow::refresh);
    buttons_.front()->setChecked(true);
    refresh();
    notice_->setFocus();
}

QWidget* MainWindow::navigation() {
    auto* rail = new QWidget{this};
    rail->setFixedWidth(navigation_width);
    auto* column = new QVBoxLayout{rail};
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(theme::small_gap);
    auto* brand = new QHBoxLayout;
    auto* bird = new PlainLabel{rail};
    bird->setPixmap(icon::pixmap(QStringLiteral("linnet"), {}, 40, devicePixelRatioF()));
    auto* name = new PlainLabel{QStringLiteral("Linnet"), rail};
    name->setFont(theme::font(1.5, QFont::DemiBold));
    brand->addSpacing(theme::small_gap);
    brand->addWidget(bird);
    brand->addWidget(name, 1);
    column->addLayout(brand);
    column->addSpacing(theme::wide_gap);
    auto* group = new QButtonGroup{this};
    for (const PageEntry& entry : page_table()) {
        auto* page = entry.make(home_, stack_);
        stack_->addWidget(page);
        pages_.push_back(page);
        connect(page, &Page::wanted, this, [this](const QString& which, const QString& device) {
            show_page(which);
            for (std::size_t i = 0; i < pages_.size(); ++i)
                if (page_table()[i].name == which) pages_[i]->show_device(device);
        });
        auto* button = new QToolButton{rail};
        button->setObjectName(QStringLiteral("navigation"));
        button->setText(u' ' + entry.title);
        button->setAccessibleName(entry.title);
        button->setIcon(icon::tinted(entry.icon, theme::colours().text));
        button->setIconSize({20, 20});
        button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        button->setCheckable(true);
        button->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
        button->setFocusPolicy(Qt::TabFocus);
        group->addButton(button);
        connect(button, &QToolButton::clicked, this, [this, which = entry.name] { show_page(which); });
        buttons_.push_back(button);
        column->addWidget(button);
    }
    column->addStretch();
    return rail;
}

QWidget* MainWindow::status_row() {
    auto* line = new QWidget{this};
    auto* row = new QHBoxLayout{line};
    row->setContentsMargins(theme::small_gap, 0, theme::small_gap, 0);
    row->setSpacing(theme::small_gap);
    state_icon_ = new PlainLabel{line};
    analyzer_ = new ElidedLabel{line};
    sensors_ = new ElidedLabel{line};
    updated_ = new ElidedLabel{line};
    for (ElidedLabel* label : {analyzer_, sensors_, updated_}) label->setObjectName(QStringLiteral("muted"));
    ear_ = new PlainLabel{line};
    ear_->setPixmap(icon::pixmap(QStringLiteral("sensor"), theme::colours().muted, 16, devicePixelRatioF()));
    row->addWidget(state_icon_);
    row->addWidget(analyzer_, 3);
    row->addWidget(ear_);
    row->addWidget(sensors_, 4);
    updated_->setAlignment(Qt::AlignRight);
    row->addWidget(updated_, 2);
    return line;
}

void MainWindow::add_shortcuts() {
    auto* find = new QShortcut{QKeySequence::Find, this};
    connect(find, &QShortcut::activated, this, [this] {
        if (auto* page = qobject_cast<Page*>(stack_->currentWidget())) page->find();
    });
    for (std::size_t i = 0; i < pages_.size(); ++i) {
        auto* jump = new QShortcut{QKeySequence{QStringLiteral("Ctrl+%1").arg(i + 1)}, this};
        connect(jump, &QShortcut::activated, this, [this, i] { show_page(page_table()[i].name); });
    }
}

void MainWindow::show_page(const QString& name) {
    for (std::size_t i = 0; i < pages_.size(); ++i)
        if (page_table()[i].name == name) buttons_[i]->setChecked(true);
    refresh();
    enter_page();
}

void MainWindow::enter_page() {
    if (auto* page = qobject_cast<Page*>(stack_->currentWidget())) page->enter();
}

void MainWindow::refresh() {
    banner_->show_verdict(home_.verdict());
    if (home_.last_update() == Timestamp{}) {
        const Words words = before_the_first_answer(home_, endpoint_);
        notice_->say(words.icon, words.headline, words.what_to_do);
        stack_->setCurrentWidget(notice_);
    } else {
        const bool first_answer = stack_->currentWidget() == notice_;
        for (std::size_t i = 0; i < pages_.size(); ++i)
            if (buttons_[i]->isChecked()) stack_->setCurrentWidget(pages_[i]);
        if (first_answer) enter_page();
    }
    const StatusLine line = status_line(home_, QDateTime::currentDateTime());
    const bool connected = home_.connection() == Connection::connected;
    state_icon_->setPixmap(icon::pixmap(connected ? QStringLiteral("connected") : QStringLiteral("unplugged"),
                                        theme::of(connected ? Mood::quiet : Mood::unknown), 16, devicePixelRatioF()));
    analyzer_->say_line(line.analyzer);
    ear_->setVisible(!line.sensors.isEmpty());
    sensors_->say_line(line.sensors);
    sensors_->setToolTip(plain::tooltip(line.details));
    updated_->say_line(line.updated);
}

}  // namespace linnet
