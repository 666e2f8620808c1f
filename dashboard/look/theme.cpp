#include "theme.hpp"

#include <QStyleFactory>
#include <algorithm>
#include <cmath>

namespace linnet::theme {
namespace {

QColor mixed(const QColor& a, const QColor& b, double share_of_a) {
    const auto blend = [share_of_a](int x, int y) {
        return static_cast<int>(std::lround(x * share_of_a + y * (1 - share_of_a)));
    };
    return {blend(a.red(), b.red()), blend(a.green(), b.green()), blend(a.blue(), b.blue())};
}

bool is_dark() { return QApplication::palette().color(QPalette::Base).lightness() < 128; }

struct Basics {
    QColor window, base, alternate, text, accent;
};

QPalette palette_from(const Basics& basics) {
    QPalette palette{basics.window};
    palette.setColor(QPalette::Window, basics.window);
    palette.setColor(QPalette::Base, basics.base);
    palette.setColor(QPalette::AlternateBase, basics.alternate);
    palette.setColor(QPalette::Button, basics.base);
    palette.setColor(QPalette::ToolTipBase, basics.base);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::ToolTipText})
        palette.setColor(role, basics.text);
    palette.setColor(QPalette::PlaceholderText, mixed(basics.text, basics.base, 0.62));
    palette.setColor(QPalette::Highlight, basics.accent);
    palette.setColor(QPalette::HighlightedText, basics.base);
    palette.setColor(QPalette::Link, basics.accent);
    return palette;
}

QPalette light() {
    return palette_from({.window = 0xf3f4f6, .base = 0xffffff, .alternate = 0xf9fafb, .text = 0x1d2126, .accent = 0x1b6e75});
}

QPalette dark() {
    return palette_from({.window = 0x15181c, .base = 0x1e2227, .alternate = 0x22272c, .text = 0xe4e7eb, .accent = 0x62bdb9});
}

QString style_sheet() {
    const Colours c = colours();
    const QString selected = mixed(c.accent, c.card, 0.16).name();
    const QString hovered = mixed(c.accent, c.card, 0.07).name();
    return QStringLiteral(R"(
        QTableView, QListWidget { background: transparent; alternate-background-color: palette(alternate-base); border: none;
                     outline: none; selection-color: palette(text); selection-background-color: %1; }
        QTableView::item { border: none; padding-left: 8px; padding-right: 8px; }
        QTableWidget#facts::item { padding-left: 0; padding-right: 0; }
        QListWidget::item { border-radius: 6px; padding: 6px 2px; }
        QTableView::item:hover, QListWidget::item:hover { background: %2; }
        QTableView::item:selected, QListWidget::item:selected { background: %1; }
        QHeaderView { background: transparent; }
        QHeaderView::section { background: palette(base); color: %3; border: none; border-bottom: 1px solid %4;
                               padding: 9px 11px; font-weight: 600; }
        QLineEdit { background: palette(base); border: 1px solid %4; border-radius: 8px; padding: 7px 8px; }
        QLineEdit:focus { border: 1px solid %5; }
        QPushButton, QToolButton { background: palette(base); border: 1px solid %4; border-radius: 8px; padding: 7px 12px; }
        QPushButton:hover, QToolButton:hover { background: %2; }
        QPushButton:pressed, QToolButton:pressed { background: %1; }
        QPushButton:focus, QToolButton:focus { border: 1px solid %5; }
        QToolButton#navigation { background: transparent; border: 1px solid transparent; text-align: left; padding: 10px 12px; }
        QToolButton#navigation:hover { background: %2; }
        QToolButton#navigation:checked { background: %1; font-weight: 600; }
        QToolButton#navigation:focus { border: 1px solid %5; }
        QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; border: none; }
        QSplitter::handle { background: transparent; }
        QToolTip { background: palette(base); color: palette(text); border: 1px solid %4; padding: 5px; }
        QLabel#muted { color: %3; }
        QScrollBar:vertical { background: transparent; width: 10px; margin: 2px; }
        QScrollBar:horizontal { background: transparent; height: 10px; margin: 2px; }
        QScrollBar::handle { background: %4; border-radius: 3px; min-height: 28px; min-width: 28px; }
        QScrollBar::handle:hover { background: %3; }
        QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
        QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
    )")
        .arg(selected, hovered, c.muted.name(), c.border.name(), c.accent.name());
}

double luminance(const QColor& colour) {
    const auto linear = [](double v) { return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4); };
    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF());
}

QColor for_scheme(QRgb in_light, QRgb in_dark) { return is_dark() ? in_dark : in_light; }

}  // namespace

void apply(QApplication& application, Scheme scheme) {
    QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    if (scheme == Scheme::light) QApplication::setPalette(light());
    if (scheme == Scheme::dark) QApplication::setPalette(dark());
    application.setStyleSheet(style_sheet());
}

Colours colours() {
    const QPalette palette = QApplication::palette();
    const QColor text = palette.color(QPalette::Text);
    const QColor card = palette.color(QPalette::Base);
    return {.text = text,
            .muted = mixed(text, card, 0.66),
            .card = card,
            .border = mixed(text, card, 0.14),
            .accent = palette.color(QPalette::Highlight)};
}

QColor of(Severity severity) {
    switch (severity) {
        case Severity::act_now: return for_scheme(0xb3261e, 0xff9b92);
        case Severity::important: return for_scheme(0x8a5300, 0xf0b95c);
        case Severity::worth_knowing: return for_scheme(0x2b5ea7, 0x9dc3f5);
    }
    return colours().muted;
}

QColor of(Mood mood) {
    switch (mood) {
        case Mood::act_now: return of(Severity::act_now);
        case Mood::important: return of(Severity::important);
        case Mood::quiet: return for_scheme(0x1a6b3c, 0x7fd6a0);
        case Mood::unknown: return colours().muted;
    }
    return colours().muted;
}

QColor tint(const QColor& colour) { return mixed(colour, colours().card, 0.10); }

double contrast(const QColor& a, const QColor& b) {
    const double brighter = std::max(luminance(a), luminance(b)), darker = std::min(luminance(a), luminance(b));
    return (brighter + 0.05) / (darker + 0.05);
}

QFont font(double factor, QFont::Weight weight) {
    QFont font = QApplication::font();
    if (font.pointSizeF() > 0)
        font.setPointSizeF(font.pointSizeF() * factor);
    else
        font.setPixelSize(static_cast<int>(std::lround(font.pixelSize() * factor)));
    font.setWeight(weight);
    return font;
}

}  // namespace linnet::theme
