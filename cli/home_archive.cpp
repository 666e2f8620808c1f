#include "home_archive.hpp"

#include "text.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <optional>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace linnet {
namespace {

namespace fs = std::filesystem;

constexpr const char* manifest_name = "manifest.json";
constexpr std::size_t block = 64 * 1024;

[[noreturn]] void fail(const fs::path& file, const std::string& what) {
    throw ArchiveError{fmt::format("{} {}.", file.string(), what)};
}
[[noreturn]] void fail_with_errno(const fs::path& file, const char* what) {
    fail(file, fmt::format("{}: {}", what, std::strerror(errno)));
}

class File {
 public:
    File(fs::path path, int flags, mode_t mode = 0) : path_{std::move(path)} {
        descriptor_ = ::open(path_.c_str(), flags | O_CLOEXEC | O_NOFOLLOW, mode);
        if (descriptor_ < 0) fail_with_errno(path_, (flags & O_CREAT) != 0 ? "cannot be written" : "cannot be read");
    }
    ~File() { ::close(descriptor_); }
    File(const File&) = delete;
    File& operator=(const File&) = delete;

    [[nodiscard]] int descriptor() const { return descriptor_; }
    std::size_t read(std::array<char, block>& into) const {
        const auto got = ::read(descriptor_, into.data(), into.size());
        if (got < 0) fail_with_errno(path_, "cannot be read");
        return static_cast<std::size_t>(got);
    }
    void write(const char* bytes, std::size_t count) const {
        while (count > 0) {
            const auto put = ::write(descriptor_, bytes, count);
            if (put < 0 && errno != EINTR) fail_with_errno(path_, "cannot be written");
            const auto done = put < 0 ? 0 : static_cast<std::size_t>(put);
            bytes += done;
            count -= done;
        }
    }
    void write_out() const {
        if (::fsync(descriptor_) != 0) fail_with_errno(path_, "cannot be written");
    }
    void rewind() const {
        if (::lseek(descriptor_, 0, SEEK_SET) != 0) fail_with_errno(path_, "cannot be read");
    }

 private:
    fs::path path_;
    int descriptor_ = -1;
};

class Sum {
 public:
    Sum() { crypto_hash_sha256_init(&state_); }
    void add(const void* bytes, std::size_t count) {
        crypto_hash_sha256_update(&state_, static_cast<const unsigned char*>(bytes), count);
    }
    std::string text() {
        std::array<unsigned char, crypto_hash_sha256_BYTES> sum{};
        crypto_hash_sha256_final(&state_, sum.data());
        std::string text;
        for (const auto byte : sum) text += fmt::format("{:02x}", byte);
        return text;
    }

 private:
    crypto_hash_sha256_state state_{};
};

HomeFile measured(const std::string& name, const File& file) {
    HomeFile about{.name = name, .bytes = 0, .sha256 = {}};
    Sum sum;
    std::array<char, block> bytes{};
    while (const auto count = file.read(bytes)) {
        sum.add(bytes.data(), count);
        about.bytes += count;
    }
    about.sha256 = sum.text();
    return about;
}

/// Goes where it is not kept.
class Unfinished {
 public:
    explicit Unfinished(fs::path file) : file_{std::move(file)} {}
    ~Unfinished() {
        std::error_code ignored;
        if (!kept_) fs::remove(file_, ignored);
    }
    Unfinished(const Unfinished&) = delete;
    Unfinished& operator=(const Unfinished&) = delete;
    void keep() { kept_ = true; }

