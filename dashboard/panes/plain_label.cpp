#include "plain_label.hpp"

#include "dashboard/models/plain_text.hpp"

#include <QResizeEvent>

namespace linnet {
namespace {

/// A label breaks lines at spaces only; a word of hundreds of letters gets places to break.
QString breakable(const QString& text) {
    constexpr int longest_word = 42;  // an IPv6 address stays whole
    QString broken;
    broken.reserve(text.size() + text.size() / longest_word);
    int run = 0;
    for (const QChar c : text) {
        run = c.isSpace() ? 0 : run + 1;
        if (run > longest_word && !c.isLowSurrogate()) {
            broken += QChar{0x200b};  // zero width space
            run = 1;
        }
        broken += c;
    }
    return broken;
}

}  // namespace

PlainLabel::PlainLabel(QWidget* parent) : QLabel{parent} {
    setTextFormat(Qt::PlainText);
    setWordWrap(true);
    setTextInteractionFlags(Qt::TextSelectableByMouse);
}

PlainLabel::PlainLabel(const QString& text, QWidget* parent) : PlainLabel{parent} { say(text); }

void PlainLabel::say(const QString& text) {
    const QString shown = breakable(text);
    if (shown != this->text()) setText(shown);
}

ElidedLabel::ElidedLabel(QWidget* parent) : PlainLabel{parent} {
    setWordWrap(false);
    setTextInteractionFlags(Qt::NoTextInteraction);
}

void ElidedLabel::say_line(const QString& text) {
    if (text == whole_) return;
    whole_ = text;
    setAccessibleName(text);
    fit();
    updateGeometry();
}

QSize ElidedLabel::minimumSizeHint() const {
    return {fontMetrics().averageCharWidth() * 8, QLabel::minimumSizeHint().height()};
}

void ElidedLabel::resizeEvent(QResizeEvent* event) {
    QLabel::resizeEvent(event);
    fit();
}

void ElidedLabel::fit() {
    const QString shown = fontMetrics().elidedText(whole_, Qt::ElideRight, std::max(width(), 1));
    setText(shown);
    setToolTip(shown == whole_ ? QString{} : plain::tooltip(whole_));
}

}  // namespace linnet
