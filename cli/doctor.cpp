// linnet doctor: looks at everything that Linnet needs, and says of each what is so and what to do. Also where the analyzer
// is away: that is the first finding then, and the rest is what this computer can say.
#include "analyzer_connection.hpp"
#include "command.hpp"
#include "health.hpp"
#include "terminal.hpp"
#include "text.hpp"

#include "wire/data_directory.hpp"
#include "wire/exit_code.hpp"
#include "wire/keys.hpp"
#include "wire/settings.hpp"
#include "wire/signature_set.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <unistd.h>

namespace linnet {
namespace {

namespace fs = std::filesystem;

constexpr const char* default_database = "/var/lib/linnet/linnet.db";
constexpr const char* sensor_key = "/var/lib/linnet-sensor/sensor.key";
constexpr const char* secrets = "/etc/linnet/secrets";

Timestamp now() { return std::chrono::floor<Duration>(std::chrono::system_clock::now()); }

/// packet(7): whoever may open such a socket may listen.
bool may_listen() {
    const int descriptor = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, htons(ETH_P_ALL));
    if (descriptor < 0) return false;
    close(descriptor);
    return true;
}

/// adjtimex(2), which changes nothing where no mode is set.
std::optional<bool> is_synchronised() {
    timex clock{};
    const int state = adjtimex(&clock);
    if (state < 0) return std::nullopt;
    return state != TIME_ERROR && (static_cast<unsigned>(clock.status) & STA_UNSYNC) == 0;
}

std::optional<DiskSpace> disk_of(const fs::path& file) {
    struct statvfs disk {};
    const auto folder = file.has_parent_path() ? file.parent_path() : fs::path{"."};
    if (statvfs(folder.c_str(), &disk) != 0) return std::nullopt;
    return DiskSpace{std::uint64_t{disk.f_bavail} * disk.f_frsize, std::uint64_t{disk.f_blocks} * disk.f_frsize};
}

/// Those of the secrets here that this user can see.
std::vector<KeyFile> key_files(const fs::path& database) {
    std::vector<fs::path> places{database.parent_path() / "analyzer.key", sensor_key, personal_key_file()};
    std::error_code error;
    for (const auto& entry : fs::directory_iterator{secrets, error}) places.push_back(entry.path());
    std::vector<KeyFile> found;
    for (const auto& place : places) {
        struct stat about {};
        if (stat(place.c_str(), &about) == 0 && S_ISREG(about.st_mode))
            found.push_back({place.string(), about.st_mode & 07777});
    }
    return found;
}

std::optional<std::uint64_t> version_here() {
    try {
        return SignatureSet::read(signatures_directory() / SignatureSet::file_name).version;
    } catch (const std::runtime_error&) {
        return std::nullopt;
    }
}

std::vector<HealthFinding> findings_of(const AnalyzerOptions& options) {
    Json status = Json::object(), flows = Json::array();
    std::string error;
    try {
        AnalyzerConnection analyzer{options.address};
        status = analyzer.ask("status");
        flows = analyzer.ask("flows", {{"limit", flows_for_visibility}});
    } catch (const api::Error& why) {
        error = why.what();
    }
    const bool answers = error.empty(), is_here = !leaves_machine(options.address.endpoint);
    const Json sensors = status.value("sensors", Json::array()), database = status.value("database", Json::object());
    const fs::path file = database.value("path", default_database);
    std::vector<HealthFinding> findings{analyzer_health(error, status.value("version", ""), LINNET_VERSION)};
    const auto add = [&findings](HealthFinding finding) { findings.push_back(std::move(finding)); };
    const auto cannot = [](const char* check) {
        return HealthFinding{check, Health::unknown, "Only the analyzer could say.", {}};
    };
    add(answers ? capture_health(sensors, is_here ? std::optional{may_listen()} : std::nullopt) : cannot("capture"));
    add(answers ? loss_health(sensors) : cannot("loss"));
    add(answers ? visibility_health(status.value("sight", Json()), flows) : cannot("visibility"));
    add(clock_health(now(), is_synchronised(), sensors));
    add(disk_health(database, is_here ? disk_of(file) : std::nullopt));
    add(answers ? link_health(status.value("link", Json())) : cannot("link"));
    add(keys_health(key_files(file)));
    const Json signatures = status.value("signatures", Json::object());
    const auto version = version_here();
    if (answers)
        add(signatures_health({signatures.value("version", std::uint64_t{0}), signatures.value("expires", ""),
                               is_here ? version : std::nullopt},
                              std::chrono::floor<std::chrono::days>(now())));
    else
        add(cannot("signatures"));
    return findings;
}

void print(const HealthFinding& finding, const Terminal& terminal) {
    constexpr std::size_t longest_line = 100, margin = 20;
    const char* word = finding.health == Health::ok ? "ok" : finding.health == Health::problem ? "PROBLEM" : "?";
    const auto width = std::min(terminal.columns, longest_line) - margin;
    auto lead = fmt::format("{:<8}", word);
    if (finding.health == Health::problem) lead = terminal.painted(Paint::red, lead);
    lead += fmt::format(" {:<11}", finding.check);
    const auto put = [&](const std::string& text) {
        for (const auto& line : wrapped(escaped(text), width)) {
            fmt::print("{}{}\n", lead, line);
            lead = std::string(margin, ' ');
        }
    };
    put(finding.text);
    if (!finding.advice.empty()) put("-> " + finding.advice);
}

int run(const AnalyzerOptions& options) {
    const auto findings = findings_of(options);
    const Terminal terminal = Terminal::of(STDOUT_FILENO);
    std::size_t problems = 0;
    for (const auto& finding : findings) {
        problems += finding.health == Health::problem ? 1 : 0;
        if (options.json)
            fmt::print("{}\n", dump(to_json(finding)));
        else
            print(finding, terminal);
    }
    if (!options.json)
        fmt::print("\n{}\n", problems == 0 ? std::string{"Linnet is well. `linnet selftest` tries the whole way."}
                                           : counted(problems, "problem", "problems") + ".");
    return problems == 0 ? exit_code::ok : exit_code::failure;
}

std::function<int()> declare(CLI::App& app) {
    const auto options = std::make_shared<AnalyzerOptions>();
    options->declare(app);
    return [options] { return run(*options); };
}

}  // namespace

const Command doctor_command{"doctor", "Looks at all that Linnet needs, and says what to do", declare};

}  // namespace linnet