 private:
    fs::path file_;
    bool kept_ = false;
};

class Writer {
 public:
    Writer(const File& file, fs::path name) : name_{std::move(name)} {
        check(archive_write_set_format_pax_restricted(handle_.get()));
        check(archive_write_add_filter_gzip(handle_.get()));
        check(archive_write_open_fd(handle_.get(), file.descriptor()));
    }
    void begin(const std::string& name, std::uint64_t bytes, Timestamp at) {
        const std::unique_ptr<archive_entry, void (*)(archive_entry*)> entry{archive_entry_new(), archive_entry_free};
        archive_entry_set_pathname(entry.get(), name.c_str());
        archive_entry_set_size(entry.get(), static_cast<la_int64_t>(bytes));
        archive_entry_set_filetype(entry.get(), AE_IFREG);
        archive_entry_set_perm(entry.get(), 0600);
        archive_entry_set_mtime(entry.get(), std::chrono::system_clock::to_time_t(at), 0);
        check(archive_write_header(handle_.get(), entry.get()));
    }
    void add(const char* bytes, std::size_t count) {
        if (archive_write_data(handle_.get(), bytes, count) != static_cast<la_ssize_t>(count)) check(ARCHIVE_FATAL);
    }
    void finish() { check(archive_write_close(handle_.get())); }

 private:
    void check(int result) const {
        if (result == ARCHIVE_OK) return;
        const char* why = archive_error_string(handle_.get());
        fail(name_, fmt::format("cannot be written: {}", why == nullptr ? "libarchive failed" : why));
    }
    fs::path name_;
    std::unique_ptr<archive, int (*)(archive*)> handle_{archive_write_new(), archive_write_free};
};

void add_whole(Writer& writer, const HomeFile& about, const File& file, Timestamp at) {
    writer.begin(about.name, about.bytes, at);
    std::array<char, block> bytes{};
    std::uint64_t left = about.bytes;
    while (left > 0) {
        const auto count = std::min<std::uint64_t>(file.read(bytes), left);
        if (count == 0) throw ArchiveError{fmt::format("{} was changed while it was read. Try again.", about.name)};
        writer.add(bytes.data(), count);
        left -= count;
    }
}

class Reader {
 public:
    Reader(const File& file, fs::path name) : name_{std::move(name)} {
        archive_read_support_format_tar(handle_.get());
        archive_read_support_filter_gzip(handle_.get());
        if (archive_read_open_fd(handle_.get(), file.descriptor(), block) != ARCHIVE_OK)
            throw ArchiveError{fmt::format("{} is no file of `linnet export`.", name_.string())};
    }
    /// The next file's length; nothing at the end. What is no plain file called `name` is refused.
    std::optional<std::uint64_t> next(std::string_view name) {
        archive_entry* entry = nullptr;
        const int result = archive_read_next_header(handle_.get(), &entry);
        if (result == ARCHIVE_EOF) return std::nullopt;
        if (result != ARCHIVE_OK) throw ArchiveError{fmt::format("{} is no file of `linnet export`.", name_.string())};
        const char* found = archive_entry_pathname(entry);
        if (found == nullptr || found != name)
            throw ArchiveError{fmt::format("{} has something in it that does not belong there: {}.", name_.string(),
                                           escaped(found == nullptr ? "a file without a name" : found))};
        const bool is_link = archive_entry_hardlink(entry) != nullptr || archive_entry_symlink(entry) != nullptr;
        if (archive_entry_filetype(entry) != AE_IFREG || is_link || archive_entry_size_is_set(entry) == 0 ||
            archive_entry_sparse_count(entry) > 0 || archive_entry_size(entry) < 0)
            throw ArchiveError{fmt::format("{} in {} is no plain file.", name, name_.string())};
        return static_cast<std::uint64_t>(archive_entry_size(entry));
    }
    std::size_t read(std::array<char, block>& into) {
        const auto got = archive_read_data(handle_.get(), into.data(), into.size());
        if (got < 0) throw ArchiveError{fmt::format("{} is damaged.", name_.string())};
        return static_cast<std::size_t>(got);
    }
    [[nodiscard]] const fs::path& name() const { return name_; }

