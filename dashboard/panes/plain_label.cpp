#include "plain_label.hpp"

#include "dashboard/models/plain_text.hpp"

#include <QResizeEvent>

namespace linnet {
namespace {

/// A label breaks lines at spaces only; a very long word may be broken anywhere.
QString breakable(const QString& text) {
    constexpr qsizetype longest_word = 24;
    QString broken;
    for (qsizetype start = 0; start < text.size();) {
        qsizetype end = start;
        while (end < text.size() && !text[end].isSpace()) ++end;
        for (qsizetype i = start; i < end; ++i) {
            if (end - start > longest_word && i > start && !text[i].isLowSurrogate())
                broken += QChar{0x200b};  // zero width space
            broken += text[i];
        }
        while (end < text.size() && text[end].isSpace()) broken += text[end++];
        start = end;
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
