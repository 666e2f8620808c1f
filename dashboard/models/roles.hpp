// What the models tell beyond Qt's own roles.
#pragma once

#include <qnamespace.h>

namespace linnet::role {

inline constexpr int sort = Qt::UserRole;          ///< a value that compares as a person would sort
inline constexpr int search = Qt::UserRole + 1;    ///< everything about the row that can be searched, case folded
inline constexpr int severity = Qt::UserRole + 2;  ///< int: 1, 2, 3 as Severity; 0 = none
inline constexpr int device = Qt::UserRole + 3;    ///< QString: the key of the device

}  // namespace linnet::role
