// What keeps Linnet going, as people run it, against real programs: watch, doctor, export and import, pages, completion.
#include "told_household.hpp"

#include <algorithm>
#include <chrono>
#include <fstream>

using namespace linnet;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::string at(const ToldHousehold& household) { return " --connect " + household.api(); }

bool is_installed(const std::string& program) { return run("command -v " + program).exit_code == 0; }

}  // namespace

TEST_CASE("watch, into a pipe: where the home stands, then a line for each thing that happens, until a signal") {
    const ToldHousehold household;
    const Ran ran = run("(timeout -s TERM 6 linnet watch" + at(household) + "; echo code $?) & sleep 2; linnet mute" +
                        at(household) + " 192.168.1.23; linnet trust" + at(household) + " 192.168.1.5; wait");
    const auto lines = lines_of(ran.out);
    REQUIRE_FALSE(lines.empty());
    CHECK(contains(lines[0], "1 device needs you now: "));
    CHECK(contains(ran.out, "muted until "));
    CHECK(contains(ran.out, "code 124"));  // timeout(1) ended it
    CHECK_FALSE(contains(ran.out, "\x1b"));

    const Ran records = run("timeout 2 linnet watch --json" + at(household));
    REQUIRE_FALSE(records.out.empty());
    for (const auto& line : lines_of(records.out)) CHECK(json::parse(line).contains("event_type"));
}

TEST_CASE("watch, on a terminal: the whole of it, and on q, Ctrl-C and SIGTERM the terminal is as it was") {
    const ToldHousehold household;
    const auto play = [&](const std::string& input, const std::string& limit) {
        // stty tells what the terminal is like before and behind; what stands between goes to the file.
        return run("(sleep 2; printf '" + input + "'; sleep 2) | script -qec 'trap : INT; stty cols 100 rows 30; stty -g; " +
                   limit + " linnet watch" + at(household) + "; echo code $?; stty -g' /dev/null");
    };
    struct Case {
        std::string input, limit, code;
    };
    for (const Case& each :
         {Case{"q", "timeout --foreground 8", "code 0"}, Case{"\\003", "timeout --foreground 8", "code 130"},
          Case{"x", "timeout --foreground -s TERM 4", "code 124"}}) {
        CAPTURE(each.input);
        const Ran ran = play(each.input, each.limit);
        CHECK(contains(ran.out, "\x1b[?1049h"));
        CHECK(contains(ran.out, "needs you now"));
        CHECK(contains(ran.out, "SEVERITY"));
        CHECK(contains(ran.out, "q quits"));
        CHECK(ran.out.rfind("\x1b[?1049l") > ran.out.rfind("\x1b[?1049h"));
        CHECK(contains(ran.out, "\x1b[?25h"));
        CHECK_MESSAGE(contains(ran.out, each.code),
                      ran.out.substr(ran.out.size() - std::min<std::size_t>(ran.out.size(), 400)));
        auto lines = lines_of(ran.out);
        REQUIRE(lines.size() > 2);
        CHECK_FALSE(lines.front().empty());
        CHECK(lines.back() == lines.front());
    }
}

TEST_CASE("watch: an analyzer that goes and comes again is noticed, said, and heard again") {
    const TemporaryDirectory folder;
    const auto endpoint = [&folder](const char* name) { return "ipc://" + (folder.path() / name).string(); };
    const auto analyzer = "linnet-analyzer --listen " + endpoint("events") + " --api " + endpoint("api") + " --database " +
                          (folder.path() / "linnet.db").string() + " 2>/dev/null";
    const Ran ran = run("timeout 4 " + analyzer + " & sleep 1.5; timeout 16 linnet watch --connect " + endpoint("api") +
                        " & sleep 10; timeout 6 " + analyzer + " & wait");
    CHECK(contains(ran.error, "Nothing is heard from the analyzer any more. Trying again."));
    CHECK(lines_of(ran.out).size() == 2);  // the verdict, twice
}