 private:
    fs::path name_;
    std::unique_ptr<archive, int (*)(archive*)> handle_{archive_read_new(), archive_read_free};
};

HomeManifest manifest_of(Reader& reader) {
    const auto length = reader.next(manifest_name);
    if (!length || *length > HomeManifest::max_bytes)
        throw ArchiveError{fmt::format("{} is no file of `linnet export`.", reader.name().string())};
    std::string text;
    std::array<char, block> bytes{};
    while (const auto count = reader.read(bytes)) text.append(bytes.data(), count);
    return parse_home_manifest(text);
}

/// Each byte goes to `to` where there is one; no more than was promised is ever read.
void take(Reader& reader, const HomeFile& about, const File* to) {
    const auto length = reader.next(about.name);
    if (!length) throw ArchiveError{fmt::format("{} is not all there: {} is missing.", reader.name().string(), about.name)};
    if (*length != about.bytes)
        throw ArchiveError{fmt::format("{} in {} has not the length that it should.", about.name, reader.name().string())};
    Sum sum;
    std::uint64_t left = about.bytes;
    std::array<char, block> bytes{};
    while (const auto count = reader.read(bytes)) {
        if (count > left) throw ArchiveError{fmt::format("{} is damaged.", reader.name().string())};
        left -= count;
        sum.add(bytes.data(), count);
        if (to != nullptr) to->write(bytes.data(), count);
    }
    if (left > 0 || sum.text() != about.sha256)
        throw ArchiveError{fmt::format("{} in {} is damaged: its sum is another.", about.name, reader.name().string())};
}

void refuse_where_no_room(const HomeManifest& manifest, const fs::path& folder) {
    constexpr std::uint64_t reserve = 64ULL << 20;
    std::uint64_t needed = reserve;
    for (const auto& file : manifest.files) needed += file.bytes;
    struct statvfs disk {};
    if (::statvfs(folder.c_str(), &disk) == 0 && std::uint64_t{disk.f_bavail} * disk.f_frsize < needed)
        throw ArchiveError{fmt::format("There is no room for it in {}: {} are needed.", folder.string(), amount(needed))};
}

HomeManifest go_through(const fs::path& archive, const fs::path* folder) {
    const File file{archive, O_RDONLY};
    Reader reader{file, archive};
    HomeManifest manifest = manifest_of(reader);
    if (folder != nullptr) refuse_where_no_room(manifest, *folder);
    for (const auto& about : manifest.files) {
        if (folder == nullptr) {
            take(reader, about, nullptr);
            continue;
        }
        const auto target = *folder / about.name;  // one of the names of longest_in_home(): it stays in the folder
        if (target.parent_path() != *folder) ::mkdir(target.parent_path().c_str(), 0700);
        const File to{target, O_WRONLY | O_CREAT | O_EXCL, 0600};
        take(reader, about, &to);
        to.write_out();
    }
    if (reader.next(""))
        throw ArchiveError{fmt::format("{} has something in it that does not belong there.", archive.string())};
    return manifest;
}

}  // namespace

HomeManifest write_home(const fs::path& archive, const std::vector<HomeSource>& sources, const std::string& version,
                        Timestamp now) {
    HomeManifest manifest{.version = version, .made = now, .files = {}};
    std::vector<std::unique_ptr<File>> files;
    for (const auto& [name, path] : sources) {
        files.push_back(std::make_unique<File>(path, O_RDONLY));
        manifest.files.push_back(measured(name, *files.back()));
        if (manifest.files.back().bytes > longest_in_home(name)) fail(path, "is too long, or may not be in an export");
        files.back()->rewind();
    }
    const fs::path unfinished = archive.string() + ".part";
    const File out{unfinished, O_WRONLY | O_CREAT | O_EXCL, 0600};
    Unfinished guard{unfinished};
    Writer writer{out, unfinished};
    const auto text = dump(to_json(manifest));
    writer.begin(manifest_name, text.size(), now);
    writer.add(text.data(), text.size());
    for (std::size_t i = 0; i < files.size(); ++i) add_whole(writer, manifest.files[i], *files[i], now);
    writer.finish();
    out.write_out();
    if (::rename(unfinished.c_str(), archive.c_str()) != 0) fail_with_errno(archive, "cannot be written");
    guard.keep();
    return manifest;
}

HomeManifest read_home(const fs::path& archive, const fs::path& folder) { return go_through(archive, &folder); }
HomeManifest check_home(const fs::path& archive) { return go_through(archive, nullptr); }

}  // namespace linnet
