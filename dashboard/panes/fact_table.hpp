// Two columns of text: what is known, and its value. Rows can be selected and copied as tab-separated lines.
#pragma once

#include <QTableWidget>
#include <utility>
#include <vector>

namespace linnet {

using Facts = std::vector<std::pair<QString, QString>>;

class FactTable : public QTableWidget {
    Q_OBJECT

 public:
    explicit FactTable(QWidget* parent = nullptr);
    void set_facts(const Facts& facts);

    /// The selected rows, or all where none is, to the clipboard.
    void copy() const;

 protected:
    void keyPressEvent(QKeyEvent* event) override;

 private:
    Facts facts_;
};

}  // namespace linnet
