// Rows of values in the order of their keys, as a Qt model: what changed is inserted or replaced in its place, so that a
// view keeps its selection and its scroll position. Views never see a reset.
//
// `Traits` has: key(row) -> something with < and ==; last_seen(row) -> Timestamp. A table holds at most `most` rows; the
// least recently seen gives way.
#pragma once

#include "wire/types.hpp"

#include <QAbstractTableModel>
#include <algorithm>
#include <iterator>
#include <vector>

namespace linnet {

template <typename Row, typename Traits>
class KeyedTable : public QAbstractTableModel {
 public:
    explicit KeyedTable(std::size_t most, QObject* parent = nullptr) : QAbstractTableModel{parent}, most_{most} {}

    int rowCount(const QModelIndex& parent = {}) const override {
        return parent.isValid() ? 0 : static_cast<int>(rows_.size());
    }

    const std::vector<Row>& rows() const { return rows_; }
    const Row& row(int at) const { return rows_[static_cast<std::size_t>(at)]; }

    /// The row with this key, or -1.
    template <typename Key>
    int row_of(const Key& key) const {
        const auto at = place_of(key);
        return at < rows_.size() && Traits::key(rows_[at]) == key ? static_cast<int>(at) : -1;
    }

    /// Inserts what is new and replaces what has changed.
    void upsert(std::vector<Row> changed) {
        sort_by_key(changed);
        for (auto next = changed.begin(); next != changed.end();) {
            const auto at = place_of(Traits::key(*next));
            next = is_at(at, *next) ? replace_run(at, next, changed.end()) : insert_run(at, next, changed.end());
        }
        while (rows_.size() > most_) {
            const auto oldest = std::min_element(rows_.begin(), rows_.end(), [](const Row& a, const Row& b) {
                return Traits::last_seen(a) < Traits::last_seen(b);
            });
            const auto at = static_cast<std::size_t>(std::distance(rows_.begin(), oldest));
            remove(at, at + 1);
        }
    }

    /// Nothing happens where there is no such row.
    template <typename Key>
    void erase(const Key& key) {
        const int at = row_of(key);
        if (at >= 0) remove(static_cast<std::size_t>(at), static_cast<std::size_t>(at) + 1);
    }

    /// Makes the table hold exactly `all`, with the fewest changes.
    void replace(std::vector<Row> all) {
        sort_by_key(all);
        const auto stays = [&all](const Row& row) {
            return std::binary_search(all.begin(), all.end(), row,
                                      [](const Row& a, const Row& b) { return Traits::key(a) < Traits::key(b); });
        };
        for (std::size_t end = rows_.size(); end > 0;) {
            if (stays(rows_[end - 1])) {
                --end;
                continue;
            }
            std::size_t first = end - 1;
            while (first > 0 && !stays(rows_[first - 1])) --first;
            remove(first, end);
            end = first;
        }
        upsert(std::move(all));
    }

 protected:
    void say_column_changed(int column) {
        if (!rows_.empty()) emit dataChanged(index(0, column), index(rowCount() - 1, column));
    }

 private:
    using Iterator = typename std::vector<Row>::iterator;

    /// By key, each key once: the last one said counts.
    static void sort_by_key(std::vector<Row>& rows) {
        std::stable_sort(rows.begin(), rows.end(),
                         [](const Row& a, const Row& b) { return Traits::key(a) < Traits::key(b); });
        const auto kept = std::unique(rows.rbegin(), rows.rend(),
                                      [](const Row& a, const Row& b) { return Traits::key(a) == Traits::key(b); });
        rows.erase(rows.begin(), kept.base());
    }

    template <typename Key>
    std::size_t place_of(const Key& key) const {
        const auto at = std::lower_bound(rows_.begin(), rows_.end(), key,
                                         [](const Row& row, const Key& k) { return Traits::key(row) < k; });
        return static_cast<std::size_t>(std::distance(rows_.begin(), at));
    }

    bool is_at(std::size_t at, const Row& row) const {
        return at < rows_.size() && Traits::key(rows_[at]) == Traits::key(row);
    }

    Iterator replace_run(std::size_t first, Iterator next, Iterator end) {
        std::size_t at = first;
        for (; next != end && is_at(at, *next); ++at, ++next) rows_[at] = std::move(*next);
        emit dataChanged(index(static_cast<int>(first), 0), index(static_cast<int>(at) - 1, columnCount() - 1));
        return next;
    }

    Iterator insert_run(std::size_t at, Iterator next, Iterator end) {
        auto last = std::next(next);
        while (last != end && (at == rows_.size() || Traits::key(*last) < Traits::key(rows_[at]))) ++last;
        const int first_row = static_cast<int>(at);
        beginInsertRows({}, first_row, first_row + static_cast<int>(std::distance(next, last)) - 1);
        rows_.insert(rows_.begin() + static_cast<std::ptrdiff_t>(at), std::make_move_iterator(next),
                     std::make_move_iterator(last));
        endInsertRows();
        return last;
    }

    void remove(std::size_t first, std::size_t end) {
        beginRemoveRows({}, static_cast<int>(first), static_cast<int>(end) - 1);
        rows_.erase(rows_.begin() + static_cast<std::ptrdiff_t>(first), rows_.begin() + static_cast<std::ptrdiff_t>(end));
        endRemoveRows();
    }

    std::size_t most_;
    std::vector<Row> rows_;
};

}  // namespace linnet
