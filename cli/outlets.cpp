// linnet outlets: where messages go, whether they get there, and what exactly would leave the home.
#include "analyzer_connection.hpp"
#include "command.hpp"
#include "local_time.hpp"
#include "table.hpp"
#include "terminal.hpp"
#include "text.hpp"

#include "wire/exit_code.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include <unistd.h>

namespace linnet {
namespace {

constexpr std::chrono::seconds patience{4}, patience_for_test{60};  // a test waits for what is being sent, and for itself

struct Options {
    std::string endpoint = "ipc:///run/linnet-outlets/control";
    bool json = false;
    std::string outlet;
};

Json ask(const Options& options, const std::string& request, const Json& arguments, std::chrono::milliseconds time) {
    return api::Client{options.endpoint, "linnet-outlets"}.request(request, arguments, time);
}

std::string time_text(const Json& outlet, const char* key) {
    const auto time = parse_timestamp(outlet.value(key, ""));
    return time ? local_time(*time) : "-";
}

int list(const Options& options) {
    const Json outlets = ask(options, "outlets", Json::object(), patience);
    if (options.json) {
        for (const Json& outlet : outlets) fmt::print("{}\n", dump(outlet));
        return exit_code::ok;
    }
    Table table{{{"NAME"},
                 {"TYPE"},
                 {"STATE"},
                 {"WAITING", Align::right},
                 {"DELIVERED", Align::right},
                 {"REFUSED", Align::right},
                 {"LAST SUCCESS"},
                 {"LAST ERROR"}}};
    for (const Json& outlet : outlets)
        table.add({outlet.value("name", ""), outlet.value("type", ""), outlet.value("state", ""),
                   std::to_string(outlet.value("queue", 0U)), std::to_string(outlet.value("delivered", 0U)),
                   std::to_string(outlet.value("refused", 0U)), time_text(outlet, "last_success"),
                   outlet.value("last_error", "-")});
    const Terminal terminal = Terminal::of(STDOUT_FILENO);
    fmt::print("{}", table.render(terminal.interactive ? terminal.columns : 0));
    return exit_code::ok;
}

int test(const Options& options) {
    const Json result = ask(options, "test", {{"outlet", options.outlet}}, patience_for_test);
    const bool delivered = result.value("delivered", false);
    if (options.json)
        fmt::print("{}\n", dump(result));
    else if (delivered)
        fmt::print("The test message was taken. It should arrive now.\n");
    else
        fmt::print("The test message was not taken. {}\n", escaped(result.value("reason", "")));
    return delivered ? exit_code::ok : exit_code::failure;
}

/// The bytes as they are; on a terminal, what could steer it is written out.
std::string shown(std::string_view bytes, bool on_terminal) {
    if (!on_terminal) return std::string{bytes};
    std::string text;
    while (!bytes.empty()) {
        const auto end = bytes.find('\n');
        auto line = bytes.substr(0, end);
        if (line.ends_with('\r')) line.remove_suffix(1);
        text += escaped(line) + '\n';
        bytes.remove_prefix(end == std::string_view::npos ? bytes.size() : end + 1);
    }
    return text;
}

int preview(const Options& options) {
    const Json previews = ask(options, "preview", {{"outlet", options.outlet}}, patience);
    const bool on_terminal = Terminal::of(STDOUT_FILENO).interactive;
    for (const Json& one : previews) {
        if (options.json) {
            fmt::print("{}\n", dump(one));
            continue;
        }
        if (options.outlet.empty() || on_terminal)
            fmt::print("--- {}: this is what would leave for {} (secrets masked)\n", one.value("name", ""),
                       one.value("example", false) ? "a test" : "the newest alert");
        const auto bytes = shown(one.value("bytes", ""), on_terminal);
        fmt::print("{}{}", bytes, bytes.ends_with('\n') ? "" : "\n");
    }
    return exit_code::ok;
}

std::function<int()> declare(CLI::App& app) {
    const auto options = std::make_shared<Options>();
    const auto action = std::make_shared<int (*)(const Options&)>(list);
    const auto add_common = [options](CLI::App& to) {
        to.add_option("--connect", options->endpoint, "The control socket of linnet-outlets")
            ->type_name("ENDPOINT")
            ->capture_default_str();
        to.add_flag("--json", options->json, "JSON, one object a line");
    };
    add_common(app);
    app.require_subcommand(0, 1);
    const auto add = [&](const char* name, const char* summary, int (*run)(const Options&)) {
        CLI::App* subcommand = app.add_subcommand(name, summary);
        add_common(*subcommand);
        subcommand->callback([action, run] { *action = run; });
        return subcommand;
    };
    add("test", "Sends a test message through an outlet, now", test)
        ->add_option("NAME", options->outlet, "The outlet")
        ->type_name("")
        ->required();
    add("preview", "Shows exactly what would leave the home, secrets masked", preview)
        ->add_option("NAME", options->outlet, "One outlet; without, all of them")
        ->type_name("");
    return [options, action] { return (*action)(*options); };
}

}  // namespace

const Command outlets_command{"outlets", "Says where messages go and whether they get there; tests and previews them",
                              declare};

}  // namespace linnet