TEST_CASE(
    "doctor: each check says what is so; what is wrong makes the exit code 1; without an analyzer it says that first") {
    const ToldHousehold household;
    const Ran ran = household.ask("doctor");
    CHECK(ran.exit_code == 1);  // the only sensor read a file
    CHECK(ran.error.empty());
    for (const std::string check :
         {"analyzer", "capture", "loss", "visibility", "clock", "disk", "link", "keys", "signatures"})
        CHECK_MESSAGE(contains(ran.out, " " + check), check);
    CHECK(contains(ran.out, "No sensor listens."));
    CHECK(contains(ran.out, "-> Start it: "));
    const Ran records = household.ask("doctor --json");
    CHECK(records.exit_code == 1);
    const auto lines = lines_of(records.out);
    REQUIRE(lines.size() == 9);
    CHECK(json::parse(lines[0]).at("health") == "ok");
    CHECK(json::parse(lines[1]).at("health") == "problem");

    const TemporaryDirectory empty;
    const Ran alone = run("linnet doctor --connect ipc://" + (empty.path() / "api").string());
    CHECK(alone.exit_code == 1);
    CHECK(alone.out.starts_with("PROBLEM  analyzer"));
    CHECK(contains(alone.out, "?        capture"));
    CHECK(contains(alone.out, "systemctl start linnet-analyzer"));
}

TEST_CASE("doctor: a key that others may read is found") {
    const ToldHousehold household;
    const auto key = household.folder() / "analyzer.key";
    std::ofstream{key} << "secret";
    fs::permissions(key, fs::perms{0644});
    CHECK(contains(household.ask("doctor").out, "Others may read a secret: "));
    fs::permissions(key, fs::perms{0600});
    CHECK_FALSE(contains(household.ask("doctor").out, "Others may read a secret: " + key.string()));
}

TEST_CASE("export and import: a home moves with all that it knows; what is there is not overwritten, and never deleted") {
    const TemporaryDirectory folder;
    const auto path = [&folder](const char* name) { return (folder.path() / name).string(); };
    std::vector<json> alerts, devices;
    {
        const ToldHousehold household;
        CHECK(household.ask("name 192.168.1.23 'Hall camera'").exit_code == 0);
        CHECK(household.ask("mute 192.168.1.23 --for 7d").exit_code == 0);
        alerts = household.records("alerts");
        devices = household.records("devices");
        std::ofstream{household.folder() / "linnet.toml"} << "[analyzer]\nlog_level = \"warn\"\n";
        std::ofstream{household.folder() / "analyzer.key"} << "secret";
        fs::create_directory(household.folder() / "secrets");
        std::ofstream{household.folder() / "secrets" / "phone"} << "token";
        const auto config = " --config " + (household.folder() / "linnet.toml").string();
        const Ran ran = household.ask("export " + path("home.linnet") + config);
        CHECK_MESSAGE(ran.exit_code == 0, ran.error);
        CHECK(contains(ran.out, "linnet.db"));
        CHECK_FALSE(contains(ran.out, "analyzer.key"));
        CHECK((fs::status(path("home.linnet")).permissions() & fs::perms{077}) == fs::perms::none);
        CHECK(contains(household.ask("export " + path("home.linnet") + config).error, "is there already"));
        CHECK(household.ask("export " + path("keys.linnet") + " --with-keys" + config).exit_code == 0);
        CHECK(household.ask("export " + path("keys.linnet") + " --replace" + config).exit_code == 0);
        CHECK(contains(run("linnet import " + path("home.linnet") + at(household)).error, "The analyzer is running"));
    }
    const auto home = folder.path() / "new";
    const auto to = " --database " + (home / "linnet.db").string() + " --config " + (home / "linnet.toml").string() +
                    " --connect ipc://" + (home / "api").string();
    fs::create_directory(home);
    const Ran ran = run("linnet import " + path("keys.linnet") + to);
    CHECK_MESSAGE(ran.exit_code == 0, ran.error);
    CHECK(content_of(home / "linnet.toml") == "[analyzer]\nlog_level = \"warn\"\n");
    CHECK_FALSE(fs::exists(home / "analyzer.key"));  // written without --with-keys the second time
    CHECK(fs::is_regular_file(home / "linnet.db"));
    for (const auto& entry : fs::directory_iterator{home}) CHECK(contains(entry.path().filename().string(), "linnet."));

    const auto ask = [&home](const std::string& command) {
        return run("linnet-analyzer --listen ipc://" + (home / "events").string() + " --api ipc://" +
                   (home / "api").string() + " --database " + (home / "linnet.db").string() + " 2>/dev/null & linnet " +
                   command + " --json --connect ipc://" + (home / "api").string() + "; kill $!; wait");
    };
    const auto records = [](const Ran& of) {
        std::vector<json> found;
        for (const auto& line : lines_of(of.out)) found.push_back(json::parse(line));
        return found;
    };
    CHECK(records(ask("alerts")) == alerts);
    CHECK(records(ask("devices")) == devices);
    CHECK(records(ask("mutes")).size() == 1);

    const Ran again = run("linnet import " + path("home.linnet") + to);
    CHECK(again.exit_code == 1);
    CHECK(contains(again.error, "--replace puts what is there aside"));
    const auto before = content_of(home / "linnet.db");
    CHECK(run("linnet import " + path("home.linnet") + to + " --replace").exit_code == 0);
    bool kept = false;
    for (const auto& entry : fs::directory_iterator{home})
        kept =
            kept || (contains(entry.path().filename().string(), "linnet.db.before-") && content_of(entry.path()) == before);
    CHECK(kept);
    std::ofstream{folder.path() / "nonsense"} << "nonsense";
    CHECK(contains(run("linnet import " + path("nonsense") + to + " --replace").error, "is no file of `linnet export`"));
    CHECK(fs::is_regular_file(home / "linnet.db"));
}

