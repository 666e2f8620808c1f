#include "sqlite.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace linnet {
namespace {

constexpr int busy_milliseconds = 2'000;

std::string sentence(int code, const std::filesystem::path& file, const char* detail) {
    const auto name = file.string();
    switch (code & 0xff) {  // the primary result code
        case SQLITE_NOTADB:
            return fmt::format("{} is not a database any more. Start linnet-analyzer again: it puts the file aside.", name);
        case SQLITE_CORRUPT:
            return fmt::format("The database {} is damaged. Start linnet-analyzer again: it puts the file aside.", name);
        case SQLITE_CANTOPEN:
            return fmt::format("The database {} cannot be opened: its folder must exist and be writable.", name);
        case SQLITE_READONLY:
        case SQLITE_PERM:
            return fmt::format("The database {} cannot be written. Check who owns the file and its folder.", name);
        case SQLITE_BUSY:
        case SQLITE_LOCKED: return fmt::format("The database {} is in use. Is another linnet-analyzer running?", name);
        case SQLITE_FULL:
            return fmt::format("The disk that holds the database {} is full. Make room: Linnet goes on by itself.", name);
        case SQLITE_IOERR:
            return fmt::format("The database {} cannot be read or written: {}. Is the disk all right?", name, detail);
        default: return fmt::format("The database {} failed: {}.", name, detail);
    }
}

/// What the disk no longer gives back is as broken as what it gives back wrongly.
Trouble trouble_of(int code) {
    switch (code) {
        case SQLITE_IOERR_READ:
        case SQLITE_IOERR_SHORT_READ:
        case SQLITE_IOERR_CORRUPTFS:
        case SQLITE_IOERR_DATA: return Trouble::broken;
        default: break;
    }
    switch (code & 0xff) {
        case SQLITE_NOTADB:
        case SQLITE_CORRUPT: return Trouble::broken;
        case SQLITE_FULL:
        case SQLITE_IOERR: return Trouble::no_room;
        case SQLITE_ERROR: return Trouble::unfit;
        default: return Trouble::other;
    }
}

/// SQLite gives the files beside it the same permissions.
void create_for_owner(const std::filesystem::path& file) {
    const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd >= 0) ::close(fd);  // else it is there, or sqlite3_open() says why not
}

}  // namespace

Database::Database(const std::filesystem::path& file) : file_{file} {
    std::error_code ignored;  // the sentence for a folder that cannot be made is SQLITE_CANTOPEN's
    if (file.has_parent_path()) std::filesystem::create_directories(file.parent_path(), ignored);
    if (file != ":memory:") create_for_owner(file);
    sqlite3* raw = nullptr;
    const int code =
        sqlite3_open_v2(file.c_str(), &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
    handle_.reset(raw);
    if (code != SQLITE_OK) fail(code);
    sqlite3_extended_result_codes(raw, 1);
    sqlite3_busy_timeout(raw, busy_milliseconds);
    // Another writer would move the cursor behind our back; the lock is held until the process ends.
    execute("PRAGMA locking_mode = EXCLUSIVE");
    execute("PRAGMA journal_mode = WAL");
    execute("PRAGMA synchronous = FULL");
    execute("PRAGMA foreign_keys = ON");
    execute("PRAGMA trusted_schema = OFF");
    execute("PRAGMA secure_delete = ON");
    execute("PRAGMA journal_size_limit = 16777216");
}

void Database::execute(const char* sql) {
    if (const int code = sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr); code != SQLITE_OK) fail(code);
}

std::int64_t Database::integer(std::string_view sql) const {
    Statement statement{*this, sql};
    return statement.step() ? statement.integer(0) : 0;
}

std::string Database::text(std::string_view sql) const {
    Statement statement{*this, sql};
    return statement.step() ? std::string{statement.text(0)} : std::string{};
}

void Database::roll_back() noexcept {
    if (in_transaction()) sqlite3_exec(handle_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void Database::fail(int code) const {
    // What its header calls read-only, though the file is not, is damaged.
    if (code == SQLITE_READONLY && ::access(file_.c_str(), W_OK) == 0) code = SQLITE_CORRUPT;
    throw DatabaseError{sentence(code, file_, handle_ ? sqlite3_errmsg(handle_.get()) : sqlite3_errstr(code)),
                        trouble_of(code)};
}

Statement::Statement(const Database& database, std::string_view sql) : database_{&database} {
    sqlite3_stmt* raw = nullptr;
    const int code = sqlite3_prepare_v3(database.handle(), sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
    handle_.reset(raw);
    if (code != SQLITE_OK) database.fail(code);
}

bool Statement::step() {
    const int code = sqlite3_step(handle_.get());
    if (code != SQLITE_ROW && code != SQLITE_DONE) database_->fail(code);
    return code == SQLITE_ROW;
}

void Statement::run() {
    step();
    reset();
}

void Statement::reset() { sqlite3_reset(handle_.get()); }

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(handle_.get(), column); }

std::string_view Statement::text(int column) const {
    const auto bytes = blob(column);
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

Blob Statement::blob(int column) const {
    const auto* bytes = static_cast<const std::uint8_t*>(sqlite3_column_blob(handle_.get(), column));
    return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column))};
}

void Statement::put(int index, std::int64_t value) { sqlite3_bind_int64(handle_.get(), index, value); }
void Statement::put(int index, std::string_view value) {
    sqlite3_bind_text64(handle_.get(), index, value.data() == nullptr ? "" : value.data(), value.size(), nullptr,
                        SQLITE_UTF8);
}
void Statement::put(int index, Blob value) {
    if (value.data() == nullptr)
        put(index, nullptr);
    else
        sqlite3_bind_blob64(handle_.get(), index, value.data(), value.size(), nullptr);
}
void Statement::put(int index, std::nullptr_t) { sqlite3_bind_null(handle_.get(), index); }

}  // namespace linnet
