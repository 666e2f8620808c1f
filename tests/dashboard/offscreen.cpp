#include "offscreen.hpp"

#include "dashboard/look/theme.hpp"

#include <QApplication>
#include <QElapsedTimer>
#include <QTest>

namespace linnet::demo {

void start_application() {
    static int argc = 1;
    static char name[] = "dashboard_window_test";
    static char* argv[] = {name, nullptr};
    qputenv("QT_QPA_PLATFORM", "offscreen");
    // Never destroyed: when the statics go, Qt's own are gone already.
    static auto& application = *new QApplication{argc, argv};
    theme::apply(application, theme::Scheme::light);
}

bool eventually(const std::function<bool()>& is_so, int most_ms) {
    QElapsedTimer timer;
    for (timer.start(); timer.elapsed() < most_ms; QTest::qWait(5))
        if (is_so()) return true;
    return is_so();
}

}  // namespace linnet::demo
