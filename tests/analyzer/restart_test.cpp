// Nothing lost, nothing twice: the real analyzer and a real shipper, killed in the middle with SIGKILL and started again,
// leave exactly the rows of a run that nobody disturbed.
#include "analyzer/sqlite.hpp"
#include "sensor/shipper.hpp"
#include "tests/analyzer/synthetic_events.hpp"
#include "tests/temporary_folder.hpp"
#include "wire/frame.hpp"

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <functional>
#include <stdexcept>
#include <thread>
#include <utility>

using namespace linnet;
using namespace std::chrono_literals;

namespace {

constexpr std::uint64_t event_count = 30'000;
constexpr std::uint64_t epoch = 77;

/// A child process; killed and waited for when it goes out of scope.
class Process {
 public:
    explicit Process(const std::function<int()>& body) : pid_{::fork()} {
        if (pid_ < 0) throw std::runtime_error{"no process"};
        if (pid_ == 0) ::_exit(body());
    }
    Process(Process&& other) noexcept : pid_{std::exchange(other.pid_, -1)} {}
    Process& operator=(Process&& other) noexcept {
        std::swap(pid_, other.pid_);
        return *this;
    }
    ~Process() {
        if (pid_ > 0) end(SIGKILL);
    }

    /// The exit code, or 128 + the signal.
    int wait() {
        int status = 0;
        ::waitpid(std::exchange(pid_, -1), &status, 0);
        return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
    int end(int signal) {
        if (pid_ <= 0) throw std::logic_error{"the process has ended already"};
        ::kill(pid_, signal);
        return wait();
    }

 private:
    pid_t pid_;
};

struct Lab {
    test::TemporaryFolder folder;

    [[nodiscard]] Process analyzer() const {
        return Process{[this] {
            const auto database = folder.file("linnet.db").string(), events = folder.endpoint("events"),
                       api = folder.endpoint("api");
            ::execl(LINNET_ANALYZER_PROGRAM, "linnet-analyzer", "--listen", events.c_str(), "--api", api.c_str(),
                    "--database", database.c_str(), "--keep-flows", "0", "--log-level", "warn", nullptr);
            return 127;
        }};
    }

    /// Reads the "capture" from its beginning and ships it: up to event `fast` as fast as it can, from there on slowly
    /// enough that somebody can come in between.
    [[nodiscard]] Process shipper(std::uint64_t fast = 0) const {
        return Process{[this, fast] {
            std::array<int, 2> pipe{};
            if (::socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pipe.data()) != 0) return 1;
            const int out = pipe[1];
            std::thread writer{[out, fast] {
                EventEncoder encoder;
                std::vector<std::byte> frames;
                for (std::uint64_t number = 1; number <= event_count; ++number) {
                    encoder.append_frame(test::synthetic_event(number, event_count), frames);
                    if (number % 50 != 0 && number != event_count) continue;
                    if (::write(out, frames.data(), frames.size()) != static_cast<ssize_t>(frames.size())) return;
                    frames.clear();
                    if (number > fast) std::this_thread::sleep_for(2ms);
                }
                ::close(out);
            }};
            ShipperOptions options;
            options.endpoint = folder.endpoint("events");
            options.sensor = "test";
            options.source = "synthetic";
            options.origin = ShipOrigin::file;
            options.epoch = epoch;
            const auto result = ship(pipe[0], options);
            writer.join();
            return result.ok ? 0 : 1;
        }};
    }

