#include "copies.hpp"

#include "schema.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <system_error>
#include <utility>

namespace linnet {
namespace {

/// The files beside the database whose names begin with its own and `mark`.
std::vector<std::filesystem::path> files_beside(const std::filesystem::path& database, std::string_view mark) {
    const auto prefix = database.filename().string() + std::string{mark};
    const auto folder = database.has_parent_path() ? database.parent_path() : std::filesystem::path{"."};
    std::vector<std::filesystem::path> found;
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator{folder, ignored})
        if (entry.path().filename().string().starts_with(prefix)) found.push_back(entry.path());
    std::sort(found.begin(), found.end());
    return found;
}

bool is_companion(const std::filesystem::path& file) {
    const auto name = file.string();
    return name.ends_with("-wal") || name.ends_with("-shm") || name.ends_with("-journal");
}

/// "7-20261122T030000Z"
std::optional<DatabaseCopy> copy_named(const std::filesystem::path& file, std::string_view name) {
    DatabaseCopy copy{.file = file};
    const auto [rest, error] = std::from_chars(name.data(), name.data() + name.size(), copy.number);
    const std::string_view time{rest, static_cast<std::size_t>(name.data() + name.size() - rest)};
    if (error != std::errc{} || time.size() != 17 || time[0] != '-') return std::nullopt;
    const auto at =
        parse_timestamp(fmt::format("{}-{}-{}T{}:{}:{}.000000Z", time.substr(1, 4), time.substr(5, 2), time.substr(7, 2),
                                    time.substr(10, 2), time.substr(12, 2), time.substr(14, 2)));
    if (!at) return std::nullopt;
    copy.made = *at;
    return copy;
}

std::string name_of(const DatabaseCopy& copy) { return fmt::format("{}-{}", copy.number, time_in_name(copy.made)); }

constexpr std::string_view copy_mark = ".copy-", broken_mark = ".broken-";

/// Run by another thread, on a file that nobody else has open.
bool is_good(const std::filesystem::path& file, const std::atomic<bool>& abandoned) {
    try {
        Database copy{file};
        sqlite3_progress_handler(
            copy.handle(), 10'000, [](void* flag) { return static_cast<const std::atomic<bool>*>(flag)->load() ? 1 : 0; },
            const_cast<std::atomic<bool>*>(&abandoned));
        check(copy);
    } catch (const DatabaseError&) {
        return false;
    }
    return written_out(file);
}

}  // namespace

std::string time_in_name(Timestamp at) {
    std::string name;
    for (const char c : to_string(at).substr(0, 19))
        if (c != '-' && c != ':') name += c;
    return name + 'Z';
}

std::vector<DatabaseCopy> copies_of(const std::filesystem::path& database) {
    std::vector<DatabaseCopy> copies;
    const auto prefix = database.filename().string().size() + copy_mark.size();
    for (const auto& file : files_beside(database, copy_mark))
        if (auto copy = copy_named(file, std::string_view{file.filename().native()}.substr(prefix)))
            copies.push_back(std::move(*copy));
    std::sort(copies.begin(), copies.end(), [](const auto& a, const auto& b) { return a.number > b.number; });
    return copies;
}

std::vector<std::filesystem::path> broken_files_of(const std::filesystem::path& database) {
    auto files = files_beside(database, broken_mark);
    std::erase_if(files, is_companion);
    return files;
}

void remove_database(const std::filesystem::path& file) {
    std::error_code ignored;
    for (const char* end : {"", "-wal", "-shm", "-journal"}) std::filesystem::remove(file.string() + end, ignored);
}

