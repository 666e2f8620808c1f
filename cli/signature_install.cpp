#include "signature_install.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <set>
#include <string>
#include <string_view>

namespace linnet {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const fs::path& file, const char* what) {
    throw InstallError{fmt::format("{} {}: {}.", file.string(), what, std::strerror(errno))};
}

class Descriptor {
 public:
    Descriptor(const fs::path& file, int flags) : number_{::open(file.c_str(), flags | O_CLOEXEC, 0644)}, file_{file} {
        if (number_ < 0) fail(file_, "cannot be opened");
    }
    ~Descriptor() { ::close(number_); }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    void write(std::string_view bytes) const {
        while (!bytes.empty()) {
            const ssize_t count = ::write(number_, bytes.data(), bytes.size());
            if (count < 0 && errno == EINTR) continue;
            if (count < 0) fail(file_, "cannot be written");
            bytes.remove_prefix(static_cast<std::size_t>(count));
        }
    }
    void sync() const {
        if (::fsync(number_) != 0) fail(file_, "cannot be written");
    }
    void lock() const {
        if (::flock(number_, LOCK_EX | LOCK_NB) != 0)
            throw InstallError{fmt::format("Somebody else is installing into {} just now.", file_.string())};
    }

 private:
    int number_;
    fs::path file_;
};

/// "signatures.7.Xy12Ab" for "signatures": the folder of a set, made by us.
bool is_set_folder(const std::string& name, const std::string& place) {
    constexpr std::string_view digits = "0123456789";
    if (!name.starts_with(place + ".")) return false;
    const auto rest = std::string_view{name}.substr(place.size() + 1);
    const auto dot = rest.find('.');
    return dot != std::string_view::npos && dot > 0 &&
           rest.substr(0, dot).find_first_not_of(digits) == std::string_view::npos && rest.size() == dot + 7;
}

void clear_away(const fs::path& parent, const std::string& place, const std::set<std::string>& keep) {
    std::set<std::string> old;
    for (const auto& entry : fs::directory_iterator{parent})
        if (const auto name = entry.path().filename().string(); is_set_folder(name, place) && !keep.contains(name))
            old.insert(name);
    for (const auto& name : old) fs::remove_all(parent / name);
}

fs::path make_folder(const fs::path& parent, const std::string& place, std::uint64_t version) {
    std::string name = (parent / fmt::format("{}.{}.XXXXXX", place, version)).string();
    if (::mkdtemp(name.data()) == nullptr) fail(name, "cannot be made");
    ::chmod(name.c_str(), 0755);
    return name;
}

void write_files(const fs::path& folder, const std::vector<BundledFile>& files) {
    for (const auto& file : files) {
        const Descriptor out{folder / file.name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW};
        out.write(file.text);
        out.sync();
    }
    Descriptor{folder, O_RDONLY | O_DIRECTORY}.sync();
}

std::string target_of(const fs::path& link) {
    std::error_code error;
    return fs::read_symlink(link, error).filename().string();
}

}  // namespace

std::optional<SignatureSet> installed_set(const fs::path& place) {
    const auto status = fs::symlink_status(place);
    if (!fs::exists(status)) return std::nullopt;
    if (!fs::is_symlink(status))
        throw InstallError{fmt::format("{} is there already, and was not made by an installation.", place.string())};
    return SignatureSet::read(place / SignatureSet::file_name);
}

void install_set(const fs::path& place, const SignatureSet& set, const std::vector<BundledFile>& files,
                 const std::function<void(const fs::path& folder)>& check) {
    const auto parent = place.has_parent_path() ? place.parent_path() : fs::path{"."};
    const auto name = place.filename().string();
    if (name.empty()) throw InstallError{fmt::format("{} is not the name of a folder.", place.string())};
    fs::create_directories(parent);
    const Descriptor home{parent, O_RDONLY | O_DIRECTORY};
    home.lock();
    if (const auto there = installed_set(place); there && there->version > set.version)
        throw InstallError{
            fmt::format("Version {} is older than version {}, which is installed.", set.version, there->version)};
    const auto before = target_of(place);
    clear_away(parent, name, {before});
    const auto folder = make_folder(parent, name, set.version);
    try {
        write_files(folder, files);
        check(folder);
    } catch (...) {
        fs::remove_all(folder);
        throw;
    }
    const auto link = parent / (name + ".new");
    fs::remove(link);
    fs::create_directory_symlink(folder.filename(), link);
    fs::rename(link, place);
    home.sync();
}

}  // namespace linnet
