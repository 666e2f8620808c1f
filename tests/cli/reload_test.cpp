// SIGHUP: the running programs read their signatures again, or refuse them with a sentence and go on as before.
#include "capture_writer.hpp"
#include "cli/child_process.hpp"
#include "cli/temporary_directory.hpp"
#include "shell.hpp"
#include "signature_folder.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <csignal>
#include <fstream>
#include <thread>
#include <vector>

using namespace linnet;
namespace fs = std::filesystem;

namespace {

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// A sensor that reads a capture from its standard input, which comes piece by piece.
class Sensor {
 public:
    explicit Sensor(const SignatureFolder& signatures) {
        const auto in = folder_.path() / "in", out = folder_.path() / "out", said = folder_.path() / "error";
        start_ = "mkfifo " + in.string() + "; linnet-sensor --read - --print --signatures " + signatures.path().string() +
                 " <" + in.string() + " >" + out.string() + " 2>" + said.string() + " & p=$!; exec 3>" + in.string() + "\n";
    }

    void send(const std::string& bytes) {
        const auto piece = folder_.path() / ("piece" + std::to_string(pieces_++));
        std::ofstream{piece, std::ios::binary} << bytes;
        script_ += "cat " + piece.string() + " >&3\n";
    }
    void then(const std::string& command) { script_ += command + "\n"; }
    /// Sends SIGHUP and waits for the sentence that it is answered with.
    void hang_up() {
        const auto said = (folder_.path() / "error").string();
        script_ += "said=$(wc -l <" + said + "); kill -HUP $p\nfor i in $(seq 200); do [ $(wc -l <" + said +
                   ") -gt $said ] && break; sleep 0.05; done\n";
    }
    void wait_for_logins(unsigned number) {
        script_ += "for i in $(seq 100); do [ $(grep -c '\"login\"' " + (folder_.path() / "out").string() + ") -ge " +
                   std::to_string(number) + " ] && break; sleep 0.1; done\n";
    }

    /// The default entries of the logins, in order.
    std::vector<int> run_all() {
        const Ran ran = run(start_ + script_ + "exec 3>&-; wait $p");
        CHECK(ran.exit_code == 0);
        error = content_of(folder_.path() / "error");
        std::vector<int> entries;
        for (const auto& line : lines_of(content_of(folder_.path() / "out")))
            if (const auto event = nlohmann::json::parse(line); event.value("event", "") == "login")
                entries.push_back(event.value("default_entry", 0));
        return entries;
    }

    std::string error;

 private:
    TemporaryDirectory folder_;
    std::string start_, script_;
    int pieces_ = 0;
};

/// Three logins of one kind, and where each ends in the capture.
struct Logins {
    CaptureWriter capture;
    std::vector<std::string> pieces;
    Logins() {
        std::size_t before = 0;
        for (std::uint16_t port = 40'001; port <= 40'003; ++port) {
            capture.ftp_login(at_home(5), port, at_home(9), "anna", "tr0ub4dor");
            // Time goes on, so that the sensor hands out what it has.
            for (unsigned i = 0; i < 6; ++i) capture.hallmark_syn(at_home(5), outside(1));
            pieces.push_back(capture.bytes().substr(before));
            before = capture.bytes().size();
        }
    }
};

const std::string new_entry =
    "sed -i 's/^entry = \\[/entry = [ {number = 65000, user = \"anna\", secret = \"tr0ub4dor\", origin = \"test\"},/' ";

/// An analyzer with signatures of its own.
class Analyzer {
 public:
    explicit Analyzer(const SignatureFolder& signatures)
        : process_{find_program("linnet-analyzer"),
                   {"--listen", endpoint("events"), "--api", endpoint("api"), "--database",
                    (folder_.path() / "linnet.db").string(), "--signatures", signatures.path().string()},
                   folder_.path() / "log",
                   StandardInput::none} {}

    void hear(const CaptureWriter& capture) {
        capture.write(folder_.path() / "home.pcap");
        const Ran sensor = run("linnet-sensor --read " + (folder_.path() / "home.pcap").string() +
                               " --sensor pi --connect " + endpoint("events"));
        REQUIRE_MESSAGE(sensor.exit_code == 0, sensor.error);
    }
    /// Sends SIGHUP and waits until the log says `sentence`.
    void hang_up(const std::string& sentence) {
        ::kill(process_.pid(), SIGHUP);
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{20};
        while (!contains(log(), sentence) && std::chrono::steady_clock::now() < end)
            std::this_thread::sleep_for(std::chrono::milliseconds{20});
        CHECK(contains(log(), sentence));
    }
    [[nodiscard]] std::string log() const { return content_of(folder_.path() / "log"); }
    [[nodiscard]] std::vector<nlohmann::json> alerts(const std::string& detector) const {
        std::vector<nlohmann::json> found;
        for (const auto& line : lines_of(run("linnet alerts --json --connect " + endpoint("api")).out))
            if (auto alert = nlohmann::json::parse(line); alert.at("linnet").at("detector") == detector)
                found.push_back(std::move(alert));
        return found;
    }
    [[nodiscard]] std::string status() const { return run("linnet status --connect " + endpoint("api")).out; }