bool written_out(const std::filesystem::path& file_or_folder) {
    const int fd = ::open(file_or_folder.empty() ? "." : file_or_folder.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return false;
    const bool done = ::fsync(fd) == 0;
    ::close(fd);
    return done;
}

Copies::Copies(Database& database) : database_{database}, unfinished_{database.file().string() + ".copy-new"} {
    remove_database(unfinished_);
}

Copies::~Copies() { abandon(); }

void Copies::abandon() {
    backup_.reset();
    target_.reset();
    abandoned_ = true;
    if (checker_.joinable()) checker_.join();
    abandoned_ = false;
    verdict_ = Verdict::none;
    remove_database(unfinished_);
}

void Copies::work(Timestamp now) {
    if (database_.file() == ":memory:") return;
    if (backup_)
        step();
    else if (checker_.joinable())
        finish_check();
    else
        begin(now);
}

std::uint64_t Copies::want() {
    if (backup_) return next_.number;
    wanted_ = true;
    const auto copies = copies_of(database_.file());
    const auto newest = copies.empty() ? 0 : copies.front().number;
    return (checker_.joinable() ? std::max(newest, next_.number) : newest) + 1;
}

void Copies::begin(Timestamp now) {
    const bool wanted = std::exchange(wanted_, false);
    if (!wanted && Clock::now() < not_before_) return;
    not_before_ = Clock::now() + std::chrono::minutes{1};  // the folder need not be read at each turn
    const auto copies = copies_of(database_.file());
    if (!wanted && !copies.empty() && std::chrono::abs(now - copies.front().made) < interval) return;
    if (!wanted && database_.integer("SELECT count(*) FROM sensors") == 0) return;  // nothing to lose yet
    if (!has_room()) return give_up("there is no room on the disk");
    next_ = {.file = {}, .number = copies.empty() ? 1 : copies.front().number + 1, .made = now};
    next_.file = database_.file().string() + std::string{copy_mark} + name_of(next_);
    remove_database(unfinished_);
    if (const int fd = ::open(unfinished_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600); fd >= 0) ::close(fd);
    sqlite3* raw = nullptr;
    const int code = sqlite3_open_v2(unfinished_.c_str(), &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
    target_.reset(raw);
    if (code != SQLITE_OK) return give_up("it cannot be written");
    // A copy that was not finished is thrown away: it needs no journal, and is written out in one go at the end.
    sqlite3_exec(raw, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE", nullptr,
                 nullptr, nullptr);
    backup_.reset(sqlite3_backup_init(raw, "main", database_.handle(), "main"));
    if (!backup_) give_up("it cannot be written");
}

/// Room for it, and a reserve for what the database itself writes.
bool Copies::has_room() const {
    constexpr std::uint64_t reserve = 32ULL * 1024 * 1024;
    struct statvfs disk {};
    const auto folder = database_.file().has_parent_path() ? database_.file().parent_path().string() : std::string{"."};
    if (::statvfs(folder.c_str(), &disk) != 0) return true;
    const auto pages = database_.integer("PRAGMA page_count"), size = database_.integer("PRAGMA page_size");
    return std::uint64_t{disk.f_bavail} * disk.f_frsize >= static_cast<std::uint64_t>(pages * size) + reserve;
}

void Copies::step() {
    const int code = sqlite3_backup_step(backup_.get(), pages_at_a_time);
    if (code == SQLITE_OK || code == SQLITE_BUSY || code == SQLITE_LOCKED) return;
    const bool done = code == SQLITE_DONE && sqlite3_backup_finish(backup_.release()) == SQLITE_OK;
    backup_.reset();
    target_.reset();
    if (!done) return give_up(sqlite3_errstr(code));
    verdict_ = Verdict::none;
    checker_ = std::thread{[this] { verdict_ = is_good(unfinished_, abandoned_) ? Verdict::good : Verdict::bad; }};
}

void Copies::finish_check() {
    if (verdict_ == Verdict::none) return;
    checker_.join();
    if (verdict_ == Verdict::bad) return give_up("it was damaged");
    std::error_code error;
    std::filesystem::rename(unfinished_, next_.file, error);
    if (error || !written_out(database_.file().parent_path())) return give_up("it cannot get its name");
    said_ = false;
    newest_ = next_;
    const auto copies = copies_of(database_.file());
    for (std::size_t old = kept; old < copies.size(); ++old) remove_database(copies[old].file);
    spdlog::info("the database was copied to {}", next_.file.string());
}

void Copies::give_up(const char* why) {
    abandon();
    not_before_ = Clock::now() + pause_after_failure;
    if (!std::exchange(said_, true))
        spdlog::warn("the daily copy of {} could not be made: {}; trying again each hour", database_.file().string(), why);
}

void Copies::remove_all() {
    abandon();
    newest_.reset();
    for (const auto& copy : copies_of(database_.file())) remove_database(copy.file);
    for (const auto& file : files_beside(database_.file(), broken_mark)) remove_database(file);
    written_out(database_.file().parent_path());
    not_before_ = {};
}

}  // namespace linnet
