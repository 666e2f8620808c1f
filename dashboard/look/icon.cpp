#include "icon.hpp"

#include <QIconEngine>
#include <QPainter>
#include <QSvgRenderer>
#include <cmath>

/// The resources of a static library are there only when asked for, and from outside any namespace.
static void load_icons() { Q_INIT_RESOURCE(icons); }

namespace linnet::icon {
namespace {

QString file(const QString& name) {
    load_icons();
    return QStringLiteral(":/icons/%1.svg").arg(name);
}

/// An SVG with, where a colour is given, every pixel in that colour.
class SvgEngine : public QIconEngine {
 public:
    SvgEngine(QString name, const QColor& colour) : name_{std::move(name)}, colour_{colour} {}

    QPixmap pixmap(const QSize& size, QIcon::Mode, QIcon::State) override {
        QImage image{size, QImage::Format_ARGB32_Premultiplied};
        image.fill(Qt::transparent);
        QPainter painter{&image};
        QSvgRenderer{file(name_)}.render(&painter);
        if (colour_.isValid()) {
            painter.setCompositionMode(QPainter::CompositionMode_SourceIn);
            painter.fillRect(image.rect(), colour_);
        }
        painter.end();
        return QPixmap::fromImage(image);
    }

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State state) override {
        const qreal ratio = painter->device()->devicePixelRatioF();
        painter->drawPixmap(rect, pixmap((QSizeF{rect.size()} * ratio).toSize(), mode, state));
    }

    QIconEngine* clone() const override { return new SvgEngine{*this}; }

 private:
    QString name_;
    QColor colour_;
};

}  // namespace

QIcon tinted(const QString& name, const QColor& colour) { return QIcon{new SvgEngine{name, colour}}; }

QPixmap pixmap(const QString& name, const QColor& colour, int size, qreal device_pixel_ratio) {
    const int pixels = static_cast<int>(std::lround(size * device_pixel_ratio));
    QPixmap drawn = SvgEngine{name, colour}.pixmap({pixels, pixels}, QIcon::Normal, QIcon::Off);
    drawn.setDevicePixelRatio(device_pixel_ratio);
    return drawn;
}

QIcon linnet() { return QIcon{new SvgEngine{QStringLiteral("linnet"), {}}}; }

QString name_of(Severity severity) {
    switch (severity) {
        case Severity::act_now: return QStringLiteral("act-now");
        case Severity::important: return QStringLiteral("important");
        case Severity::worth_knowing: return QStringLiteral("worth-knowing");
    }
    return QStringLiteral("worth-knowing");
}

QString name_of(Mood mood) {
    switch (mood) {
        case Mood::act_now: return name_of(Severity::act_now);
        case Mood::important: return name_of(Severity::important);
        case Mood::quiet: return QStringLiteral("quiet");
        case Mood::unknown: return QStringLiteral("unknown");
    }
    return QStringLiteral("unknown");
}

}  // namespace linnet::icon