 private:
    [[nodiscard]] std::string endpoint(const std::string& name) const { return "ipc://" + (folder_.path() / name).string(); }

    TemporaryDirectory folder_;
    ChildProcess process_;
};

CaptureWriter knocks(unsigned first, unsigned last) {
    CaptureWriter capture;
    for (unsigned target = first; target <= last; ++target) capture.hallmark_syn(at_home(23), outside(target));
    return capture;
}

}  // namespace

TEST_CASE("sensor: a default credential that was added counts from SIGHUP on") {
    const SignatureFolder signatures;
    const Logins logins;
    Sensor sensor{signatures};
    sensor.send(logins.pieces[0]);
    sensor.wait_for_logins(1);
    sensor.then(new_entry + (signatures / "credentials.toml").string());
    sensor.send(logins.pieces[1]);
    sensor.wait_for_logins(2);
    sensor.hang_up();
    sensor.send(logins.pieces[2]);
    CHECK(sensor.run_all() == std::vector{0, 0, 65000});
    CHECK(sensor.error == "linnet-sensor: the signatures were read anew\n");
}

TEST_CASE("sensor: a bad set is refused with file, line and reason, and the old one stays") {
    const SignatureFolder signatures;
    signatures.change("credentials.toml", "entry = [",
                      "entry = [\n{number = 65000, user = \"anna\", secret = \"tr0ub4dor\", origin = \"test\"},");
    const Logins logins;
    Sensor sensor{signatures};
    sensor.send(logins.pieces[0]);
    sensor.wait_for_logins(1);
    sensor.then("printf 'entry = 3\\n' >" + (signatures / "credentials.toml").string());
    sensor.hang_up();
    sensor.send(logins.pieces[1]);
    sensor.wait_for_logins(2);
    sensor.then("rm " + (signatures / "credentials.toml").string() + "; mkfifo " +
                (signatures / "credentials.toml").string());
    sensor.hang_up();
    sensor.send(logins.pieces[2]);
    CHECK(sensor.run_all() == std::vector{65000, 65000, 65000});
    const std::string sentence = "linnet-sensor: the new signatures were refused and the old ones stay: " +
                                 (signatures / "credentials.toml").string();
    CHECK(sensor.error == sentence + ":1: there is no [[entry]]\n" + sentence + ":0: is not a regular file\n");
}

TEST_CASE("analyzer: new words and numbers from SIGHUP on, and what the detectors remember stays") {
    const SignatureFolder signatures;
    Analyzer analyzer{signatures};
    analyzer.hear(knocks(1, 2));
    CHECK(analyzer.alerts("mirai-scan").empty());

    signatures.change("alerts.toml", "title = \"Mirai-style scanning\"", "title = \"Knocking everywhere\"");
    signatures.change("set.toml", "version = ", "expires = 2999-12-31\nversion = 1000");
    analyzer.hang_up("the signatures were read anew: version 1000");
    analyzer.hear(knocks(3, 3));
    auto alerts = analyzer.alerts("mirai-scan");
    REQUIRE(alerts.size() == 1);
    CHECK(alerts[0].at("linnet").at("evidence").at("targets") == 3);
    CHECK(alerts[0].at("alert").at("signature") == "Knocking everywhere");
    CHECK(contains(analyzer.status(), "Signatures version 1000"));
    CHECK(contains(analyzer.status(), ", expires 2999-12-31\n"));

    signatures.change("thresholds.toml", "hallmark_targets = 3", "hallmark_targets = 30");
    signatures.change("set.toml", "version = 1000", "version = 1001");
    analyzer.hang_up("the signatures were read anew: version 1001");
    CaptureWriter other;
    for (unsigned target = 1; target <= 9; ++target) other.hallmark_syn(at_home(24), outside(target));
    analyzer.hear(other);
    CHECK(analyzer.alerts("mirai-scan").size() == 1);
}

TEST_CASE("analyzer: a bad set is refused with file, line and reason, and the old one stays") {
    const SignatureFolder signatures;
    Analyzer analyzer{signatures};
    analyzer.hear(knocks(1, 2));
    signatures.change("alerts.toml", "[mirai-scan]\n", "[mirai-scan]\ntitle = \"Twice\"\n");
    signatures.change("thresholds.toml", "hallmark_targets = 3", "hallmark_targets = 1");
    const auto sentence = "the new signatures were refused and the old ones stay: " + (signatures / "alerts.toml").string();
    analyzer.hang_up(sentence + ":");
    analyzer.hear(knocks(1, 2));
    CHECK(analyzer.alerts("mirai-scan").empty());
    analyzer.hear(knocks(3, 3));
    const auto alerts = analyzer.alerts("mirai-scan");
    REQUIRE(alerts.size() == 1);
    CHECK(alerts[0].at("alert").at("signature") == "Mirai-style scanning");
}
