#include "opening.hpp"

#include "copies.hpp"
#include "schema.hpp"

#include <fmt/format.h>

#include <fstream>
#include <system_error>
#include <utility>

namespace linnet {
namespace {

using std::filesystem::path;

path marker_of(const path& file) { return file.string() + ".suspect"; }
path candidate_of(const path& file) { return file.string() + ".restoring"; }

Database checked(const path& file) {
    Database database{file};
    migrate(database);
    check(database);
    return database;
}

/// What was cut to nothing is no new database where there are copies of an old one.
bool is_cut_off(const path& file) {
    std::error_code error;
    return std::filesystem::exists(file, error) && std::filesystem::file_size(file, error) == 0 && !copies_of(file).empty();
}

/// Its new name; where an earlier start has moved it already, that one's.
path put_aside(const path& file, Timestamp now) {
    const auto earlier = broken_files_of(file);
    path aside = file.string() + ".broken-" + time_in_name(now);
    std::error_code error;
    if (!std::filesystem::exists(file, error) && !earlier.empty())
        aside = earlier.back();
    else
        for (int again = 2; std::filesystem::exists(aside, error); ++again)
            aside = fmt::format("{}.broken-{}.{}", file.string(), time_in_name(now), again);
    for (const char* end : {"", "-wal", "-shm", "-journal"}) {
        const path from = file.string() + end;
        if (!std::filesystem::exists(from, error)) continue;
        std::filesystem::rename(from, aside.string() + end, error);
        if (error)
            throw DatabaseError{
                fmt::format("The damaged database {} cannot be put aside: {}.", file.string(), error.message())};
    }
    written_out(file.parent_path());
    return aside;
}

/// False where the copy is no good.
bool restore(const path& copy, const path& file) {
    const path candidate = candidate_of(file);
    std::error_code error;
    remove_database(candidate);
    std::filesystem::copy_file(copy, candidate, error);
    if (error)
        throw DatabaseError{fmt::format("{} cannot be restored: {}.", copy.string(), error.message()), Trouble::no_room};
    try {
        checked(candidate);
    } catch (const DatabaseError& bad) {
        if (bad.trouble == Trouble::no_room) throw;
        remove_database(candidate);
        return false;
    }
    written_out(candidate);
    std::filesystem::rename(candidate, file, error);
    written_out(file.parent_path());
    return !error;
}

Restoration repair(const path& file, Timestamp now) {
    mark_as_broken(file);
    Restoration done{.at = now, .broken = put_aside(file, now), .copy = {}, .copied = {}};
    for (const auto& copy : copies_of(file)) {
        if (!restore(copy.file, file)) continue;
        done.copy = copy.file.string();
        done.copied = copy.made;
        break;
    }
    return done;
}

}  // namespace

void mark_as_broken(const path& file) {
    if (file == ":memory:") return;
    std::ofstream{marker_of(file)} << "This database is damaged; linnet-analyzer puts it aside when it starts.\n";
    written_out(file.parent_path());
}

OpenedDatabase open_database(const path& file, Timestamp now) {
    std::error_code error;
    if (file == ":memory:") return {checked(file), {}};
    remove_database(candidate_of(file));
    if (!std::filesystem::exists(marker_of(file), error) && !is_cut_off(file)) {
        try {
            return {checked(file), {}};
        } catch (const DatabaseError& bad) {
            if (bad.trouble != Trouble::broken && bad.trouble != Trouble::unfit) throw;
        }
    }
    auto restoration = repair(file, now);
    auto database = checked(file);
    std::filesystem::remove(marker_of(file), error);
    return {std::move(database), std::move(restoration)};
}

}  // namespace linnet
