// linnet peers and revoke: who may connect over the network, and who no longer.
#include "analyzer_connection.hpp"
#include "command.hpp"
#include "local_time.hpp"
#include "question.hpp"
#include "table.hpp"
#include "terminal.hpp"
#include "text.hpp"

#include "wire/exit_code.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <unistd.h>

namespace linnet {
namespace {

struct Options {
    AnalyzerOptions analyzer;
    std::string peer;
    bool yes = false;
};

constexpr std::size_t shown = 8;  ///< of a key, which has 40 characters

int list(const Options& options) {
    AnalyzerConnection analyzer{options.analyzer.address};
    const Json peers = analyzer.ask("peers");
    Table table{{{"NAME"}, {"ROLE"}, {"SINCE"}, {"KEY"}, {"STATE"}}};
    for (const Json& peer : peers) {
        if (options.analyzer.json) {
            fmt::print("{}\n", dump(peer));
            continue;
        }
        const auto since = parse_timestamp(peer.value("since", ""));
        table.add({peer.value("name", ""), peer.value("role", ""), since ? local_time(*since) : "?",
                   peer.value("key", "").substr(0, shown), peer.value("connected", false) ? "connected" : "not connected"});
    }
    const Terminal terminal = Terminal::of(STDOUT_FILENO);
    if (options.analyzer.json) return exit_code::ok;
    fmt::print("{}", peers.empty() ? "Nobody is paired; `linnet pair` does it.\n"
                                   : table.render(terminal.interactive ? terminal.columns : 0));
    return exit_code::ok;
}

/// Those with this name or key; the beginning of a key will do, from what `linnet peers` shows on.
std::vector<Json> meant(const Json& peers, const std::string& wanted) {
    std::vector<Json> found;
    for (const Json& peer : peers)
        if (peer.value("name", "") == wanted) found.push_back(peer);
    for (const Json& peer : peers)
        if (found.empty() && wanted.size() >= shown && peer.value("key", "").starts_with(wanted)) found.push_back(peer);
    return found;
}

int revoke(const Options& options) {
    AnalyzerConnection analyzer{options.analyzer.address};
    const auto found = meant(analyzer.ask("peers"), options.peer);
    if (found.empty()) throw std::runtime_error("Nobody with this name or key is paired; `linnet peers` lists them.");
    if (found.size() > 1)
        throw std::runtime_error("Several are called so: say which one by the first characters of its key.");
    const auto name = escaped(found.front().value("name", "")), key = found.front().value("key", "");
    if (!options.yes && !is_sure(fmt::format("{} ({}, key {}…) may no longer connect, and what it says from now on is not "
                                             "heard. It has to be paired again.",
                                             name, escaped(found.front().value("role", "")), escaped(key.substr(0, shown)))))
        return exit_code::failure;
    analyzer.ask("revoke", {{"peer", key}});
    if (options.analyzer.json)
        fmt::print("{}\n", dump({{"revoked", key}}));
    else
        fmt::print("{} is a stranger now.\n", name);
    return exit_code::ok;
}

std::function<int()> declare_peers(CLI::App& app) {
    const auto options = std::make_shared<Options>();
    options->analyzer.declare(app);
    return [options] { return list(*options); };
}

std::function<int()> declare_revoke(CLI::App& app) {
    const auto options = std::make_shared<Options>();
    app.add_option("PEER", options->peer, "Its name, its key, or the first 8 characters of that")->type_name("")->required();
    app.add_flag("--yes", options->yes, "Do not ask");
    options->analyzer.declare(app);
    return [options] { return revoke(*options); };
}

}  // namespace

const Command peers_command{"peers", "Lists the sensors and desktops that were paired", declare_peers};
const Command revoke_command{"revoke", "Makes a paired sensor or desktop a stranger", declare_revoke};

}  // namespace linnet
