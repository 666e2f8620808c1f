// A calm surface with round corners, on which things stand.
#pragma once

#include <QColor>
#include <QFrame>

namespace linnet {

class Card : public QFrame {
    Q_OBJECT

 public:
    explicit Card(QWidget* parent = nullptr);

    /// A faint background in this colour; an invalid one gives the plain card.
    void set_tint(const QColor& colour);

    /// The edge shows where the keyboard is: in one of the children.
    void show_focus();

 protected:
    void paintEvent(QPaintEvent* event) override;

 private:
    QColor tint_;
    bool has_focus_ = false;
};

}  // namespace linnet
