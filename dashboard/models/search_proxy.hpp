// Sorts and filters a model for a view: search as you type, and "only this device".
#pragma once

#include <QSortFilterProxyModel>
#include <QStringList>

namespace linnet {

class SearchProxy : public QSortFilterProxyModel {
 public:
    explicit SearchProxy(QObject* parent = nullptr);

    /// A row stays where each word of `text` occurs in its role::search, in any order and case.
    void set_search(const QString& text);
    /// A row stays where its role::device is `key`; an empty key lets every device pass.
    void set_device(const QString& key);

 protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override;

 private:
    QStringList words_;
    QString device_;
};

}  // namespace linnet
