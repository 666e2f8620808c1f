#include "table.hpp"

#include "text.hpp"

#include <algorithm>
#include <numeric>
#include <stdexcept>
#include <utility>

namespace linnet {
namespace {

constexpr std::size_t gap = 2;
constexpr std::size_t least_width = 6;

}  // namespace

Table::Table(std::vector<Column> columns) : columns_(std::move(columns)) {
    std::vector<std::string> titles;
    for (const Column& column : columns_) titles.push_back(column.title);
    rows_.push_back(std::move(titles));
}

void Table::add(const std::vector<std::string>& cells) {
    if (cells.size() != columns_.size()) throw std::invalid_argument("A row needs one cell for each column.");
    std::vector<std::string>& row = rows_.emplace_back();
    for (const std::string& cell : cells) row.push_back(escaped(cell));
}

std::vector<std::size_t> Table::widths(std::size_t columns) const {
    std::vector<std::size_t> widths(columns_.size());
    for (const auto& row : rows_)
        for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], display_width(row[i]));
    for (std::size_t i = 0; i < widths.size(); ++i)
        if (columns_[i].most > 0) widths[i] = std::min(widths[i], columns_[i].most);
    if (columns == 0) return widths;
    const std::size_t gaps = gap * (columns_.size() - 1);
    std::size_t total = std::accumulate(widths.begin(), widths.end(), gaps);
    for (; total > columns; --total) {
        const auto widest = std::max_element(widths.begin(), widths.end());
        if (*widest <= least_width) break;
        --*widest;
    }
    return widths;
}

std::string Table::render(std::size_t columns) const {
    const std::vector<std::size_t> width = widths(columns);
    std::string out;
    for (const auto& row : rows_) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i) {
            const std::string cell = shortened(row[i], width[i]);
            const std::string padding(width[i] - display_width(cell), ' ');
            if (i > 0) line.append(gap, ' ');
            line += columns_[i].align == Align::right ? padding + cell : cell + padding;
        }
        line.erase(line.find_last_not_of(' ') + 1);
        out += line + "\n";
    }
    return out;
}

}  // namespace linnet
