// The window, offscreen, as a person would use it: with the keyboard, and with names from strangers.
#include "dashboard/main_window.hpp"
#include "dashboard/panes/detail_pane.hpp"
#include "demo_home.hpp"
#include "offscreen.hpp"

#include <doctest/doctest.h>

#include <QClipboard>
#include <QGuiApplication>
#include <QLineEdit>
#include <QListWidget>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>

using namespace linnet;

namespace {

const Timestamp now = parse_timestamp("2026-03-01T18:20:11.000000Z").value();

struct Window {
    Home home;
    MainWindow window{home, "ipc:///run/linnet/api"};

    explicit Window(const Json& state) : Window{} {
        home.set_connection(Connection::connected);
        home.apply(read_update(state, UpdateKind::snapshot), now);
    }
    Window() {
        window.show();
        REQUIRE(QTest::qWaitForWindowExposed(&window));
        window.activateWindow();
    }

    QTableView* table() const {
        for (auto* view : window.findChildren<QTableView*>())
            if (view->isVisible() && qobject_cast<FactTable*>(view) == nullptr) return view;
        return nullptr;
    }
    std::string visible_text() const {
        QString all;
        for (const auto* label : window.findChildren<QLabel*>())
            if (label->isVisible()) all += label->text() + u'\n';
        return all.toStdString();
    }
    bool says(const char* text) const { return visible_text().find(text) != std::string::npos; }
    template <typename Widget>
    Widget* visible(const QString& accessible_name) const {
        for (auto* widget : window.findChildren<Widget*>())
            if (widget->isVisible() && widget->accessibleName() == accessible_name) return widget;
        return nullptr;
    }
};

std::string first_cell(const QTableView& table, int column) {
    return table.model()->index(0, column).data().toString().toStdString();
}

}  // namespace

TEST_CASE("before the first answer, and where none comes, the window says what to do") {
    demo::start_application();
    Window w;
    CHECK(w.says("Looking for the analyzer at ipc:///run/linnet/api."));
    CHECK(w.table() == nullptr);
    w.home.set_connection(Connection::unreachable,
                          "No analyzer answers at ipc:///run/linnet/api. Is linnet-analyzer running?");
    CHECK(w.says("The analyzer does not answer."));
    CHECK(w.says("Is linnet-analyzer running?"));
    CHECK(w.says("This window keeps trying."));
}

TEST_CASE("the first answer shows the devices, the one in need first and chosen") {
    demo::start_application();
    const Window w{demo::home(now)};
    REQUIRE(w.table() != nullptr);
    CHECK(w.says("1 device needs you now: Hall camera."));
    CHECK(w.says("12 devices"));
    CHECK(first_cell(*w.table(), DeviceModel::name) == "Hall camera");
    CHECK(w.table()->currentIndex().row() == 0);
    CHECK(w.says("Brightlens · camera · BL-2 Pan"));
    CHECK(w.table()->hasFocus());
}

TEST_CASE("an empty home and a home without alerts have their own words") {
    demo::start_application();
    Json state = demo::quiet_home(now);
    state["devices"] = Json::array();
    Window w{state};
    CHECK(w.says("No devices yet"));
    w.window.show_page("alerts");
    CHECK(w.says("Nothing to report"));
}

TEST_CASE("a lost connection is said, and what was known stays on the screen") {
    demo::start_application();
    Window w{demo::home(now)};
    w.home.set_connection(Connection::lost, "The analyzer has fallen silent.");
    CHECK(w.says("The connection to the analyzer was lost."));
    CHECK(w.says("Connection lost"));
    REQUIRE(w.table() != nullptr);
    CHECK(w.table()->model()->rowCount() == 12);
}

TEST_CASE("an alert says what happened, what it means and what to do") {
    demo::start_application();
    Window w{demo::home(now)};
    QTest::keyClick(&w.window, Qt::Key_2, Qt::ControlModifier);
    REQUIRE(w.table() != nullptr);
    CHECK(first_cell(*w.table(), AlertModel::severity) == "Act now");
    for (const char* text : {"What happened", "Hall camera tried to reach 398 addresses", "What it means",
                             "Very likely somebody else controls this device.", "What to do now", "Pull its plug now."})
        CHECK(w.says(text));
}

TEST_CASE("the keyboard reaches everything") {
    demo::start_application();
    Window w{demo::home(now)};
    QTest::keyClick(&w.window, Qt::Key_F, Qt::ControlModifier);
    auto* search = qobject_cast<QLineEdit*>(w.window.focusWidget());
    REQUIRE(search != nullptr);
    QTest::keyClicks(search, "kitchen");
    CHECK(w.table()->model()->rowCount() == 1);
    CHECK(w.says("1 of 12 devices"));
    CHECK(w.says("Kitchen speaker"));
    QTest::keyClicks(search, " nowhere");
    CHECK(w.table() == nullptr);
    CHECK(w.says("Nothing matches."));
    search->clear();
    QTest::keyClick(search, Qt::Key_Tab);
    CHECK(w.table()->hasFocus());
    QTest::keyClick(w.table(), Qt::Key_Down);
    CHECK(w.table()->currentIndex().row() == 1);
    CHECK(w.says("Stackwell · storage · S2"));
    // Tab goes round; in the navigation, as in every group of which one is chosen, the arrows do.
    QSet<QWidget*> reached;
    for (int i = 0; i < 20; ++i) {
        reached.insert(w.window.focusWidget());
        QTest::keyClick(w.window.focusWidget(), Qt::Key_Tab);
    }
    CHECK(reached.contains(search));
    CHECK(reached.contains(w.table()));
    CHECK(reached.contains(w.visible<FactTable>("About this device")));
    for (auto* button : w.window.findChildren<QPushButton*>()) CHECK((reached.contains(button) || !button->isVisible()));
    auto* devices = w.visible<QToolButton>("Devices");
    REQUIRE(reached.contains(devices));
    devices->setFocus();
    QTest::keyClick(devices, Qt::Key_Down);
    CHECK(w.says("What to do now"));
}