TEST_CASE("export with keys: they come along, and stay secret") {
    const ToldHousehold household;
    std::ofstream{household.folder() / "analyzer.key"} << "secret";
    fs::create_directory(household.folder() / "secrets");
    std::ofstream{household.folder() / "secrets" / "phone"} << "token";
    const TemporaryDirectory folder;
    const auto file = (folder.path() / "home.linnet").string();
    const Ran ran =
        household.ask("export " + file + " --with-keys --json --config " + (household.folder() / "linnet.toml").string());
    REQUIRE_MESSAGE(ran.exit_code == 0, ran.error);
    CHECK(json::parse(ran.out).at("files").size() == 3);
    const auto home = folder.path() / "new";
    fs::create_directory(home);
    CHECK(run("linnet import " + file + " --database " + (home / "linnet.db").string() + " --config " +
              (home / "linnet.toml").string() + " --connect ipc://" + (home / "api").string())
              .exit_code == 0);
    for (const auto& secret : {home / "analyzer.key", home / "secrets" / "phone"})
        CHECK((fs::status(secret).permissions() & fs::perms{077}) == fs::perms::none);
    CHECK(content_of(home / "secrets" / "phone") == "token");
}

TEST_CASE("pages and colours: only on a terminal, and only where they are wanted") {
    const ToldHousehold household;
    const auto on_a_terminal = [&](const std::string& environment, const std::string& command) {
        return run("script -qec '" + environment + " linnet " + command + at(household) + "' /dev/null").out;
    };
    CHECK(contains(on_a_terminal("LINNET_PAGER=\"sed s/^/page:/\"", "alerts"), "page:"));
    CHECK(contains(on_a_terminal("PAGER=\"sed s/^/page:/\"", "devices"), "page:"));
    CHECK_FALSE(contains(on_a_terminal("LINNET_PAGER= PAGER=\"sed s/^/page:/\"", "alerts"), "page:"));
    CHECK_FALSE(contains(on_a_terminal("LINNET_PAGER=cat PAGER=\"sed s/^/page:/\"", "alerts"), "page:"));
    CHECK_FALSE(contains(on_a_terminal("PAGER=\"sed s/^/page:/\"", "status"), "page:"));
    CHECK_FALSE(contains(run("PAGER='sed s/^/page:/' linnet alerts" + at(household)).out, "page:"));
    // Who leaves early is no fault.
    CHECK(contains(run("script -qec 'LINNET_PAGER=true linnet alerts" + at(household) + "; echo code $?' /dev/null").out,
                   "code 0"));
    CHECK(contains(on_a_terminal("LINNET_PAGER=cat", "report"), "\x1b["));
    CHECK_FALSE(contains(on_a_terminal("LINNET_PAGER=cat NO_COLOR=1", "report"), "\x1b["));
    CHECK_FALSE(contains(household.ask("report").out, "\x1b["));
}

