// A home for tests of the commands: a real analyzer, and what a real sensor has told it.
#pragma once

#include "capture_writer.hpp"
#include "cli/child_process.hpp"
#include "cli/temporary_directory.hpp"
#include "shell.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace linnet {

/// An analyzer to which a sensor has told what is in two captures: the Hall camera's scan and Anna's FTP login.
class ToldHousehold {
 public:
    ToldHousehold() {
        CaptureWriter capture;
        for (unsigned last = 1; last <= 8; ++last) capture.hallmark_syn(at_home(23), outside(last));
        capture.ftp_login(at_home(5), 40'001, at_home(9), "anna", "tr0ub4dor");
        capture.write(folder_.path() / "home.pcap");
        const Ran sensor = run("linnet-sensor --read " + (folder_.path() / "home.pcap").string() +
                               " --sensor pi --connect ipc://" + (folder_.path() / "events").string());
        REQUIRE_MESSAGE(sensor.exit_code == 0, sensor.error);
    }

    [[nodiscard]] Ran ask(const std::string& command) const {
        return run("TZ=UTC linnet " + command + " --connect " + api());
    }
    /// Standard output is a terminal, made by script(1).
    [[nodiscard]] Ran on_a_terminal(const std::string& command) const {
        return run("script -qec 'linnet " + command + " --connect " + api() + "' /dev/null");
    }
    [[nodiscard]] std::filesystem::path folder() const { return folder_.path(); }
    [[nodiscard]] std::string api() const { return "ipc://" + (folder_.path() / "api").string(); }
    /// What `linnet COMMAND --json` prints.
    [[nodiscard]] std::vector<nlohmann::json> records(const std::string& command) const {
        const Ran ran = ask(command + " --json");
        CHECK(ran.exit_code == 0);
        CHECK(ran.error.empty());
        std::vector<nlohmann::json> records;
        for (const std::string& line : lines_of(ran.out)) records.push_back(nlohmann::json::parse(line));
        return records;
    }

 private:
    TemporaryDirectory folder_;
    ChildProcess analyzer_{find_program("linnet-analyzer"),
                           {"--listen", "ipc://" + (folder_.path() / "events").string(), "--api", api(), "--database",
                            (folder_.path() / "linnet.db").string()},
                           folder_.path() / "analyzer.log",
                           StandardInput::none};
};

}  // namespace linnet
