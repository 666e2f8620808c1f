#include "shell.hpp"

#include <doctest/doctest.h>

using namespace linnet;

namespace {

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

void check_refused(const std::string& command, const std::string& part) {
    CAPTURE(command);
    const Ran ran = run(command);
    CHECK(ran.exit_code == 2);
    CHECK(ran.out.empty());
    CHECK(lines_of(ran.error).size() == 1);
    CHECK(ran.error.starts_with(command.substr(0, command.find(' ')) + ": "));
    CHECK_MESSAGE(contains(ran.error, part), ran.error);
}

}  // namespace

TEST_CASE("help and version: everywhere, on standard output, exit code 0") {
    for (const std::string command :
         {"linnet", "linnet inspect", "linnet devices", "linnet alerts", "linnet status", "linnet signatures",
          "linnet signatures check", "linnet selftest", "linnet mud", "linnet mud import"}) {
        CAPTURE(command);
        const Ran help = run(command + " --help");
        CHECK(help.exit_code == 0);
        CHECK(contains(help.out, "Usage: " + command));
        CHECK(help.error.empty());
        const Ran version = run(command + " --version");
        CHECK(version.exit_code == 0);
        CHECK(version.out == "linnet " LINNET_VERSION "\n");
        CHECK(version.error.empty());
    }
}

TEST_CASE("help names every subcommand") {
    const std::string help = run("linnet --help").out;
    for (const std::string name : {"inspect", "devices", "alerts", "status", "mud", "selftest"})
        CHECK(contains(help, "\n  " + name + " "));
}

TEST_CASE("usage: what is not understood is one sentence on standard error, exit code 2") {
    check_refused("linnet", "subcommand");
    check_refused("linnet sing", "sing");
    check_refused("linnet --colour", "--colour");
    check_refused("linnet inspect", "CAPTURE");
    check_refused("linnet inspect --jsno x.pcap", "--jsno");
    check_refused("linnet inspect --home example.com x.pcap", "example.com is no prefix");
    check_refused("linnet inspect --home", "--home");
    check_refused("linnet inspect --flows x.pcap", "--json");
    check_refused("linnet alerts --severity terrible", "terrible");
    check_refused("linnet alerts --limit 0", "--limit");
    check_refused("linnet alerts --limit many", "--limit");
    check_refused("linnet devices unexpected", "unexpected");
    check_refused("linnet status --connect", "--connect");
    check_refused("linnet signatures", "subcommand");
    check_refused("linnet signatures install", "BUNDLE");
    check_refused("linnet signatures bundle somewhere", "--output");
}

TEST_CASE("usage: the other programs say it in one sentence too, with their names") {
    check_refused("linnet-sensor", "--read FILE or --interface NAME");
    check_refused("linnet-sensor --read x.pcap --interface eth0", "cannot be used together");
    for (const std::string flows : {"63", "1048577", "0", "-1", "many"})
        check_refused("linnet-sensor --read x.pcap --max-flows " + flows, "--max-flows");
    for (const std::string size : {"0", "1025", "-4"})
        check_refused("linnet-sensor --read x.pcap --ring-size " + size, "--ring-size");
    for (const std::string& name : {std::string{"'the pi'"}, std::string{"pi/2"}, std::string(65, 'a')})
        check_refused("linnet-sensor --read x.pcap --sensor " + name, "must be 1 to 64 letters");
    check_refused("linnet-sensor --read x.pcap --connect-timeout 0", "--connect-timeout");
    check_refused("linnet-analyzer --keep-flows -1", "--keep-flows");
    CHECK(contains(run("linnet-analyzer --colour").error, "(see linnet-analyzer --help)"));
    check_refused("linnet mud", "subcommand");
    check_refused("linnet mud import lamp", "FILE");
    check_refused("linnet selftest --resolver here", "here is no address");
    check_refused("linnet selftest --resolver 192.168.1.1 --elsewhere", "--elsewhere");
    check_refused("linnet selftest --timeout 0", "--timeout");
}

TEST_CASE("usage: the sentence says where to look") {
    CHECK(contains(run("linnet --colour").error, "(see linnet --help)"));
    CHECK(contains(run("linnet inspect --colour x").error, "(see linnet inspect --help)"));
}
