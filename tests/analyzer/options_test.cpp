#include "analyzer/options.hpp"

#include "tests/temporary_folder.hpp"
#include "wire/exit_code.hpp"
#include "wire/settings.hpp"

#include <doctest/doctest.h>

#include <fstream>

using namespace linnet;

namespace {

struct Read {
    std::optional<ProgramOptions> options;
    int exit_code = -1;
};

Read read(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "linnet-analyzer");
    std::vector<char*> pointers;
    for (auto& argument : arguments) pointers.push_back(argument.data());
    Read read;
    read.options = read_options(static_cast<int>(pointers.size()), pointers.data(), read.exit_code);
    return read;
}

struct Config {
    test::TemporaryFolder folder;
    std::string file = folder.file("linnet.toml").string();
    explicit Config(const std::string& text) { std::ofstream{file} << text; }
};

}  // namespace

TEST_CASE("without arguments everything has its default") {
    const auto options = read({}).options.value();
    CHECK(options.analyzer.listen == std::vector<std::string>{"ipc:///run/linnet/events"});
    CHECK(options.analyzer.api == std::vector<std::string>{"ipc:///run/linnet/api"});
    CHECK(options.analyzer.database == "/var/lib/linnet/linnet.db");
    CHECK(options.analyzer.retention.flows == std::chrono::days{7});
    CHECK(options.analyzer.retention.alerts == std::chrono::days{365});
    CHECK(options.analyzer.leave_after == 0);
    CHECK_FALSE(options.analyzer.core.strangers_are_local);
    CHECK(options.replay.empty());
}

TEST_CASE("the command line goes before the file, the file before the default") {
    const Config config{
        "[analyzer]\nlisten = [\"tcp://127.0.0.1:5390\"]\ndatabase = \"/a.db\"\nkeep_flows_days = 3\n"
        "home = [\"203.0.113.0/24\"]\n[sensor]\nother = 1\n"};
    const auto options = read({"--config", config.file, "--database", "/b.db", "--home", "2001:db8::/32"}).options.value();
    CHECK(options.analyzer.listen == std::vector<std::string>{"tcp://127.0.0.1:5390"});
    CHECK(options.analyzer.database == "/b.db");
    CHECK(options.analyzer.retention.flows == std::chrono::days{3});
    CHECK(options.analyzer.core.home == std::vector<IpPrefix>{*IpPrefix::parse("2001:db8::/32")});
}

TEST_CASE("api is one text or several; key and pairing have their place beside them") {
    const auto one = read({}).options.value();
    CHECK(one.analyzer.key.empty());
    CHECK(one.analyzer.pairing == 5391);
    const Config old{"[analyzer]\napi = \"ipc:///tmp/api\"\n"};
    CHECK(read({"--config", old.file}).options.value().analyzer.api == std::vector<std::string>{"ipc:///tmp/api"});
    const Config both{"[analyzer]\napi = [\"ipc:///tmp/api\", \"tcp://192.0.2.1:5392\"]\nkey = \"/k\"\npairing = 6000\n"};
    const auto options = read({"--config", both.file, "--pairing", "6001"}).options.value();
    CHECK(options.analyzer.api == std::vector<std::string>{"ipc:///tmp/api", "tcp://192.0.2.1:5392"});
    CHECK(options.analyzer.key == "/k");
    CHECK(options.analyzer.pairing == 6001);
    const Config wrong{"[analyzer]\npairing = 0\n"};
    CHECK_THROWS_AS(read({"--config", wrong.file}), SettingsError);
}

TEST_CASE("--once stands for one capture or for as many as it says, and keeps everything unless told otherwise") {
    CHECK(read({"--once"}).options->analyzer.leave_after == 1);
    CHECK(read({"--once", "3"}).options->analyzer.leave_after == 3);
    CHECK(read({"--once"}).options->analyzer.retention.flows == std::chrono::days{0});
    CHECK(read({"--once"}).options->analyzer.retention.alerts == std::chrono::days{0});
    CHECK(read({"--once", "1", "--keep-flows", "2"}).options->analyzer.retention.flows == std::chrono::days{2});
}

TEST_CASE("a wrong command line is a usage error, help is none") {
    CHECK(read({"--nonsense"}).exit_code == exit_code::usage);
    CHECK(read({"--home", "192.168.1.0/33"}).exit_code == exit_code::usage);
    CHECK(read({"--keep-flows", "-1"}).exit_code == exit_code::usage);
    CHECK(read({"--log-level", "loud"}).exit_code == exit_code::usage);
    CHECK(read({"--print"}).exit_code == exit_code::usage);
    CHECK(read({"--replay", "x.jsonl"}).exit_code == exit_code::usage);
    CHECK(read({"--help"}).exit_code == exit_code::ok);
    CHECK(read({"--version"}).exit_code == exit_code::ok);
}

TEST_CASE("a wrong file names file, line and reason") {
    const auto refusal = [](const std::string& text) -> std::string {
        const Config config{text};
        try {
            read({"--config", config.file});
        } catch (const SettingsError& error) {
            return std::string{error.what()}.substr(config.file.size());
        }
        return "";
    };
    CHECK(refusal("[analyzer]\nhome = [\"here\"]\n") ==
          ":2: home: \"here\" is not a prefix such as 192.168.1.0/24 or 2001:db8::/32");
    CHECK(refusal("[analyzer]\n\nkeep_flows_days = -1\n") == ":3: keep_flows_days: must be between 0 and 36500");
    CHECK(refusal("[analyzer]\nlog_level = \"loud\"\n") == ":2: log_level: must be debug, info, warn or error");
    CHECK(refusal("[analyzer]\ndata_base = \"x\"\n") == ":2: data_base: there is no such setting");
    CHECK(refusal("[analyzer]\ndatabase = \"x\"\n").empty());
}
