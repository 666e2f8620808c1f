#include "dashboard/look/icon.hpp"
#include "dashboard/look/theme.hpp"
#include "offscreen.hpp"

#include <doctest/doctest.h>
#include <QDir>
#include <QSvgRenderer>

using namespace linnet;

TEST_CASE("contrast is what WCAG 2.1 says") {
    CHECK(theme::contrast(Qt::black, Qt::white) == doctest::Approx(21));
    CHECK(theme::contrast(Qt::white, Qt::white) == doctest::Approx(1));
    CHECK(theme::contrast(QColor{0x76, 0x76, 0x76}, Qt::white) ==
          doctest::Approx(4.54).epsilon(0.01));  // the known border case
}

TEST_CASE("every colour that words are written in can be read, light and dark: 4.5 to 1 (WCAG 2.1, 1.4.3)") {
    demo::start_application();
    for (const auto scheme : {theme::Scheme::light, theme::Scheme::dark}) {
        theme::apply(*qApp, scheme);
        const theme::Colours colours = theme::colours();
        CHECK(theme::contrast(colours.text, colours.card) >= 7);
        CHECK(theme::contrast(colours.muted, colours.card) >= 4.5);
        CHECK(theme::contrast(colours.muted, QApplication::palette().color(QPalette::Window)) >= 4.5);
        for (const auto severity : {Severity::act_now, Severity::important, Severity::worth_knowing}) {
            const QColor colour = theme::of(severity);
            CHECK(theme::contrast(colour, colours.card) >= 4.5);
            CHECK(theme::contrast(colour, theme::tint(colour)) >= 4.5);
        }
        for (const auto mood : {Mood::quiet, Mood::unknown})
            CHECK(theme::contrast(theme::of(mood), theme::tint(theme::of(mood))) >= 4.5);
    }
    theme::apply(*qApp, theme::Scheme::light);
}

TEST_CASE("every icon can be drawn, in the colour that was asked for") {
    demo::start_application();
    icon::linnet();
    const QStringList files = QDir{":/icons"}.entryList({"*.svg"});
    CHECK(files.size() == 14);
    for (const QString& file : files) {
        CAPTURE(file.toStdString());
        CHECK(QSvgRenderer{":/icons/" + file}.isValid());
        const QImage image = icon::pixmap(file.chopped(4), QColor{Qt::red}, 32, 2).toImage();
        CHECK(image.size() == QSize{64, 64});
        int red = 0, other = 0;
        for (int y = 0; y < image.height(); ++y)
            for (int x = 0; x < image.width(); ++x) {
                const QColor pixel = image.pixelColor(x, y);
                if (pixel.alpha() > 200) ++(pixel.red() > 200 && pixel.green() < 50 ? red : other);
            }
        CHECK(red > 50);
        CHECK(other == 0);
    }
}
