// linnet watch: the home, live. On a terminal the whole of it; elsewhere a line for each thing that happens.
#include "analyzer_connection.hpp"
#include "command.hpp"
#include "full_screen.hpp"
#include "interruption.hpp"
#include "live_home.hpp"
#include "live_view.hpp"
#include "terminal.hpp"

#include "wire/exit_code.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <chrono>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>

#include <unistd.h>

namespace linnet {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds patience{4}, pause_between_tries{2};
constexpr milliseconds turn{200}, redraw{1'000};

Timestamp now() { return std::chrono::floor<Duration>(std::chrono::system_clock::now()); }

/// Shows what there is; false where the person has seen enough.
class Show {
 public:
    Show() = default;
    virtual ~Show() = default;
    Show(const Show&) = delete;
    Show& operator=(const Show&) = delete;
    virtual void begin(const LiveHome& home, const Json& all) = 0;
    virtual void tell(const LiveHome::News& news, const Json& feed) = 0;
    virtual void trouble(const std::string& sentence) = 0;
    virtual bool turn(const LiveHome& home, const std::string& trouble) = 0;
};

class Picture : public Show {
 public:
    void begin(const LiveHome& /*home*/, const Json& /*all*/) override { drawn_ = {}; }
    void tell(const LiveHome::News& news, const Json& /*feed*/) override {
        if (!news.alerts.empty()) drawn_ = {};
    }
    void trouble(const std::string& /*sentence*/) override { drawn_ = {}; }
    bool turn(const LiveHome& home, const std::string& trouble) override {
        for (char key = FullScreen::key(); key != 0; key = FullScreen::key())
            if (key == 'q' || key == 'Q') return false;
        const auto rows = FullScreen::rows();
        if (Clock::now() - drawn_ < redraw && rows == rows_) return true;
        drawn_ = Clock::now();
        rows_ = rows;
        FullScreen::draw(live_view(home, trouble, now(), Terminal::of(STDOUT_FILENO), rows));
        return true;
    }

 private:
    FullScreen screen_;
    Clock::time_point drawn_;
    std::size_t rows_ = 0;
};

class Lines : public Show {
 public:
    explicit Lines(bool json) : json_{json} {}
    void begin(const LiveHome& home, const Json& all) override {
        if (json_) {
            for (const Json& eve : all.at("alerts")) print(dump(eve));
            return;
        }
        const auto verdict = home.verdict();
        print(verdict.sentence + " " + verdict.reach);
    }
    void tell(const LiveHome::News& news, const Json& feed) override {
        if (!json_) {
            for (const auto& line : news_lines(news)) print(line);
            return;
        }
        for (const char* kind : {"devices", "alerts"})
            for (const Json& eve : feed.value(kind, Json::array())) print(dump(eve));
    }
    void trouble(const std::string& sentence) override { fmt::print(stderr, "linnet: {}\n", sentence); }
    bool turn(const LiveHome& /*home*/, const std::string& /*trouble*/) override {
        return std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
    }

 private:
    static void print(const std::string& line) { fmt::print("{}\n", line); }
    bool json_;
};

class Watch {
 public:
    Watch(const AnalyzerOptions& options, Show& show, const Interruption& interruption)
        : options_{options}, show_{show}, interruption_{interruption} {}

    /// Throws Interrupted; and api::Error where the first try fails.
    void run() {
        connect();
        while (turn()) {
            try {
                if (client_)
                    listen();
                else if (Clock::now() >= next_try_)
                    connect();
                else
                    pause();
            } catch (const api::Error& error) {
                lose(error.what());
            } catch (const Json::exception&) {
                lose("The analyzer's answer made no sense.");
            }
        }
    }

 private:
    bool turn() {
        interruption_.check();
        return show_.turn(home_, trouble_);
    }

    void connect() {
        next_try_ = Clock::now() + pause_between_tries;
        client_.emplace(options_.address);
        const Json all = client_->request("subscribe", Json::object(), trouble_.empty() ? patience : milliseconds{1'000});
        home_.begin(all, now());
        heard_ = Clock::now();
        trouble_.clear();
        show_.begin(home_, all);
    }

    void listen() {
        if (const auto feed = client_->next_feed(linnet::turn)) {
            heard_ = Clock::now();
            const auto news = home_.apply(*feed, now());
            if (!news) return connect();  // one was missed
            show_.tell(*news, *feed);
        } else if (Clock::now() - heard_ > api::silence) {
            lose("Nothing is heard from the analyzer any more.");
        }
    }

    void lose(const std::string& why) {
        client_.reset();
        if (trouble_.empty()) show_.trouble(why + " Trying again.");
        trouble_ = why + " Trying again; what you see is as it was.";
        next_try_ = Clock::now() + pause_between_tries;
    }

    static void pause() { usleep(static_cast<useconds_t>(std::chrono::microseconds{linnet::turn}.count())); }

    const AnalyzerOptions& options_;
    Show& show_;
    const Interruption& interruption_;
    LiveHome home_;
    std::optional<api::Client> client_;
    std::string trouble_;
    Clock::time_point heard_, next_try_;
};

int run(const AnalyzerOptions& options) {
    const Interruption interruption;
    AnalyzerConnection{options.address}.ask("status");  // says soon, and in plain sight, where nobody answers
    const bool whole = Terminal::of(STDOUT_FILENO).interactive && ::isatty(STDIN_FILENO) == 1 && !options.json;
    const std::unique_ptr<Show> show =
        whole ? std::unique_ptr<Show>{std::make_unique<Picture>()} : std::make_unique<Lines>(options.json);
    Watch{options, *show, interruption}.run();
    return exit_code::ok;
}

std::function<int()> declare(CLI::App& app) {
    const auto options = std::make_shared<AnalyzerOptions>();
    options->declare(app);
    return [options] { return run(*options); };
}

}  // namespace

const Command watch_command{"watch", "Shows the home as it is now, until q or Ctrl-C", declare};

}  // namespace linnet
