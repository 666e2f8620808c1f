// A page of the window, and the table of them. To add one: write pages/x.cpp, and one line in page_table.cpp.
#pragma once

#include "dashboard/models/home.hpp"

#include <QWidget>
#include <array>

namespace linnet {

class Page : public QWidget {
    Q_OBJECT

 public:
    using QWidget::QWidget;

    /// Puts the keyboard where reading begins.
    virtual void enter() = 0;
    /// Puts it where people type what they look for.
    virtual void find() = 0;
    /// Shows what this page knows about the device.
    virtual void show_device(const QString& key) = 0;

 signals:
    /// The user asks for another page, about this device.
    void wanted(const QString& page, const QString& device_key);
};

struct PageEntry {
    QString name;   ///< for --page and `wanted`
    QString title;  ///< in the navigation
    QString icon;   ///< icons/….svg
    Page* (*make)(Home& home, QWidget* parent);
};

const std::array<PageEntry, 2>& page_table();

}  // namespace linnet
