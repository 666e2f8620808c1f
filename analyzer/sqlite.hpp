// SQLite's C API, wrapped at birth: a connection and its prepared statements. Every failure is a DatabaseError whose text
// says what a person can do about it.
#pragma once

#include <sqlite3.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace linnet {

/// What kind of failure it is, for who can do something about it.
enum class Trouble : std::uint8_t {
    other,
    broken,   ///< the file is not what was written; another one must take its place
    no_room,  ///< nothing can be written now: the disk is full, or fails; may be over later
    unfit,    ///< the file's form or tables are not what was asked for
};

struct DatabaseError : std::runtime_error {
    explicit DatabaseError(const std::string& sentence, Trouble kind = Trouble::other)
        : std::runtime_error{sentence}, trouble{kind} {}
    Trouble trouble;
};

/// NULL where there are no bytes at all (a null data()).
using Blob = std::span<const std::uint8_t>;
class Database;

/// A prepared statement: bind() the parameters from ?1 on, then step() through the rows. Text and blobs that are bound or
/// read are not copied: what is bound must live until the next reset(), what is read until the next step().
class Statement {
 public:
    Statement(const Database& database, std::string_view sql);

    template <class... Values>
    Statement& bind(const Values&... values) {
        reset();
        int index = 0;
        (put(++index, values), ...);
        return *this;
    }
    /// True while there is a row to read.
    bool step();
    /// For statements without rows.
    void run();
    void reset();

    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] std::string_view text(int column) const;
    [[nodiscard]] Blob blob(int column) const;

 private:
    void put(int index, std::int64_t value);
    void put(int index, std::string_view value);
    void put(int index, Blob value);
    void put(int index, std::nullptr_t);

    struct Finalize {
        void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
    };
    const Database* database_;
    std::unique_ptr<sqlite3_stmt, Finalize> handle_;
};

class Database {
 public:
    /// Opens or creates the file, which only its owner may read, for this process alone; ":memory:" is a database without a
    /// file.
    explicit Database(const std::filesystem::path& file);

    void execute(const char* sql);
    /// The only value of the only row.
    [[nodiscard]] std::int64_t integer(std::string_view sql) const;
    [[nodiscard]] std::string text(std::string_view sql) const;  ///< the same
    /// Nothing is left of the transaction, if there is one.
    void roll_back() noexcept;
    [[nodiscard]] bool in_transaction() const { return sqlite3_get_autocommit(handle_.get()) == 0; }
    /// The row that was inserted last; 0 after clear_last_row(), and an upsert that changes a row leaves it so.
    [[nodiscard]] std::int64_t last_row() const { return sqlite3_last_insert_rowid(handle_.get()); }
    void clear_last_row() { sqlite3_set_last_insert_rowid(handle_.get(), 0); }
    [[nodiscard]] std::int64_t rows_changed() const { return sqlite3_changes64(handle_.get()); }  ///< by the last statement
    [[nodiscard]] const std::filesystem::path& file() const { return file_; }
    [[nodiscard]] sqlite3* handle() const { return handle_.get(); }

    /// Throws DatabaseError for SQLite's result `code`.
    [[noreturn]] void fail(int code) const;

 private:
    struct Close {
        void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
    };
    std::filesystem::path file_;
    std::unique_ptr<sqlite3, Close> handle_;
};

}  // namespace linnet