    /// Every row of every table, as text; but for the notes of the house-keeping, which say when something was written, and
    /// the numbers of changes, which count commits.
    [[nodiscard]] std::string rows() const {
        const Database database{folder.file("linnet.db")};
        std::string all;
        Statement tables{database, "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'notes' ORDER BY name"};
        while (tables.step()) {
            const std::string table{tables.text(0)};
            Statement columns{database,
                              "SELECT count(*), group_concat('\"' || name || '\"') FROM pragma_table_info(?1) WHERE name <> "
                              "'change'"};
            columns.bind(table).step();
            Statement rows{database, "SELECT " + std::string{columns.text(1)} + " FROM " + table + " ORDER BY 1, 2"};
            while (rows.step()) {
                all += table;
                for (int i = 0; i < columns.integer(0); ++i) all.append("|").append(rows.text(i));
                all += '\n';
            }
        }
        return all;
    }
    [[nodiscard]] std::int64_t count(const std::string& query) const {
        return Database{folder.file("linnet.db")}.integer(query);
    }
};

/// What a run leaves that nobody disturbs.
const std::string& undisturbed() {
    static const std::string rows = [] {
        const Lab lab;
        auto analyzer = lab.analyzer();
        REQUIRE(lab.shipper().wait() == 0);
        REQUIRE(analyzer.end(SIGTERM) == 0);
        CHECK(lab.count("SELECT committed FROM sensors") == event_count);
        CHECK(lab.count("SELECT finished FROM sensors") == 1);
        CHECK(lab.count("SELECT count(*) FROM logins") == event_count / 20);
        CHECK(lab.count("SELECT count(*) FROM alerts") > 0);
        return lab.rows();
    }();
    return rows;
}

/// Not CHECK(a == b): that would print megabytes.
void check_same_as_undisturbed(const Lab& lab) {
    const auto rows = lab.rows();
    const auto& expected = undisturbed();
    CHECK(rows.size() == expected.size());
    const auto [left, right] = std::mismatch(rows.begin(), rows.end(), expected.begin(), expected.end());
    const auto line = [](const std::string& text, auto at) {
        const auto offset = static_cast<std::size_t>(at - text.begin());
        const auto begin = text.rfind('\n', offset) == std::string::npos ? 0 : text.rfind('\n', offset) + 1;
        return text.substr(begin, text.find('\n', offset) - begin);
    };
    if (left != rows.end() || right != expected.end()) {
        CHECK(line(rows, left) == line(expected, right));
        FAIL("the rows differ");
    }
}

}  // namespace

TEST_CASE("an analyzer killed seven times in the middle leaves the rows of an undisturbed run") {
    const Lab lab;
    auto analyzer = lab.analyzer();
    auto shipper = lab.shipper();
    for (const auto pause : {150ms, 90ms, 220ms, 40ms, 170ms, 300ms, 60ms}) {
        std::this_thread::sleep_for(pause);
        CHECK(analyzer.end(SIGKILL) == 128 + SIGKILL);
        analyzer = lab.analyzer();
    }
    CHECK(shipper.wait() == 0);
    CHECK(analyzer.end(SIGTERM) == 0);
    check_same_as_undisturbed(lab);
}

TEST_CASE("a shipper killed six times and started again with the same file leaves the rows of an undisturbed run") {
    const Lab lab;
    auto analyzer = lab.analyzer();
    std::uint64_t read_before = 0;
    for (const auto pause : {300ms, 120ms, 400ms, 80ms, 250ms, 300ms}) {
        auto shipper = lab.shipper(read_before);
        read_before += 2'500;  // at once behind what the analyzer has, and partly not yet committed
        std::this_thread::sleep_for(pause);
        CHECK(shipper.end(SIGKILL) == 128 + SIGKILL);
    }
    CHECK(lab.shipper().wait() == 0);
    CHECK(analyzer.end(SIGTERM) == 0);
    check_same_as_undisturbed(lab);
}

TEST_CASE("both killed, and the whole file read once more at the end: still the same rows") {
    const Lab lab;
    auto analyzer = lab.analyzer();
    auto shipper = lab.shipper();
    std::this_thread::sleep_for(250ms);
    CHECK(analyzer.end(SIGKILL) == 128 + SIGKILL);
    CHECK(shipper.end(SIGKILL) == 128 + SIGKILL);
    analyzer = lab.analyzer();
    CHECK(lab.shipper().wait() == 0);
    CHECK(lab.shipper().wait() == 0);
    CHECK(analyzer.end(SIGTERM) == 0);
    check_same_as_undisturbed(lab);
}
