// The tables of the analyzer's database, as the steps that lead there. A step that was published is never changed; what
// has to change is a new step at the end. `PRAGMA user_version` is the number of steps taken.
#pragma once

#include "sqlite.hpp"

namespace linnet {

/// Brings the database to the newest form, each step in a transaction of its own. Throws DatabaseError where it belongs to
/// another program or to a newer Linnet.
void migrate(Database& database);

}  // namespace linnet