TEST_CASE("completion: each shell offers the commands and options that there are") {
    const auto script = [](const std::string& shell) {
        const Ran ran = run("linnet completion " + shell);
        CHECK(ran.exit_code == 0);
        return ran.out;
    };
    CHECK(run("linnet completion tcsh").exit_code == 2);
    const TemporaryDirectory folder;
    for (const std::string shell : {"bash", "zsh", "fish"}) {
        const auto file = (folder.path() / shell).string();
        std::ofstream{file} << script(shell);
        if (!is_installed(shell)) continue;
        CAPTURE(shell);
        const Ran checked = run(shell + " -n " + file);
        CHECK_MESSAGE(checked.exit_code == 0, checked.error);
    }
    const auto bash = [&folder](const std::string& words, int current) {
        return run("bash -c 'source " + (folder.path() / "bash").string() + "; COMP_WORDS=(" + words +
                   "); COMP_CWORD=" + std::to_string(current) + "; _linnet; printf \"%s\\n\" \"${COMPREPLY[@]}\"'")
            .out;
    };
    CHECK(bash("linnet mu", 1) == "mute\nmutes\nmud\n");
    CHECK(bash("linnet mud ex", 2) == "export\n");
    CHECK(bash("linnet alerts --sev", 2) == "--severity\n");
    CHECK(bash("linnet alerts --severity x", 3) == "\n");
    CHECK(contains(bash("linnet inspect /etc/pass", 2), "/etc/passwd"));
    CHECK(contains(bash("linnet export --config /etc/pass", 3), "/etc/passwd"));
    if (is_installed("fish")) {
        const auto fish = [&folder](const std::string& line) {
            return run("HOME=" + folder.path().string() + " fish -N -c 'source " + (folder.path() / "fish").string() +
                       "; complete -C \"" + line + "\"'")
                .out;
        };
        CHECK(contains(fish("linnet mu"), "mutes\t"));
        CHECK(contains(fish("linnet mud ex"), "export\t"));
        CHECK_FALSE(contains(fish("linnet mud ex"), "alerts"));
        CHECK(contains(fish("linnet alerts --sev"), "--severity\t"));
    }
    if (is_installed("zsh")) {
        const auto zsh = [&folder](const std::string& words, int current) {
            return run("zsh -f -c '_describe() { print -l -- ${(P)4:-${(P)3}} ; }; _files() { print files; }; words=(" +
                       words + "); CURRENT=" + std::to_string(current) + "; source " + (folder.path() / "zsh").string() +
                       "'")
                .out;
        };
        CHECK(contains(zsh("linnet mu", 2), "mutes:"));
        CHECK(contains(zsh("linnet mud ex", 3), "export:"));
        CHECK_FALSE(contains(zsh("linnet mud ex", 3), "alerts:"));
        CHECK(contains(zsh("linnet export --config x", 4), "files"));
    }
}

TEST_CASE("help: the same as --help, of one command or of all") {
    CHECK(run("linnet help").out == run("linnet --help").out);
    CHECK(run("linnet help alerts").out == run("linnet alerts --help").out);
    CHECK(run("linnet help mud import").out == run("linnet mud import --help").out);
    const Ran none = run("linnet help sing");
    CHECK(none.exit_code == 1);
    CHECK(none.error == "linnet: There is no command linnet sing; `linnet --help` lists what there is.\n");
}
