#include "options.hpp"

#include "local_offset.hpp"
#include "outlets.hpp"
#include "transfer.hpp"

#include "wire/exit_code.hpp"
#include "wire/harmless_text.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <iostream>

namespace linnet {
namespace {

const std::vector<std::string> log_levels{"debug", "info", "warn", "error"};
constexpr std::array<std::string_view, 3> severities{"act-now", "important", "worth-knowing"};
constexpr std::array<std::string_view, 3> digests{"none", "day", "week"};

/// The place of the setting's word in the list.
template <std::size_t N>
std::size_t word(Settings& settings, const char* key, const std::array<std::string_view, N>& words, std::size_t fallback) {
    const auto text = settings.text(key, std::string{words.at(fallback)});
    const auto* const found = std::find(words.begin(), words.end(), text);
    if (found == words.end()) settings.refuse(key, fmt::format("must be one of {}", fmt::join(words, ", ")));
    return static_cast<std::size_t>(found - words.begin());
}

/// "07:30".
std::optional<std::chrono::minutes> time_of_day(std::string_view text) {
    const auto digit = [&](std::size_t i) { return text[i] >= '0' && text[i] <= '9' ? text[i] - '0' : 100; };
    if (text.size() != 5 || text[2] != ':') return std::nullopt;
    const int hour = 10 * digit(0) + digit(1), minute = 10 * digit(3) + digit(4);
    if (hour > 23 || minute > 59) return std::nullopt;
    return std::chrono::hours{hour} + std::chrono::minutes{minute};
}

std::optional<VoiceRules::Hours> quiet_hours(Settings& settings) {
    const auto text = settings.text("quiet_hours", "");
    if (text.empty()) return std::nullopt;
    const auto dash = text.find('-');
    const auto begin = time_of_day(text.substr(0, dash));
    const auto end = dash == std::string::npos ? std::nullopt : time_of_day(text.substr(dash + 1));
    if (!begin || !end || *begin == *end) settings.refuse("quiet_hours", "must be two times such as \"22:00-07:00\"");
    return VoiceRules::Hours{*begin, *end};
}

std::string read_link(Settings& settings, const std::string& fallback) {
    auto link = settings.text("link", fallback);
    const bool is_odd = link.size() > 500 || !is_harmless(link) || link.find(' ') != std::string::npos;
    if (!link.empty() && (is_odd || link.find(':') == std::string::npos))
        settings.refuse("link", "must be an address such as https://home.example.org/linnet");
    return link;
}

VoiceRules read_rules(Settings& settings, const std::string& link) {
    VoiceRules rules;
    rules.least = static_cast<Severity>(word(settings, "severity", severities, 2) + 1);
    rules.quiet = quiet_hours(settings);
    rules.urgent_wakes = settings.flag("urgent_in_quiet_hours", true);
    rules.digest = static_cast<Digest>(word(settings, "digest", digests, 0));
    const auto at = time_of_day(settings.text("digest_at", "08:00"));
    if (!at) settings.refuse("digest_at", "must be a time such as \"08:00\"");
    rules.digest_at = *at;
    rules.per_hour = static_cast<std::size_t>(settings.integer("per_hour", 6, 1, 1'000));
    rules.link = read_link(settings, link);
    return rules;
}

Secret read_secret(Settings& settings) {
    const auto file = settings.text("token_file", ""), credential = settings.text("credential", "");
    if (!file.empty() && !credential.empty()) settings.refuse("credential", "there is a token_file already");
    if (credential.find('/') != std::string::npos) settings.refuse("credential", "must be a name without /");
    if (!file.empty()) return Secret::from_file(file);
    return credential.empty() ? Secret{} : Secret::from_credential(credential);
}

const OutletType& type_of(Settings& settings) {
    const auto name = settings.text("type", "");
    std::vector<std::string_view> names;
    for (const auto* type : outlet_types()) {
        if (type->name == name) return *type;
        names.push_back(type->name);
    }
    settings.refuse("type", fmt::format("must be one of {}", fmt::join(names, ", ")));
}

bool is_outlet_name(const std::string& text) {
    return !text.empty() && text.size() <= 32 && std::all_of(text.begin(), text.end(), [](unsigned char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    });
}

ConfiguredOutlet read_outlet(const std::string& name, Settings& settings, const std::string& link) {
    if (!is_outlet_name(name))
        settings.refuse("type", "the name of an outlet, in [outlets.NAME], must be 1 to 32 of a-z, 0-9 and -");
    ConfiguredOutlet outlet{.name = name, .type = {}, .rules = {}, .outlet = {}, .stream = {}};
    const auto& type = type_of(settings);
    outlet.type = type.name;
    if (type.make != nullptr) outlet.rules = read_rules(settings, link);
    OutletBasics basics{.name = name, .secret = read_secret(settings), .ca_file = settings.text("ca_file", "")};
    std::error_code ignored;
    if (!basics.ca_file.empty() && !std::filesystem::is_regular_file(basics.ca_file, ignored))
        settings.refuse("ca_file", "there is no such file");
    if (type.make != nullptr)
        outlet.outlet = type.make(settings, std::move(basics));
    else
        outlet.stream = type.make_stream(settings, std::move(basics));
    settings.finish();
    return outlet;
}

}  // namespace

void read_outlets(Settings& section, OutletsOptions& options) {
    options.api = section.text("api", options.api);
    options.control = section.text("control", options.control);
    options.queue = section.text("queue", options.queue.string());
    options.log_level = section.text("log_level", options.log_level);
    if (std::find(log_levels.begin(), log_levels.end(), options.log_level) == log_levels.end())
        section.refuse("log_level", "must be debug, info, warn or error");
    options.time_zone = section.text("time_zone", "");
    const auto link = read_link(section, "");
    auto inner = section.sections();
    section.finish();
    if (inner.size() > OutletsOptions::max_outlets)
        throw SettingsError{fmt::format("[outlets]: at most {} outlets are possible", OutletsOptions::max_outlets)};
    for (auto& [name, settings] : inner) options.outlets.push_back(read_outlet(name, settings, link));
}

std::optional<OutletsOptions> read_outlets_options(int argc, char** argv, int& exit_code) {
    CLI::App app{
        "Tells people what Linnet finds, where they already look: on their phone, in their mail, in their programs.",
        "linnet-outlets"};
    OutletsOptions given, options;
    std::string config, queue;
    app.set_version_flag("--version", "linnet-outlets " LINNET_VERSION);
    app.add_option("--config", config, "Read the [outlets] section of this TOML file")->type_name("FILE");
    app.add_flag("--check-config", options.check_only, "Only say whether the configuration is good");
    app.add_option("--api", given.api, "The analyzer")->type_name("ENDPOINT");
    app.add_option("--control", given.control, "Where the command line connects")->type_name("ENDPOINT");
    app.add_option("--queue", queue, "The database of what is to be told")->type_name("FILE");
    app.add_option("--log-level", given.log_level, "debug, info, warn or error")
        ->type_name("LEVEL")
        ->check(CLI::IsMember(log_levels));
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        exit_code = exit_code::usage;
        if (error.get_exit_code() == 0)
            exit_code = app.exit(error);
        else
            std::cerr << "linnet-outlets: " << error.what() << " (see linnet-outlets --help)\n";
        return std::nullopt;
    }
    Settings file = config.empty() ? Settings{} : Settings{config, "outlets"};
    read_outlets(file, options);
    if (app.count("--api") > 0) options.api = given.api;
    if (app.count("--control") > 0) options.control = given.control;
    if (!queue.empty()) options.queue = queue;
    if (app.count("--log-level") > 0) options.log_level = given.log_level;
    if (!options.time_zone.empty() && !set_time_zone(options.time_zone))
        throw SettingsError{config + ":0: time_zone: the system knows no \"" + options.time_zone +
                            "\"; it must be a name such as Europe/Berlin"};
    return options;
}

}  // namespace linnet
