// linnet import: puts what `linnet export` wrote where Linnet looks for it. All of it is checked before anything is moved;
// what was there before is put aside, never deleted; the database comes last.
#include "analyzer_connection.hpp"
#include "command.hpp"
#include "home_archive.hpp"
#include "text.hpp"

#include "wire/exit_code.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <sys/stat.h>
#include <unistd.h>

namespace linnet {
namespace {

namespace fs = std::filesystem;

struct Options {
    AnalyzerOptions analyzer;
    std::string file;
    std::string database = "/var/lib/linnet/linnet.db";
    std::string config = "/etc/linnet/linnet.toml";
    bool replace = false;
};

struct Move {
    fs::path from, to;
    bool secret = true;
};

/// A folder beside the database that goes with what is still in it.
class Staging {
 public:
    explicit Staging(const fs::path& beside) {
        auto name = (beside / ".linnet-import-XXXXXX").string();
        if (mkdtemp(name.data()) == nullptr)
            throw std::runtime_error(fmt::format("{} cannot be written: {}.", beside.string(), std::strerror(errno)));
        path_ = name;
    }
    ~Staging() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    Staging(const Staging&) = delete;
    Staging& operator=(const Staging&) = delete;
    [[nodiscard]] const fs::path& path() const { return path_; }

 private:
    fs::path path_;
};

fs::path folder_of(const fs::path& file) { return file.has_parent_path() ? file.parent_path() : fs::path{"."}; }

fs::path target_of(const std::string& name, const Options& options) {
    if (name == "linnet.db") return options.database;
    if (name == "linnet.toml") return options.config;
    return (name.starts_with("secrets/") ? folder_of(options.config) : folder_of(options.database)) / name;
}

bool somebody_answers(const Options& options) {
    constexpr std::chrono::milliseconds patience{500};
    try {
        AnalyzerConnection{options.analyzer.address, patience}.ask("status");
        return true;
    } catch (const api::Error&) {
        return false;
    }
}

/// SQLite's file format: its first words, and at byte 68 whose database it is.
bool is_our_database(const fs::path& file) {
    constexpr std::string_view words{"SQLite format 3\0", 16};
    constexpr std::string_view ours = "LNNT";
    std::array<char, 100> header{};
    std::ifstream stream{file, std::ios::binary};
    stream.read(header.data(), header.size());
    const std::string_view text{header.data(), header.size()};
    return stream.gcount() == static_cast<std::streamsize>(header.size()) && text.starts_with(words) &&
           text.substr(68, 4) == ours;
}

std::string time_in_name() {
    const auto now = std::chrono::floor<Duration>(std::chrono::system_clock::now());
    std::string name;
    for (const char c : to_string(now).substr(0, 19))
        if (c != '-' && c != ':') name += c;
    return name + 'Z';
}

[[noreturn]] void fail(const fs::path& file, const char* what) {
    throw std::runtime_error(fmt::format("{} {}: {}.", file.string(), what, std::strerror(errno)));
}

/// With what SQLite keeps beside it, whose changes belong to the old database.
std::vector<std::string> put_aside(const fs::path& file, const std::string& time) {
    std::vector<std::string> moved;
    for (const char* end : {"", "-wal", "-shm", "-journal"}) {
        const auto old = file.string() + end;
        if (!fs::exists(fs::symlink_status(old))) continue;
        const auto kept = file.string() + ".before-" + time + end;
        if (::rename(old.c_str(), kept.c_str()) != 0) fail(old, "cannot be put aside");
        if (*end == '\0') moved.push_back(kept);
    }
    return moved;
}

/// On another file system there is no renaming: it is copied beside its place first.
void put(const Move& move) {
    const auto folder = folder_of(move.to);
    struct stat owner {};
    if (::stat(folder.c_str(), &owner) != 0) fail(folder, "is not there");
    auto from = move.from;
    if (struct stat there{}; ::stat(from.c_str(), &there) == 0 && there.st_dev != owner.st_dev) {
        from = move.to.string() + ".import-new";
        std::error_code error;
        fs::copy_file(move.from, from, fs::copy_options::overwrite_existing, error);
        if (error) throw std::runtime_error(fmt::format("{} cannot be written: {}.", from.string(), error.message()));
    }
    if (::chmod(from.c_str(), move.secret ? 0600 : 0644) != 0) fail(from, "cannot be protected");
    if (::geteuid() == 0 && ::chown(from.c_str(), owner.st_uid, owner.st_gid) != 0) fail(from, "cannot be given away");
    if (::rename(from.c_str(), move.to.c_str()) != 0) fail(move.to, "cannot be written");
}

std::vector<Move> moves_of(const HomeManifest& manifest, const fs::path& staged, const Options& options) {
    std::vector<Move> moves;
    for (const auto& file : manifest.files)
        moves.push_back({staged / file.name, target_of(file.name, options), is_secret_in_home(file.name)});
    std::stable_sort(moves.begin(), moves.end(),
                     [&](const Move& a, const Move& b) { return (a.to == options.database) < (b.to == options.database); });
    return moves;
}

/// That of secrets; the others have to be there, before anything is moved.
void make_folders(const std::vector<Move>& moves) {
    for (const auto& move : moves) {
        const auto folder = folder_of(move.to);
        if (folder.filename() == "secrets") ::mkdir(folder.c_str(), 0700);
        if (!fs::is_directory(folder)) throw std::runtime_error(folder.string() + " is no folder; install Linnet first.");
    }
}

void refuse_to_overwrite(const HomeManifest& manifest, const Options& options) {
    std::string there;
    for (const auto& file : manifest.files)
        if (const auto target = target_of(file.name, options); fs::exists(fs::symlink_status(target)))
            there += (there.empty() ? "" : ", ") + target.string();
    if (!there.empty())
        throw std::runtime_error(there + ": already there. --replace puts what is there aside, and does not delete it.");
}

int run(const Options& options) {
    if (somebody_answers(options))
        throw std::runtime_error("The analyzer is running: stop it first, `sudo systemctl stop linnet-analyzer`.");
    const HomeManifest listed = check_home(options.file);
    if (!options.replace) refuse_to_overwrite(listed, options);
    const Staging staging{folder_of(options.database)};
    const HomeManifest manifest = read_home(options.file, staging.path());
    const auto moves = moves_of(manifest, staging.path(), options);
    if (moves.empty() || moves.back().to != options.database || !is_our_database(moves.back().from))
        throw ArchiveError{"There is no database of Linnet in this file."};
    make_folders(moves);
    const auto time = time_in_name();
    for (const auto& move : moves) {
        const auto kept = put_aside(move.to, time);
        put(move);
        if (options.analyzer.json) continue;
        fmt::print("{}{}\n", escaped(move.to.string()),
                   kept.empty() ? "" : "  (what was there is now " + escaped(kept.front()) + ")");
    }
    if (options.analyzer.json)
        fmt::print("{}\n", dump(to_json(manifest)));
    else
        fmt::print("\nAll of it is in its place. Start the analyzer: `sudo systemctl start linnet-analyzer`.\n");
    return exit_code::ok;
}

std::function<int()> declare(CLI::App& app) {
    const auto options = std::make_shared<Options>();
    app.add_option("FILE", options->file, "What `linnet export` wrote")->type_name("")->required();
    app.add_option("--database", options->database, "Where the database goes, and keys beside it")
        ->type_name("FILE")
        ->capture_default_str();
    app.add_option("--config", options->config, "Where the configuration goes, and secrets beside it")
        ->type_name("FILE")
        ->capture_default_str();
    app.add_flag("--replace", options->replace, "Put aside what is there");
    options->analyzer.declare(app);
    return [options] { return run(*options); };
}

}  // namespace

const Command import_command{"import", "Puts what `linnet export` wrote in its place", declare};

}  // namespace linnet
