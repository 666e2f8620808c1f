// linnet pair: lets one program on another machine in. It opens the analyzer's door for pairing and asks the person for the
// six digits that the other program shows. Digits may come from a pipe as well, one try a line.
#include "analyzer_connection.hpp"
#include "command.hpp"
#include "interruption.hpp"
#include "terminal.hpp"
#include "text.hpp"

#include "wire/exit_code.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <CLI/CLI.hpp>

#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

#include <unistd.h>

namespace linnet {
namespace {

struct Options {
    AnalyzerOptions analyzer;
    bool dashboard = false;
};

constexpr int tick_ms = 300;  ///< between two looks at the door

class Pairing {
 public:
    explicit Pairing(const Options& options) : options_{options}, analyzer_{options.analyzer.address} {}

    int run() {
        try {
            const Interruption interruption;
            open();
            while (door_.value("open", false)) {
                tell();
                wait(interruption);
                if (!result_) door_ = analyzer_.ask("pair");
                if (result_) return *result_;
            }
        } catch (const Interrupted&) {
            fmt::print("\n");
            analyzer_.ask("pair-cancel");
            throw;
        }
        return over();
    }

 private:
    void open() {
        door_ = analyzer_.ask("pair", {{"role", options_.dashboard ? "dashboard" : "sensor"}});
        fmt::print("Run this on the other computer:\n\n");
        for (const Json& endpoint : door_.value("endpoints", Json::array()))
            fmt::print("    {} {}\n", options_.dashboard ? "linnet join" : "linnet-sensor --pair",
                       with_name(endpoint.get<std::string>()));
        fmt::print("\n");
        std::fflush(stdout);
    }

    /// An address that means "all of them" is of no use elsewhere.
    static std::string with_name(const std::string& endpoint) {
        for (const std::string all : {"tcp://*:", "tcp://0.0.0.0:", "tcp://[::]:"})
            if (endpoint.starts_with(all)) return "tcp://ADDRESS-OF-THIS-COMPUTER:" + escaped(endpoint.substr(all.size()));
        return escaped(endpoint);
    }

    /// Who asks, once; and how much time is left, where a person looks.
    void tell() {
        const auto guest = door_.value("guest", std::string{});
        if (guest != guest_ && !guest.empty())
            fmt::print("{}{} asks to be paired. Type the six digits that it shows: ", start_of_line_, escaped(guest));
        else if (guest != guest_)
            fmt::print("\n{} has gone.\n", escaped(guest_));
        else if (guest.empty() && terminal_.interactive)
            fmt::print("\rWaiting; {}:{:02} left. ", seconds() / 60, seconds() % 60);
        guest_ = guest;
        std::fflush(stdout);
    }
    [[nodiscard]] std::uint64_t seconds() const { return door_.value("seconds", std::uint64_t{0}); }

    /// For a line that a person typed, where somebody asked; for the next look at the door otherwise.
    void wait(const Interruption& interruption) {
        std::array<pollfd, 2> items{{{interruption.descriptor(), POLLIN, 0}, {STDIN_FILENO, POLLIN, 0}}};
        const bool listens = !guest_.empty();
        if (listens && take_line()) return;  // was read together with the one before
        if (::poll(items.data(), listens ? 2 : 1, tick_ms) < 0 && errno != EINTR)
            throw std::runtime_error("The terminal cannot be read.");
        interruption.check();
        if (!listens || items[1].revents == 0) return;
        std::array<char, 256> piece{};
        const auto size = ::read(STDIN_FILENO, piece.data(), piece.size());
        if (size <= 0) return give_up();
        typed_.append(piece.data(), static_cast<std::size_t>(size));
        if (typed_.size() > piece.size() && typed_.find('\n') == std::string::npos) typed_.clear();
        take_line();
    }

    void give_up() {
        fmt::print("\nNobody is here to type the digits; nothing was paired.\n");
        analyzer_.ask("pair-cancel");
        result_ = exit_code::failure;
    }

    bool take_line() {
        const auto end = typed_.find('\n');
        if (end == std::string::npos) return false;
        std::string digits;
        for (const char c : typed_.substr(0, end))
            if (c >= '0' && c <= '9') digits += c;
        typed_.erase(0, end + 1);
        if (digits.size() == 6)
            enter(digits);
        else
            fmt::print("Six digits, please: ");
        std::fflush(stdout);
        return true;
    }

    void enter(const std::string& digits) {
        const Json answer = analyzer_.ask("pair-digits", {{"digits", digits}});
        if (answer.value("paired", false)) {
            fmt::print("{} is paired now.\n", escaped(answer.value("name", "")));
            result_ = exit_code::ok;
            return;
        }
        fmt::print(
            "These are not the digits. If you typed them as they stand there, somebody is in between: find out who.\n");
        const auto tries = answer.value("tries", std::uint64_t{0});
        if (tries > 0) fmt::print("{} left.\n", counted(tries, "try", "tries"));
        guest_.clear();
    }

    int over() {
        const auto end = door_.value("end", std::string{});
        fmt::print("{}{}\n", start_of_line_,
                   end == "time"    ? "The time is over; nothing was paired."
                   : end == "tries" ? "That were three tries; nothing was paired."
                                    : "Somebody else ended this.");
        return exit_code::failure;
    }

    const Options& options_;
    AnalyzerConnection analyzer_;
    Terminal terminal_ = Terminal::of(STDOUT_FILENO);
    std::string start_of_line_ = terminal_.interactive ? "\r\x1b[K" : "";
    Json door_;
    std::string guest_;  ///< as was told
    std::string typed_;  ///< and not a whole line yet
    std::optional<int> result_;
};

std::function<int()> declare(CLI::App& app) {
    const auto options = std::make_shared<Options>();
    app.add_flag("--dashboard", options->dashboard, "For a desktop that asks and decides, not for a sensor");
    options->analyzer.declare_address(app);
    return [options] { return Pairing{*options}.run(); };
}

}  // namespace

const Command pair_command{"pair", "Lets a sensor or a desktop on another computer connect", declare};

}  // namespace linnet
