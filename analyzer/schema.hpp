// The tables of the analyzer's database, as the steps that lead there. A step that was published is never changed; what
// has to change is a new step at the end. `PRAGMA user_version` is the number of steps taken.
#pragma once

#include "sqlite.hpp"

namespace linnet {

/// Brings the database to the newest form, each step in a transaction of its own. Throws DatabaseError where it belongs to
/// another program or to a newer Linnet; with Trouble::broken where it is Linnet's and the steps fail.
void migrate(Database& database);

/// Throws DatabaseError, with Trouble::broken where a page is damaged or a table or index is not as migrate() makes it.
/// Reads the whole file, but does not compare the indexes with what they point at (SQLite's quick_check).
void check(Database& database);

}  // namespace linnet
