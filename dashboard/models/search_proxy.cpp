#include "search_proxy.hpp"

#include "roles.hpp"

#include <algorithm>

namespace linnet {

SearchProxy::SearchProxy(QObject* parent) : QSortFilterProxyModel{parent} {
    setSortRole(role::sort);
    setDynamicSortFilter(true);
}

void SearchProxy::set_search(const QString& text) {
    words_ = text.toCaseFolded().simplified().split(u' ', Qt::SkipEmptyParts);
    invalidateFilter();
}

void SearchProxy::set_device(const QString& key) {
    device_ = key;
    invalidateFilter();
}

bool SearchProxy::filterAcceptsRow(int row, const QModelIndex& parent) const {
    const QModelIndex index = sourceModel()->index(row, 0, parent);
    if (!device_.isEmpty() && index.data(role::device).toString() != device_) return false;
    if (words_.isEmpty()) return true;
    const QString text = index.data(role::search).toString();
    return std::all_of(words_.begin(), words_.end(), [&text](const QString& word) { return text.contains(word); });
}

}  // namespace linnet
