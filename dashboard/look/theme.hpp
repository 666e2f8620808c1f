// Colours, distances and the style sheet: all of the look that is not a layout.
//
// Everything derives from the palette, so that the dashboard follows the desktop's light or dark scheme. Severity is
// always told by icon and word too, never by colour alone.
#pragma once

#include "dashboard/models/verdict.hpp"

#include <QApplication>
#include <QColor>
#include <QFont>
#include <QPalette>

namespace linnet::theme {

enum class Scheme : std::uint8_t { system, light, dark };

/// Sets style, palette and style sheet of the application.
void apply(QApplication& application, Scheme scheme);

/// Of the application's palette. A widget's own is no guide: style sheets put holes in it.
struct Colours {
    QColor text;
    QColor muted;   ///< text of less weight; readable all the same (WCAG 2.1: 4.5 to 1)
    QColor card;    ///< what text stands on
    QColor border;  ///< hair lines
    QColor accent;
};
Colours colours();

/// Readable on `card` and on its own tint (4.5 to 1).
QColor of(Severity severity);
QColor of(Mood mood);
/// `colour` as a faint background.
QColor tint(const QColor& colour);

/// Contrast of two opaque colours as WCAG 2.1 defines it: 1 to 21.
double contrast(const QColor& a, const QColor& b);

inline constexpr int small_gap = 6;
inline constexpr int gap = 12;
inline constexpr int wide_gap = 20;
inline constexpr int radius = 10;
inline constexpr int row_height = 40;

/// The application's font, larger by `factor` and of `weight`.
QFont font(double factor, QFont::Weight weight = QFont::Normal);

}  // namespace linnet::theme
