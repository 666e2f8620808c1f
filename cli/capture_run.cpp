#include "capture_run.hpp"

#include "analyzer_connection.hpp"
#include "child_process.hpp"
#include "progress.hpp"
#include "temporary_directory.hpp"

#include "wire/alert_standing.hpp"
#include "wire/exit_code.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <fstream>
#include <stdexcept>
#include <tuple>
#include <utility>

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace linnet {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

/// The analyzer gave up; what() is its own sentence.
struct AnalyzerEnded : std::runtime_error {
    AnalyzerEnded(int code, const std::string& sentence) : std::runtime_error(sentence), exit_code(code) {}
    int exit_code;
};

/// The last line of a child's output, where its one sentence is, without the child's name before it.
std::string last_words(const fs::path& log, const std::string& program) {
    std::ifstream file{log};
    std::string last;
    for (std::string line; std::getline(file, line);)
        if (!line.empty()) last = line;
    if (const std::string prefix = program + ": "; last.rfind(prefix, 0) == 0) last.erase(0, prefix.size());
    return last;
}

std::string how_it_ended(const std::string& program, const ChildProcess::End& end, const fs::path& log) {
    if (end.signal != 0)
        return fmt::format("{} was ended by signal {} ({}); please report this.", program, end.signal,
                           strsignal(end.signal));
    std::string words = last_words(log, program);
    if (!words.empty() || end.exit_code == exit_code::ok) return words;
    return fmt::format("{} ended with exit code {} and did not say why; please report this.", program, end.exit_code);
}

bool listens(const fs::path& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string name = path.string();
    if (name.size() >= sizeof address.sun_path) return false;
    std::memcpy(address.sun_path, name.c_str(), name.size() + 1);
    const int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    // The kernel's own interface wants this cast.
    const bool connected = connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;  // NOLINT
    close(descriptor);
    return connected;
}

std::vector<std::string> analyzer_arguments(const CaptureOptions& options, const fs::path& folder) {
    std::vector<std::string> arguments{"--listen",
                                       "ipc://" + (folder / "events").string(),
                                       "--api",
                                       "ipc://" + (folder / "api").string(),
                                       "--database",
                                       (folder / "linnet.db").string(),
                                       "--keep-flows",
                                       "0",
                                       "--keep-alerts",
                                       "0",
                                       "--log-level",
                                       "error",
                                       "--strangers-local"};
    for (const std::string& prefix : options.home) arguments.insert(arguments.end(), {"--home", prefix});
    return arguments;
}

class CaptureRun {
 public:
    CaptureRun(const CaptureOptions& options, const Interruption& interruption)
        : options_(options),
          interruption_(interruption),
          analyzer_(find_program("linnet-analyzer"), analyzer_arguments(options, folder_.path()), analyzer_log(),
                    StandardInput::none) {
        wait_until_it_listens();
    }

    CaptureResult result() {
        constexpr std::chrono::seconds patience{60};
        AnalyzerConnection analyzer{"ipc://" + (folder_.path() / "api").string(), patience};
        const ChildProcess::End end = run_sensor(analyzer);
        CaptureResult result;
        result.problem = how_it_ended("linnet-sensor", end, sensor_log());
        result.exit_code = end.signal != 0 ? exit_code::failure : end.exit_code;
        collect(analyzer, result);
        return result;
    }

 private:
    [[nodiscard]] fs::path analyzer_log() const { return folder_.path() / "analyzer.log"; }
    [[nodiscard]] fs::path sensor_log() const { return folder_.path() / "sensor.log"; }

    /// Until a child ends or the time is over (negative: never). Throws Interrupted, and AnalyzerEnded.
    void wait(const ChildProcess* sensor, int timeout_ms) const {
        std::array<pollfd, 3> waited{{{interruption_.descriptor(), POLLIN, 0},
                                      {analyzer_.descriptor(), POLLIN, 0},
                                      {sensor == nullptr ? -1 : sensor->descriptor(), POLLIN, 0}}};
        poll(waited.data(), waited.size(), timeout_ms);
        interruption_.check();
        const auto end = analyzer_.ended();
        if (!end) return;
        throw AnalyzerEnded(end->exit_code == exit_code::configuration ? exit_code::configuration : exit_code::failure,
                            how_it_ended("linnet-analyzer", *end, analyzer_log()));
    }

    void wait_until_it_listens() const {
        constexpr std::chrono::seconds patience{30};
        const auto deadline = std::chrono::steady_clock::now() + patience;
        while (!listens(folder_.path() / "api") || !listens(folder_.path() / "events")) {
            if (std::chrono::steady_clock::now() > deadline)
                throw std::runtime_error("linnet-analyzer did not get ready; please report this.");
            wait(nullptr, 1);
        }
    }

    ChildProcess::End run_sensor(AnalyzerConnection& analyzer) {
        const bool from_standard_input = options_.capture == "-";
        const ChildProcess sensor{find_program("linnet-sensor"),
                                  {"--read=" + options_.capture, "--sensor", "inspect", "--connect",
                                   "ipc://" + (folder_.path() / "events").string()},
                                  sensor_log(),
                                  from_standard_input ? StandardInput::ours : StandardInput::none};
        Progress progress{from_standard_input ? "standard input" : options_.capture};
        while (!sensor.ended()) {
            constexpr milliseconds between_two_looks{250};
            wait(&sensor, progress.wanted() ? static_cast<int>(between_two_looks.count()) : -1);
            if (progress.wanted() && !sensor.ended()) show_progress(progress, analyzer);
        }
        return *sensor.ended();
    }

    /// As far as the analyzer has committed.
    static void show_progress(Progress& progress, AnalyzerConnection& analyzer) {
        const Json status = analyzer.ask("status");
        for (const Json& sensor : status.at("sensors")) {
            const double fraction = sensor.value("progress", 0) / 1000.0;
            progress.show(fraction > 0 ? std::optional{fraction} : std::nullopt, sensor.value("packets", std::uint64_t{0}));
        }
    }

    void collect(AnalyzerConnection& analyzer, CaptureResult& result) const {
        const Json status = analyzer.ask("status");
        for (const Json& sensor : status.at("sensors")) result.stats = labelled(sensor.at("stats"));
        for (const Json& device : analyzer.ask("devices")) result.devices.push_back(labelled(device));
        analyzer.ask_for_rows("alerts", Json::object(), [&](const Json& alert) {
            result.alerts.push_back(labelled(alert));
            remove_standing(result.alerts.back());  // nobody has said anything of a capture
            return true;
        });
        std::reverse(result.alerts.begin(), result.alerts.end());
        if (options_.report && result.stats)  // of the time that the capture tells of, whatever the clock says
            result.report = analyzer.ask("report", {{"as_of", result.stats->at("timestamp")}});
        if (options_.flows) result.flows = flow_lines(analyzer);
    }

    std::vector<std::string> flow_lines(AnalyzerConnection& analyzer) const {
        struct Line {
            std::string first_seen;
            std::uint64_t id;
            std::string text;
        };
        std::vector<Line> lines;
        analyzer.ask_for_rows("flows", Json::object(), [&](const Json& flow) {
            lines.push_back({flow.at("flow").at("start"), flow.at("flow_id"), dump(labelled(without_row(flow)))});
            return true;
        });
        std::sort(lines.begin(), lines.end(),
                  [](const Line& a, const Line& b) { return std::tie(a.first_seen, a.id) < std::tie(b.first_seen, b.id); });
        std::vector<std::string> texts;
        texts.reserve(lines.size());
        for (Line& line : lines) texts.push_back(std::move(line.text));
        return texts;
    }

    /// The row's number in a database that is thrown away tells nobody anything.
    static Json without_row(Json flow) {
        Json& part = flow.at("linnet");
        part.erase("row");
        if (part.empty()) flow.erase("linnet");
        return flow;
    }

    [[nodiscard]] Json labelled(Json record) const {
        if (options_.named_records) record["pcap_filename"] = options_.capture;
        return record;
    }

    const CaptureOptions& options_;
    const Interruption& interruption_;
    TemporaryDirectory folder_;
    ChildProcess analyzer_;
};

}  // namespace

CaptureResult run_capture(const CaptureOptions& options, const Interruption& interruption) {
    CaptureResult result;
    if (options.capture == "-" && isatty(STDIN_FILENO) == 1) {
        result.problem = "Standard input is a terminal; send a capture into it, or name a file.";
        result.exit_code = exit_code::failure;
        return result;
    }
    try {
        result = CaptureRun{options, interruption}.result();
    } catch (const AnalyzerEnded& ended) {
        result.problem = ended.what();
        result.exit_code = ended.exit_code;
    }
    if (!result.problem.empty() && result.problem.find(options.capture) == std::string::npos)
        result.problem = options.capture + ": " + result.problem;
    return result;
}

}  // namespace linnet
