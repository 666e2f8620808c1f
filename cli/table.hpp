// Rows under titles, in columns as wide as their widest cell.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace linnet {

enum class Align : unsigned char { left, right };

class Table {
 public:
    struct Column {
        std::string title;
        Align align = Align::left;
        std::size_t most = 0;  ///< always shortened to so many columns; 0 = no limit of its own
    };

    explicit Table(std::vector<Column> columns);

    /// One cell for each column, as it came from the network: render() escapes it.
    void add(const std::vector<std::string>& cells);

    /// Every line ends with a newline and none with a space. Where the table is wider than `columns`, the widest columns
    /// give way and their cells are shortened; 0 means that only `most` shortens (files, pipes).
    [[nodiscard]] std::string render(std::size_t columns) const;

 private:
    [[nodiscard]] std::vector<std::size_t> widths(std::size_t columns) const;

    std::vector<Column> columns_;
    std::vector<std::vector<std::string>> rows_;
};

}  // namespace linnet
