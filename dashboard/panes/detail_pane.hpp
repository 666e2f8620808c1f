// The column beside a list: everything about the chosen row, in sections that scroll.
#pragma once

#include "card.hpp"
#include "fact_table.hpp"
#include "plain_label.hpp"

#include <QScrollArea>
#include <QVBoxLayout>

namespace linnet {

class DetailPane : public QScrollArea {
    Q_OBJECT

 public:
    explicit DetailPane(QWidget* parent = nullptr);

 protected:
    QVBoxLayout* column() { return column_; }

    PlainLabel* add_title();
    PlainLabel* add_subtitle();
    QLabel* add_heading(const QString& text);
    /// A heading and a paragraph under it.
    PlainLabel* add_section(const QString& heading);
    /// A section on a tinted card: what a person should do.
    PlainLabel* add_call(const QString& heading);
    FactTable* add_facts(const QString& accessible_name);
    void scroll_to_top();

 private:
    QVBoxLayout* column_ = nullptr;
};

}  // namespace linnet
