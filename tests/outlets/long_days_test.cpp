// From events through the real core, teller and queue to couriers, over hours and days that are only told.
#include "outlets/courier.hpp"
#include "outlets/teller.hpp"
#include "tests/analyzer/core/home.hpp"
#include "tests/temporary_folder.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <thread>

using namespace linnet;
using namespace linnet::test;
using namespace std::chrono_literals;

namespace {

const std::vector<std::string> outlets{"phone", "hook", "mail"};
constexpr double minute = 60, hour = 3'600, day = 86'400;

/// What servers have taken, and whether they are there.
struct Servers {
    std::mutex mutex;
    std::map<std::string, std::vector<Message>> taken;
    std::atomic<bool> away{false};
};

class Recorder : public Outlet {
 public:
    Recorder(std::string name, Servers& servers) : name_{std::move(name)}, servers_{servers} {}
    [[nodiscard]] std::string preview(const Message& /*message*/, Timestamp /*now*/) const override { return {}; }
    Delivery send(const Message& message, Timestamp /*now*/, const std::atomic<bool>& /*stop*/) override {
        if (servers_.away) return {Delivery::Result::later, "The server cannot be reached now.", {}};
        const std::lock_guard lock{servers_.mutex};
        if (message.kind != MessageKind::test) servers_.taken[name_].push_back(message);
        return {};
    }

 private:
    std::string name_;
    Servers& servers_;
};

/// linnet-outlets without its sockets.
class Program {
 public:
    Program(const std::filesystem::path& file, Servers& servers) : queue_{file}, teller_{listeners(), prepared(queue_)} {
        for (const auto& name : outlets)
            couriers_.push_back(std::make_unique<Courier>(name, std::make_unique<Recorder>(name, servers), queue_));
    }
    Teller& teller() { return teller_; }
    void wake() {
        for (auto& courier : couriers_) courier->wake();
    }
    /// A person's test: what waited goes on at once.
    void test() {
        for (auto& courier : couriers_) courier->test(example_message(courier->name(), MessageKind::test, at(0))).get();
    }
    std::size_t waiting() {
        std::size_t waiting = 0;
        for (const auto& name : outlets) waiting += queue_.with([&](Ledger& ledger) { return ledger.waiting(name); });
        return waiting;
    }
    bool is_done() {
        wake();
        for (int i = 0; i < 1'000 && waiting() > 0; ++i) std::this_thread::sleep_for(5ms);
        return waiting() == 0;
    }

 private:
    static std::vector<Teller::Listener> listeners() {
        std::vector<Teller::Listener> all;
        for (const auto& name : outlets) all.push_back({name, Policy{name, {}, [](Timestamp) { return 0min; }}});
        return all;
    }
    static Queue& prepared(Queue& queue) {
        queue.transact([](Ledger& ledger) { ledger.keep_only(outlets); });
        return queue;
    }
    Queue queue_;
    Teller teller_;
    std::vector<std::unique_ptr<Courier>> couriers_;
};

/// The analyzer's part: the core, and the numbers of what changed.
class Home {
 public:
    Core core{{}, signatures()};

    /// What the core found up to then is told.
    void tell(Program& program, double seconds) {
        for (const auto& alert : core.take_changes().alerts) {
            changed_[alert.id] = ++change_;
            alerts_[alert.id] = alert;
        }
        while (program.teller().take(answer(program.teller().question(), seconds), at(seconds))) {
        }
        program.wake();
    }

 private:
    Json answer(const Json& question, double seconds) const {
        const auto after = question.at("after").get<std::uint64_t>();
        std::map<std::uint64_t, Json> in_order;
        for (const auto& [id, change] : changed_) {
            if (change <= after) continue;
            in_order[change] = to_eve(alerts_.at(id));
            in_order[change]["linnet"]["change"] = change;
        }
        Json alerts = Json::array();
        for (auto& [change, eve] : in_order) alerts.push_back(std::move(eve));
        return {{"series", "a"},
                {"last", change_},
                {"forgets", 0},
                {"at", to_string(at(seconds))},
                {"since", to_string(at(-30 * day))},
                {"quiet_seconds", core.status().at("quiet_seconds")},
                {"alerts", alerts}};
    }

