// Opening the database so that the analyzer always starts: one that is broken is put aside, never deleted, and the newest
// good copy (copies.hpp) takes its place; without one, a new database begins.
#pragma once

#include "sqlite.hpp"
#include "wire/event.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace linnet {

/// What was done about a broken database.
struct Restoration {
    Timestamp at;
    std::filesystem::path broken;     ///< where it is now
    std::string copy;                 ///< file that took its place; empty = a new database was begun
    std::optional<Timestamp> copied;  ///< when that copy was made
};

struct OpenedDatabase {
    Database database;
    std::optional<Restoration> restoration;
};

/// Checked, and of the newest form. Throws DatabaseError where it is another program's or a newer Linnet's, in use, or not
/// to be written. `now` is the time of day.
OpenedDatabase open_database(const std::filesystem::path& file, Timestamp now);

/// The next start puts it aside, whatever the check there finds.
void mark_as_broken(const std::filesystem::path& file);

}  // namespace linnet