TEST_CASE("from a device to its alerts and back") {
    demo::start_application();
    Window w{demo::home(now)};
    const auto press = [&w](const char* text) {
        for (auto* button : w.window.findChildren<QAbstractButton*>())
            if (button->isVisible() && button->text().trimmed() == QLatin1String{text})
                return QTest::mouseClick(button, Qt::LeftButton);
        FAIL("no such button: " << text);
    };
    press("Show its 3 alerts");
    REQUIRE(w.table() != nullptr);
    CHECK(w.table()->model()->rowCount() == 3);
    CHECK(w.says("3 of 6 alerts"));
    press("Only Hall camera");  // the filter itself takes it away
    CHECK(w.table()->model()->rowCount() == 6);
    press("Show this device");
    CHECK(w.says("Brightlens · camera · BL-2 Pan"));
}

TEST_CASE("what people look at stays chosen while the list changes under it") {
    demo::start_application();
    Window w{demo::home(now)};
    w.window.show_page("alerts");
    w.table()->selectRow(4);  // "Telnet in use", the oldest of the important ones
    CHECK(w.says("Switch telnet off"));
    Json more = {{"alerts", Json::array()}};
    for (std::uint64_t id = 50; id < 60; ++id)
        more["alerts"].push_back(demo::alert(id, 30, "NAS", Severity::act_now, "Another", now));
    w.home.apply(read_update(more, UpdateKind::changes), now);
    CHECK(w.table()->model()->rowCount() == 16);
    CHECK(w.table()->currentIndex().row() == 14);
    CHECK(w.says("Switch telnet off"));
    // A snapshot after a reconnect keeps it too.
    w.home.apply(read_update(demo::home(now), UpdateKind::snapshot), now);
    CHECK(w.table()->currentIndex().row() == 4);
    CHECK(w.says("Switch telnet off"));
}

TEST_CASE("the evidence can be copied, all or the chosen row") {
    demo::start_application();
    Window w{demo::home(now)};
    w.window.show_page("alerts");
    auto* evidence = w.visible<FactTable>("Evidence");
    REQUIRE(evidence != nullptr);
    REQUIRE(w.visible<QPushButton>("Copy the evidence") != nullptr);
    QTest::mouseClick(w.visible<QPushButton>("Copy the evidence"), Qt::LeftButton);
    CHECK(QGuiApplication::clipboard()->text().toStdString() ==
          "Targets\t398\nHallmark\t398\nPorts\t23, 2323\nPackets per second\t160\n");
    evidence->selectRow(1);
    QTest::keyClick(evidence, Qt::Key_C, Qt::ControlModifier);
    CHECK(QGuiApplication::clipboard()->text().toStdString() == "Hallmark\t398\n");
}

TEST_CASE("names from strangers are shown as the text that they are, and break nothing") {
    demo::start_application();
    const std::string markup = "<b>Camera</b><img src='http://192.0.2.1/x'>", turned = "\xe2\x80\xaegpj.exe",
                      huge(65'536, 'W');
    for (const std::string& name : {markup, turned, huge}) {
        Window w{demo::stranger_home(name, now)};
        const QSize before = w.window.size();
        for (const char* page : {"devices", "alerts"}) {
            w.window.show_page(page);
            QTest::qWait(20);
            CHECK(w.window.size() == before);
            CHECK(!w.window.grab().isNull());
            for (const auto* label : w.window.findChildren<QLabel*>()) {
                CHECK(label->textFormat() == Qt::PlainText);
                CHECK(!label->text().contains(QChar{0x202e}));
                // A tool tip is empty or escaped: no tag but our own is left in it.
                QString tip = label->toolTip();
                CHECK(!tip.remove("<qt>").remove("</qt>").remove("<br>").contains(u'<'));
            }
            const QString tip = w.table()->model()->index(0, 0).data(Qt::ToolTipRole).toString();
            CHECK(tip.startsWith("<qt>"));
            CHECK(!tip.contains("<img"));
        }
        // Nothing sticks out of the column of details.
        for (auto* pane : w.window.findChildren<DetailPane*>())
            if (pane->isVisible()) CHECK(pane->widget()->width() <= pane->viewport()->width());
    }
}

TEST_CASE("everything that can be used has a name for those who do not see it") {
    demo::start_application();
    const Window w{demo::home(now)};
    for (const auto* view : w.window.findChildren<QTableView*>()) CHECK(!view->accessibleName().isEmpty());
    for (const auto* view : w.window.findChildren<QListWidget*>()) CHECK(!view->accessibleName().isEmpty());
    for (const auto* field : w.window.findChildren<QLineEdit*>()) CHECK(!field->accessibleName().isEmpty());
    for (const auto* button : w.window.findChildren<QPushButton*>())
        if (button->isVisible()) CHECK(!(button->accessibleName() + button->text()).isEmpty());
}
