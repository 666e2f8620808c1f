// linnet selftest: does what happens on the network come back as an alert? A name that nobody else ever asks for is looked
// up at the home's resolver, over the network; the sensor must see the answer, and the analyzer must tell of it.
#include "analyzer_connection.hpp"
#include "command.hpp"
#include "resolver.hpp"
#include "terminal.hpp"
#include "text.hpp"

#include "wire/exit_code.hpp"
#include "wire/self_test_name.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include <unistd.h>

namespace linnet {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;
using std::chrono::seconds;

struct Options {
    AnalyzerOptions analyzer;
    std::string resolver;
    std::optional<unsigned> timeout;
    bool elsewhere = false;

    /// A person needs longer to walk to another computer.
    [[nodiscard]] unsigned patience() const { return timeout.value_or(elsewhere ? 120U : 15U); }
};

std::string new_name() {
    std::random_device random;
    return fmt::format("{}{:08x}{:08x}{}", self_test::prefix, random(), random(), self_test::suffix);
}

/// A step and how it went, at once.
void say(const Options& options, bool good, const std::string& sentence) {
    if (options.analyzer.json) {
        fmt::print("{}\n", dump({{"ok", good}, {"text", sentence}}));
        std::fflush(stdout);
        return;
    }
    const Terminal terminal = Terminal::of(STDOUT_FILENO);
    fmt::print("{}  {}\n", good ? "ok" : terminal.painted(Paint::red, "NO"), escaped(sentence));
    std::fflush(stdout);
}

bool names(const Json& alert, const std::string& name) {
    const Json& part = alert.at("linnet");
    return part.value("detector", "") == "self-test" && part.value("evidence", Json::object()).value("name", "") == name;
}

class SelfTest {
 public:
    explicit SelfTest(const Options& options) : options_{options}, client_{options.analyzer.address} {}

    int run() {
        const Json all = client_.request("subscribe", Json::object(), seconds{4});
        say(options_, true, "The analyzer answers.");
        say_sensors(all.at("status").value("sensors", Json::array()));
        asked_ = Clock::now();
        deadline_ = asked_ + seconds{options_.patience()};
        const bool asked = options_.elsewhere ? ask_for_help() : ask_resolvers();
        if (asked && comes_back()) return exit_code::ok;
        if (asked) say_what_to_check();
        return exit_code::failure;
    }

 private:
    void say_sensors(const Json& sensors) {
        std::string listening;
        for (const Json& sensor : sensors)
            if (sensor.value("connected", false) && !sensor.value("finished", false))
                listening +=
                    (listening.empty() ? "" : ", ") + sensor.value("id", "?") + " on " + sensor.value("source", "?");
        connected_ = !listening.empty();
        if (connected_)
            say(options_, true, "A sensor listens: " + listening + ".");
        else
            say(options_, false, "No sensor is connected to the analyzer. Is linnet-sensor running?");
    }

    /// True where the name is on its way over the network.
    bool ask_resolvers() {
        auto resolvers = home_resolvers();
        if (const auto given = IpAddress::parse(options_.resolver)) resolvers = {*given};
        if (resolvers.empty()) {
            say(options_, false, "This computer has no resolver on the network; name one with --resolver.");
            return false;
        }
        for (const auto& resolver : resolvers) {
            constexpr seconds patience{3};
            if (!resolver_answers(resolver, name_, std::min<milliseconds>(patience, seconds{options_.patience()}))) continue;
            say(options_, true, fmt::format("{} was looked up at {}, which answered.", name_, to_string(resolver)));
            return true;
        }
        say(options_, false,
            fmt::format("{} does not answer when it is asked for a name. Is this computer on the network?",
                        to_string(resolvers.front())));
        return false;
    }

    bool ask_for_help() const {
        if (options_.analyzer.json)
            say(options_, true, fmt::format("Look up {} on any computer in your home.", name_));
        else
            fmt::print("..  Look up this name on any computer in your home, within {}:\n\n    nslookup {}\n\n",
                       counted(options_.patience(), "second", "seconds"), name_);
        std::fflush(stdout);
        return true;
    }

    bool comes_back() {
        while (Clock::now() < deadline_) {
            const auto left = std::chrono::ceil<milliseconds>(deadline_ - Clock::now());
            const auto feed = client_.next_feed(left);
            if (!feed) continue;
            for (const Json& alert : feed->value("alerts", Json::array()))
                if (names(alert, name_)) return welcome(alert);
        }
        for (const Json& alert : client_.request("alerts", {{"limit", 100}}, seconds{4}))
            if (names(alert, name_)) return welcome(alert);
        return false;
    }

    bool welcome(const Json& alert) const {
        const Json& part = alert.at("linnet");
        const auto took = std::chrono::duration<double>(Clock::now() - asked_).count();
        say(options_, true,
            fmt::format("The sensor {} saw it, and the alert came back after {:.1f} seconds: alert {}, {}.",
                        part.at("evidence").value("sensor", "?"), took, part.value("id", 0),
                        part.at("device").value("name", "?")));
        if (options_.analyzer.json) return true;
        fmt::print("\nThe chain works: what {} computer sends reaches the sensor, the analyzer and you.\n",
                   options_.elsewhere ? "that" : "this");
        return true;
    }

    void say_what_to_check() const {
        say(options_, false, fmt::format("Nothing came back within {}.", counted(options_.patience(), "second", "seconds")));
        if (options_.analyzer.json) return;
        fmt::print("\nWhat to check, in this order:\n");
        if (!connected_) fmt::print("  - Start linnet-sensor; `linnet status` must show it as connected.\n");
        fmt::print(
            "  - Does the sensor listen on the interface that leads to your home network (`interfaces` in linnet.toml)?\n"
            "  - Does this computer's traffic pass there? A switch or Wi-Fi access point shows a sensor only its own and\n"
            "    what is for everybody: it needs a mirror port, or its place at the router.\n"
            "  - Does a filter leave DNS (port 53) out (`filter` in linnet.toml)?\n"
            "  - `linnet status`: do packets come in, and are many dropped?\n");
    }

    const Options& options_;
    api::Client client_;
    std::string name_ = new_name();
    Clock::time_point asked_, deadline_;
    bool connected_ = false;
};

/// For CLI11: the complaint, or nothing.
std::string check_address(const std::string& text) {
    return IpAddress::parse(text) ? std::string{} : text + " is no address such as 192.168.1.1";
}

std::function<int()> declare(CLI::App& app) {
    const auto options = std::make_shared<Options>();
    options->analyzer.declare(app);
    auto* resolver = app.add_option("--resolver", options->resolver, "Ask this one, not the one that this computer uses")
                         ->type_name("ADDRESS")
                         ->check(CLI::Validator{check_address, ""});
    app.add_option("--timeout", options->timeout, "How long to wait for the alert")
        ->type_name("SECONDS")
        ->check(CLI::Range(1U, 3600U))
        ->default_str("15, with --elsewhere 120");
    app.add_flag("--elsewhere", options->elsewhere, "Say which name to look up on another computer, and wait for it")
        ->excludes(resolver);
    return [options] { return SelfTest{*options}.run(); };
}

}  // namespace

const Command selftest_command{"selftest", "Tries the whole way: does what happens on the network come back as an alert?",
                               declare};

}  // namespace linnet
