// `linnet inspect` as people run it: the real sensor, link and analyzer.
#include "capture_writer.hpp"
#include "cli/temporary_directory.hpp"
#include "shell.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <string>
#include <vector>

using namespace linnet;
using Records = std::vector<nlohmann::json>;

namespace {

namespace fs = std::filesystem;

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

Records records_of(const std::string& lines) {
    Records records;
    for (const std::string& line : lines_of(lines)) records.push_back(nlohmann::json::parse(line));
    return records;
}

Records of_type(const Records& records, const std::string& type) {
    Records found;
    std::copy_if(records.begin(), records.end(), std::back_inserter(found),
                 [&type](const nlohmann::json& record) { return record.at("event_type") == type; });
    return found;
}

std::vector<std::string> detectors_of(const Records& records) {
    std::vector<std::string> names;
    for (const auto& alert : of_type(records, "alert")) names.push_back(alert.at("linnet").at("detector"));
    return names;
}

bool has(const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

/// A folder with one capture of each sort.
struct Captures {
    TemporaryDirectory folder;
    fs::path camera = folder.path() / "camera.pcap";    // scans like Mirai
    fs::path login = folder.path() / "login.pcap";      // logs in by FTP
    fs::path empty = folder.path() / "empty.pcap";      // no packets
    fs::path cut = folder.path() / "cut.pcap";          // camera's last packet is half there
    fs::path letter = folder.path() / "letter.pcap";    // not a capture
    fs::path nothing = folder.path() / "nothing.pcap";  // not a byte
    fs::path missing = folder.path() / "missing.pcap";

    Captures() {
        CaptureWriter scan;
        for (unsigned last = 1; last <= 8; ++last) scan.hallmark_syn(at_home(23), outside(last));
        scan.write(camera);
        CaptureWriter session;
        session.ftp_login(at_home(5), 40'001, at_home(9), "anna", "tr0ub4dor");
        session.write(login);
        CaptureWriter{}.write(empty);
        const std::string whole = scan.bytes();
        std::ofstream{cut, std::ios::binary} << whole.substr(0, whole.size() - 30);
        std::ofstream{letter} << "Dear reader, this is a letter and no capture at all.\n";
        std::ofstream{nothing};
    }
};

void check_one_sentence(const Ran& ran, const fs::path& about) {
    CHECK_MESSAGE(lines_of(ran.error).size() == 1, ran.error);
    CHECK(ran.error.rfind("linnet: ", 0) == 0);
    CHECK_MESSAGE(contains(ran.error, about.string()), ran.error);
}

}  // namespace

TEST_CASE("inspect: a scanning camera is an alert, a device and a stats record, in this order") {
    const Captures captures;
    const Ran ran = run("linnet inspect --json " + captures.camera.string());
    CHECK(ran.exit_code == 0);
    CHECK(ran.error.empty());
    const Records records = records_of(ran.out);
    CHECK(has(detectors_of(records), "mirai-scan"));
    REQUIRE(of_type(records, "device").size() == 1);
    CHECK(of_type(records, "device").front().at("linnet").at("device").at("mac") == "02:00:00:00:00:17");
    CHECK(of_type(records, "stats").size() == 1);
    CHECK(records.back().at("event_type") == "stats");
    const auto rank = [](const nlohmann::json& record) {
        const std::string type = record.at("event_type");
        return type == "alert" ? 0 : type == "device" ? 1 : 2;
    };
    CHECK(std::is_sorted(records.begin(), records.end(), [&](const auto& a, const auto& b) { return rank(a) < rank(b); }));
}

TEST_CASE("inspect: one capture is not named in its records, and nothing in them depends on the run") {
    const Captures captures;
    const std::string command = "linnet inspect --json --flows " + captures.camera.string();
    const std::string once = run(command).out;
    CHECK_FALSE(contains(once, "pcap_filename"));
    CHECK_FALSE(contains(once, "/tmp/"));
    CHECK(run(command).out == once);
}

TEST_CASE("inspect --flows: conversations in the order in which they began") {
    const Captures captures;
    CaptureWriter sessions;
    for (std::uint16_t i = 0; i < 20; ++i)
        sessions.ftp_login(at_home(5), static_cast<std::uint16_t>(40'020 - i), at_home(9), "anna", "tr0ub4dor");
    sessions.write(captures.login);
    const Ran ran = run("linnet inspect --json --flows " + captures.login.string());
    CHECK(ran.exit_code == 0);
    const Records flows = of_type(records_of(ran.out), "flow");
    REQUIRE(flows.size() == 20);
    for (std::size_t i = 0; i < flows.size(); ++i) {
        CHECK(flows[i].at("src_port") == 40'020 - i);
        CHECK(flows[i].at("dest_port") == 21);
        CHECK(flows[i].at("app_proto") == "ftp");
    }
    CHECK(of_type(records_of(run("linnet inspect --json " + captures.login.string()).out), "flow").empty());
}

TEST_CASE("inspect: the password of a login is nowhere, its user name is") {
    const Captures captures;
    for (const std::string options : {"--json --flows ", ""}) {
        const Ran ran = run("linnet inspect " + options + captures.login.string());
        CHECK(contains(ran.out, "anna"));
        CHECK_FALSE(contains(ran.out + ran.error, "tr0ub4dor"));
    }
}

TEST_CASE("inspect: the report says how many devices there are, and what to do") {
    const Captures captures;
    const Ran ran = run("linnet inspect " + captures.camera.string());
    CHECK(ran.exit_code == 0);
    CHECK(ran.error.empty());
    CHECK(ran.out.rfind("1 device, 1 thing to act on now", 0) == 0);
    CHECK(contains(ran.out, "\n!! Act now\n"));
    CHECK(contains(ran.out, "\nNAME "));
    CHECK_FALSE(contains(ran.out, "\x1b"));  // not a terminal: no colours
    for (const std::string& line : lines_of(ran.out.substr(0, ran.out.find("\nDevices\n")))) CHECK(line.size() <= 80);
}

TEST_CASE("inspect: each of two captures is a household of its own, and records say which they are from") {
    const Captures captures;
    const Ran ran = run("linnet inspect --json " + captures.camera.string() + " " + captures.login.string());
    CHECK(ran.exit_code == 0);
    const Records records = records_of(ran.out);
    CHECK(of_type(records, "stats").size() == 2);
    for (const auto& record : records) {
        const std::string file = record.at("pcap_filename");
        CHECK((file == captures.camera.string() || file == captures.login.string()));
    }
    // Each begins to count at one.
    const Records alerts = of_type(records, "alert");
    CHECK(std::count_if(alerts.begin(), alerts.end(),
                        [](const nlohmann::json& alert) { return alert.at("linnet").at("id") == 1; }) == 2);
}

TEST_CASE("inspect -: standard input gives what the file gives, but for the name of the source") {
    const Captures captures;
    const Ran file = run("linnet inspect --json --flows " + captures.camera.string());
    const Ran input = run("cat " + captures.camera.string() + " | linnet inspect --json --flows -");
    CHECK(input.exit_code == 0);
    CHECK(input.error.empty());
    const auto without_stats = [](const std::string& lines) { return lines.substr(0, lines.rfind('\n', lines.size() - 2)); };
    CHECK(without_stats(input.out) == without_stats(file.out));
}

TEST_CASE("inspect: a compressed capture is read as it is") {
    const Captures captures;
    const std::string plain = run("linnet inspect --json " + captures.camera.string()).out;
    REQUIRE(run("gzip -k " + captures.camera.string()).exit_code == 0);
    const Ran ran = run("linnet inspect --json " + captures.camera.string() + ".gz");
    CHECK(ran.exit_code == 0);
    CHECK(detectors_of(records_of(ran.out)) == detectors_of(records_of(plain)));
}

TEST_CASE("inspect: a capture without packets is all right and has nothing but stats") {
    const Captures captures;
    const Ran ran = run("linnet inspect --json " + captures.empty.string());
    CHECK(ran.exit_code == 0);
    CHECK(ran.error.empty());
    const Records records = records_of(ran.out);
    REQUIRE(records.size() == 1);
    CHECK(records.front().at("event_type") == "stats");
}

TEST_CASE("inspect: what cannot be read is one sentence and exit code 1") {
    const Captures captures;
    for (const fs::path& file : {captures.missing, captures.letter, captures.nothing, captures.folder.path()}) {
        CAPTURE(file);
        for (const std::string options : {"--json ", ""}) {
            const Ran ran = run("linnet inspect " + options + file.string());
            CHECK(ran.exit_code == 1);
            CHECK(ran.out.empty());
            check_one_sentence(ran, file);
        }
    }
}

TEST_CASE("inspect: what a capture has before it ends early is used, with a warning and exit code 1") {
    const Captures captures;
    const Ran ran = run("linnet inspect --json " + captures.cut.string());
    CHECK(ran.exit_code == 1);
    check_one_sentence(ran, captures.cut);
    CHECK(has(detectors_of(records_of(ran.out)), "mirai-scan"));
}

TEST_CASE("inspect: a bad capture does not keep the others from being read") {
    const Captures captures;
    const Ran ran = run("linnet inspect --json " + captures.missing.string() + " " + captures.camera.string());
    CHECK(ran.exit_code == 1);
    check_one_sentence(ran, captures.missing);
    CHECK(has(detectors_of(records_of(ran.out)), "mirai-scan"));
}

TEST_CASE("inspect: a file name from a stranger cannot steer the terminal") {
    const Captures captures;
    const Ran ran = run("linnet inspect \"$(printf '" + captures.folder.path().string() + "/\\033[2Jx.pcap')\"");
    CHECK(ran.exit_code == 1);
    CHECK(contains(ran.error, "\\x1B[2Jx.pcap"));
    CHECK_FALSE(contains(ran.error, "\x1b"));
}

TEST_CASE("inspect: a file whose name looks like an option") {
    const Captures captures;
    fs::copy_file(captures.camera, captures.folder.path() / "-json.pcap");
    const Ran ran = run("cd " + captures.folder.path().string() + " && linnet inspect --json -- -json.pcap");
    CHECK(ran.exit_code == 0);
    CHECK(has(detectors_of(records_of(ran.out)), "mirai-scan"));
}

TEST_CASE("inspect --home: outside addresses can be home") {
    const Captures captures;
    CaptureWriter scan;
    for (unsigned last = 1; last <= 8; ++last) scan.hallmark_syn(outside(200), outside(last));
    scan.ftp_login(at_home(5), 40'001, at_home(9), "anna", "tr0ub4dor");
    scan.write(captures.camera);
    const Ran ran = run("linnet inspect --json --home 203.0.113.200/32 --home 2001:db8::/32 " + captures.camera.string());
    CHECK(ran.exit_code == 0);
    const auto names = detectors_of(records_of(ran.out));
    CHECK(has(names, "mirai-scan"));
}

TEST_CASE("inspect: nothing is left behind, also when it is interrupted") {
    const Captures captures;
    const TemporaryDirectory temporary;
    const std::string with_folder = "TMPDIR=" + temporary.path().string() + " ";
    SUBCASE("in the end") { CHECK(run(with_folder + "linnet inspect " + captures.camera.string()).exit_code == 0); }
    SUBCASE("after a failure") { CHECK(run(with_folder + "linnet inspect " + captures.letter.string()).exit_code == 1); }
    SUBCASE("after an interruption: the capture never ends, and SIGTERM comes") {
        const Ran ran = run("mkfifo " + captures.missing.string() + "; sleep 600 >" + captures.missing.string() +
                            " & s=$!; " + with_folder + "timeout --preserve-status -s TERM 1 linnet inspect " +
                            captures.missing.string() + "; e=$?; kill $s; exit $e");
        CHECK(ran.exit_code == 128 + 15);
        CHECK(ran.out.empty());
    }
    CHECK(fs::is_empty(temporary.path()));
}

TEST_CASE("inspect: output that cannot be written is a failure") {
    const Captures captures;
    const Ran ran = run("linnet inspect --json " + captures.camera.string() + " >/dev/full");
    CHECK(ran.exit_code == 1);
    CHECK(contains(ran.error, "could not be written"));
}
