#include "options.hpp"

#include "trust_store.hpp"

#include "wire/exit_code.hpp"
#include "wire/settings.hpp"

#include <CLI/CLI.hpp>

#include <iostream>

namespace linnet {
namespace {

/// As written by the user; turned into values once it is clear which source each comes from.
struct Given {
    std::string config, key, database, signatures, trust_store, log_level, replay;
    std::vector<std::string> listen, api, home;
    std::int64_t keep_flows = 7, keep_alerts = 365, keep_hours = 90, max_mb = 1'024, pairing = pairing::default_port;
    std::size_t leave_after = 0;
    bool strangers_local = false, check_config = false, print = false;
};

constexpr std::int64_t most_mb = 1'000'000;
const std::vector<std::string> log_levels{"debug", "info", "warn", "error"};

std::string check_prefix(const std::string& text) {
    return IpPrefix::parse(text) ? "" : "\"" + text + "\" is not a prefix such as 192.168.1.0/24 or 2001:db8::/32";
}

struct CommandLine {
    CLI::App app{"Receives what sensors saw, keeps it, and says which devices are a danger.", "linnet-analyzer"};
    Given given;

    CommandLine() {
        constexpr std::int64_t longest = 36'500;
        app.set_version_flag("--version", "linnet-analyzer " LINNET_VERSION);
        app.add_option("--config", given.config, "Read the [analyzer] section of this TOML file")->type_name("FILE");
        app.add_flag("--check-config", given.check_config, "Only say whether configuration and signatures are good");
        app.add_option("--listen", given.listen, "Where sensors connect; may be repeated")->type_name("ENDPOINT");
        app.add_option("--api", given.api, "Where the command line and the dashboard connect; may be repeated")
            ->type_name("ENDPOINT");
        app.add_option("--database", given.database, "The SQLite database")->type_name("FILE");
        app.add_option("--key", given.key, "This analyzer's key [analyzer.key beside the database]")->type_name("FILE");
        app.add_option("--pairing", given.pairing, "The port at which new programs are paired, while that is open")
            ->type_name("PORT")
            ->check(CLI::Range(std::int64_t{1}, std::int64_t{65'535}));
        app.add_option("--home", given.home, "Addresses of the home besides the private ones; may be repeated")
            ->type_name("PREFIX")
            ->check(CLI::Validator{check_prefix, ""});
        app.add_flag("--strangers-local", given.strangers_local,
                     "Where neither end of a conversation is local, treat both as local");
        app.add_option("--signatures", given.signatures, "Folder of the signatures")->type_name("DIR");
        app.add_option("--trust-store", given.trust_store, "Root certificates that are believed, in PEM")->type_name("FILE");
        app.add_option("--keep-flows", given.keep_flows, "Days until flows are deleted, 0 = never")
            ->type_name("DAYS")
            ->check(CLI::Range(std::int64_t{0}, longest));
        app.add_option("--keep-alerts", given.keep_alerts, "Days until alerts are deleted, 0 = never")
            ->type_name("DAYS")
            ->check(CLI::Range(std::int64_t{0}, longest));
        app.add_option("--keep-hours", given.keep_hours, "Days until the hourly sums of each device are deleted, 0 = never")
            ->type_name("DAYS")
            ->check(CLI::Range(std::int64_t{0}, longest));
        app.add_option("--database-max", given.max_mb, "Beyond so many megabytes the oldest flows are deleted, 0 = no limit")
            ->type_name("MB")
            ->check(CLI::Range(std::int64_t{0}, most_mb));
        app.add_option("--log-level", given.log_level, "debug, info, warn or error")
            ->type_name("LEVEL")
            ->check(CLI::IsMember(log_levels));
        app.add_option("--once", given.leave_after,
                       "Leave when N captures (1 unless given) are at their end; keep everything")
            ->type_name("N")
            ->expected(0, 1)
            ->default_str("1")
            ->check(CLI::Range(std::size_t{1}, std::size_t{1'000'000}));
        auto* replay =
            app.add_option("--replay", given.replay, "Read events as JSON lines instead of listening; - is standard input")
                ->type_name("FILE");
        auto* print = app.add_flag("--print", given.print, "Print alerts as JSON lines: no database, no sockets");
        replay->needs(print);
        print->needs(replay);
    }

    [[nodiscard]] bool has(const std::string& option) const { return app.count(option) > 0; }
};

std::vector<IpPrefix> prefixes(const std::vector<std::string>& texts) {
    std::vector<IpPrefix> prefixes;
    for (const auto& text : texts)
        if (const auto prefix = IpPrefix::parse(text)) prefixes.push_back(*prefix);
    return prefixes;
}

/// Fills what the command line left open from the file, or from its default.
ProgramOptions combine(const CommandLine& line) {
    const auto& given = line.given;
    Settings file = given.config.empty() ? Settings{} : Settings{given.config, "analyzer"};
    ProgramOptions options;
    auto& to = options.analyzer;
    const auto text = [&](const char* option, const char* key, const std::string& value, const std::string& fallback) {
        const auto set = file.text(key, fallback);
        return line.has(option) ? value : set;
    };
    const auto list = [&](const char* option, const char* key, const std::vector<std::string>& value,
                          const std::vector<std::string>& fallback) {
        const auto set = file.list(key, fallback);
        return line.has(option) ? value : set;
    };
    const auto days = [&](const char* option, const char* key, std::int64_t value, std::int64_t fallback) {
        const auto set = file.integer(key, fallback, 0, 36'500);
        return std::chrono::days{line.has(option) ? value : set};
    };
    to.listen = list("--listen", "listen", given.listen, to.listen);
    const auto api = file.text_or_list("api", to.api);
    to.api = line.has("--api") ? given.api : api;
    to.key = text("--key", "key", given.key, "");
    const auto pairing = file.integer("pairing", pairing::default_port, 1, 65'535);
    to.pairing = static_cast<std::uint16_t>(line.has("--pairing") ? given.pairing : pairing);
    to.database = text("--database", "database", given.database, to.database.string());
    const auto home = list("--home", "home", given.home, {});
    for (const auto& prefix : home)
        if (const auto wrong = check_prefix(prefix); !wrong.empty()) file.refuse("home", wrong);
    to.core.home = prefixes(home);
    to.core.strangers_are_local = file.flag("strangers_local", false) || given.strangers_local;
    options.signatures = text("--signatures", "signatures", given.signatures, "");
    options.trust_store = text("--trust-store", "trust_store", given.trust_store, TrustStore::system_file);
    to.leave_after = given.leave_after;
    const bool throw_away = given.leave_after > 0;
    to.retention.flows = days("--keep-flows", "keep_flows_days", given.keep_flows, throw_away ? 0 : given.keep_flows);
    to.retention.alerts = days("--keep-alerts", "keep_alerts_days", given.keep_alerts, throw_away ? 0 : given.keep_alerts);
    to.retention.hours = days("--keep-hours", "keep_hours_days", given.keep_hours, throw_away ? 0 : given.keep_hours);
    const auto max_mb = file.integer("database_max_mb", throw_away ? 0 : given.max_mb, 0, most_mb);
    to.retention.max_bytes = (line.has("--database-max") ? given.max_mb : max_mb) * 1'000'000;
    options.log_level = text("--log-level", "log_level", given.log_level, options.log_level);
    if (std::find(log_levels.begin(), log_levels.end(), options.log_level) == log_levels.end())
        file.refuse("log_level", "must be debug, info, warn or error");
    file.finish();
    options.replay = given.replay;
    options.check_only = given.check_config;
    return options;
}

}  // namespace

std::optional<ProgramOptions> read_options(int argc, char** argv, int& exit_code) {
    CommandLine line;
    try {
        line.app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        exit_code = exit_code::usage;
        if (error.get_exit_code() == 0)
            exit_code = line.app.exit(error);
        else
            std::cerr << "linnet-analyzer: " << error.what() << " (see linnet-analyzer --help)\n";
        return std::nullopt;
    }
    return combine(line);
}

}  // namespace linnet
