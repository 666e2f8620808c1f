// The dashboard's own icons (icons/*.svg), drawn sharp at every size and in the colour of their place.
#pragma once

#include "dashboard/models/verdict.hpp"

#include <QColor>
#include <QIcon>
#include <QPixmap>

namespace linnet::icon {

/// The shape of icons/`name`.svg in `colour`.
QIcon tinted(const QString& name, const QColor& colour);
/// For labels: `size` in device-independent pixels.
QPixmap pixmap(const QString& name, const QColor& colour, int size, qreal device_pixel_ratio);
/// The linnet itself, in its own colours.
QIcon linnet();

QString name_of(Severity severity);
QString name_of(Mood mood);

}  // namespace linnet::icon
