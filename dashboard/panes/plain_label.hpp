// The dashboard's only label: whatever it is given, it shows as plain text.
#pragma once

#include <QLabel>

namespace linnet {

/// Wraps, breaks words that are longer than a line is likely to be, and lets people select and copy.
class PlainLabel : public QLabel {
    Q_OBJECT

 public:
    explicit PlainLabel(QWidget* parent = nullptr);
    PlainLabel(const QString& text, QWidget* parent);

    /// Changes nothing, and so keeps a selection, where the text is the same.
    void say(const QString& text);
};

/// One line that ends in "…" where there is no room, with the whole text as tool tip.
class ElidedLabel : public PlainLabel {
    Q_OBJECT

 public:
    explicit ElidedLabel(QWidget* parent = nullptr);
    void say_line(const QString& text);

    QSize minimumSizeHint() const override;

 protected:
    void resizeEvent(QResizeEvent* event) override;

 private:
    void fit();
    QString whole_;
};

}  // namespace linnet