    std::uint64_t change_ = 0;
    std::map<std::uint64_t, std::uint64_t> changed_;  ///< number of the newest change, by alert
    std::map<std::uint64_t, Alert> alerts_;
};

std::vector<Message> about_mirai(Servers& servers, const std::string& outlet) {
    const std::lock_guard lock{servers.mutex};
    std::vector<Message> found;
    for (const auto& message : servers.taken[outlet])
        if (message.title.find("Mirai") != std::string::npos) found.push_back(message);
    return found;
}

}  // namespace

TEST_CASE("a scan of an hour is one message for each outlet, and one more when it is over") {
    const test::TemporaryFolder folder;
    Servers servers;
    Program program{folder.file("queue.db"), servers};
    Home home;
    home.tell(program, 0);
    for (int n = 0; n < 360; ++n) {
        home.core.apply("s", hallmark("192.168.1.23", fmt::format("203.0.113.{}", n % 250), 23, n * 10));
        home.tell(program, n * 10);
    }
    REQUIRE(program.is_done());
    for (const auto& outlet : outlets) REQUIRE(about_mirai(servers, outlet).size() == 1);
    wait_until(home.core, hour + 23 * hour);  // a day without it is not over yet
    home.tell(program, hour + 23 * hour);
    REQUIRE(program.is_done());
    for (const auto& outlet : outlets) CHECK(about_mirai(servers, outlet).size() == 1);
    for (const double seconds : {hour + 25 * hour, hour + 26 * hour, hour + 40 * hour}) {
        wait_until(home.core, seconds);
        home.tell(program, seconds);
    }
    REQUIRE(program.is_done());
    for (const auto& outlet : outlets) {
        const auto messages = about_mirai(servers, outlet);
        REQUIRE(messages.size() == 2);
        CHECK(messages[0].kind == MessageKind::begun);
        CHECK(messages[1].kind == MessageKind::ended);
        CHECK(messages[0].alert.at("linnet").at("detector") == "mirai-scan");
    }
}

TEST_CASE("servers that were away for a day get everything of it once, in order, over restarts") {
    const test::TemporaryFolder folder;
    Servers servers;
    servers.away = true;
    Home home;
    std::vector<std::string> bots;
    for (int half = 0; half < 2; ++half) {
        Program program{folder.file("queue.db"), servers};
        for (int i = 0; i < 12; ++i) {  // each hour another device is taken over
            const double begun = (half * 12 + i) * hour;
            bots.push_back(fmt::format("192.168.1.{}", 10 + half * 12 + i));
            for (int n = 0; n < 20; ++n) {
                home.core.apply("s", hallmark(bots.back(), fmt::format("203.0.113.{}", n), 23, begun + n));
                home.tell(program, begun + n);
            }
            home.tell(program, begun + 59 * minute);
        }
        CHECK(program.waiting() >= 3 * bots.size());
    }
    CHECK(servers.taken.empty());
    Program program{folder.file("queue.db"), servers};
    servers.away = false;
    program.test();
    REQUIRE(program.is_done());
    for (const auto& outlet : outlets) {
        std::vector<std::string> about;
        for (const auto& message : about_mirai(servers, outlet)) {
            CHECK(message.kind == MessageKind::begun);
            about.push_back(message.alert.at("src_ip"));
        }
        CHECK(about == bots);
        const std::lock_guard lock{servers.mutex};
        std::vector<std::string> ids;
        for (const auto& message : servers.taken[outlet]) ids.push_back(message.id);
        std::sort(ids.begin(), ids.end());
        CHECK(std::adjacent_find(ids.begin(), ids.end()) == ids.end());
    }
}
