// The promise of the core: the same events give the same alerts, to the byte, also where it was stopped and started
// anew between any two of them.
#include "home.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <map>
#include <random>

using namespace linnet;
using namespace linnet::test;

namespace {

/// Something of everything, in an order and at times that a seed decides. A few addresses, so that things meet.
class Events {
 public:
    explicit Events(unsigned seed) : random_{seed} {}

    Event next() {
        now_ += std::uniform_real_distribution<double>{0, 3}(random_);
        if (dice(500) == 0) now_ += dice(2) == 0 ? 90'000 : 700;
        if (dice(2000) == 0) now_ -= 50'000;
        switch (dice(12)) {
            case 0: return login(inside(), server(), static_cast<Service>(dice(4)), fmt::format("user{}", dice(3)), now_);
            case 1: return hostname(hardware(dice(40)), fmt::format("name-{}", dice(5)), now_);
            case 2: return AddressBinding{at(now_), mac(hardware(dice(300))), address(dice(300)), "arp"};
            case 3: return conversation("telnet");
            case 4:
            case 5:
            case 6: return conversation("tls");
            default: return attempts();
        }
    }

 private:
    int dice(int sides) { return std::uniform_int_distribution<int>{0, sides - 1}(random_); }
    static std::string hardware(int n) { return fmt::format("b8:27:eb:00:{:02x}:{:02x}", n / 256, n % 256); }
    static IpAddress address(int n) { return IpAddress::v4(0xc0a80000U + static_cast<std::uint32_t>(n)); }

    Endpoint inside() {
        const int n = dice(6);
        return {address(n), {static_cast<std::uint16_t>(40'000 + dice(9))}, mac(hardware(n))};
    }
    Endpoint server() {
        const int n = dice(30);
        if (n < 6) return {address(n), {23}, mac(hardware(n))};
        return {IpAddress::v4(0xcb007100U + static_cast<std::uint32_t>(n)), {21}, mac(hardware(999))};
    }
    Flow conversation(const std::string& app) {
        Flow conversation = flow(inside(), server(), app, now_);
        conversation.server.port.number = app == "tls" ? 443 : 23;
        conversation.stage = static_cast<FlowStage>(dice(3));
        return conversation;
    }
    Probe attempts() {
        Probe probe;
        probe.source = address(dice(6));
        probe.kind = static_cast<ProbeKind>(dice(5));
        probe.first_seen = probe.last_seen = at(now_);
        const bool mirai = dice(8) == 0;
        for (int n = dice(12); n >= 0; --n) {
            ProbeAttempt attempt;
            attempt.target =
                dice(2) == 0 ? address(dice(300)) : IpAddress::v4(0xc6336400U + static_cast<std::uint32_t>(dice(4000)));
            attempt.port.number = static_cast<std::uint16_t>(dice(3) == 0 ? 23 : 1 + dice(30));
            attempt.outcome = static_cast<ProbeOutcome>(dice(3));
            attempt.hallmark = mirai && probe.kind == ProbeKind::tcp_syn;
            probe.attempts.push_back(attempt);
        }
        return probe;
    }

    std::mt19937 random_;
    double now_ = 0;
};

/// The table of a store: what was saved and not deleted.
using Disk = std::map<std::pair<std::string, std::string>, std::string>;

void save(Core& core, Disk& disk) {
    core.save_changes([&disk](StateRow&& row) {
        if (row.value)
            disk[{row.table, row.key}] = *row.value;
        else
            disk.erase({row.table, row.key});
    });
}

std::unique_ptr<Core> make(const CoreOptions& options) { return std::make_unique<Core>(options, signatures()); }

/// Small limits, so that things give way as well.
const CoreOptions small{.max_devices = 100, .max_alerts_open = 60};

struct Told {
    std::string changes;  ///< each change of an alert or device, as it was handed out
    std::string view;     ///< what is left at the end
};

enum class Anew : unsigned char { by_restart, by_signatures };

/// Runs the events of a seed; `batch` events between two commits, a restart (or new signatures, which say the same) behind
/// each `restart_each`th commit.
Told run(unsigned seed, int events, int batch, int restart_each, Anew anew = Anew::by_restart) {
    auto core = make(small);
    Disk disk;
    Events source{seed};
    Told told;
    for (int i = 1; i <= events; ++i) {
        core->apply("sensor", source.next());
        if (i % batch != 0) continue;
        const auto changes = core->take_changes();
        for (const auto& alert : changes.alerts) told.changes += dump(to_eve(alert)) + "\n";
        for (const auto& device : changes.devices) told.changes += dump(to_eve(device)) + "\n";
        save(*core, disk);
        if (restart_each == 0 || i / batch % restart_each != 0) continue;
        if (anew == Anew::by_signatures) {
            core->renew(signatures());
            continue;
        }
        core = make(small);
        for (const auto& [key, value] : disk) core->restore({key.first, key.second, value});
        REQUIRE(core->damaged_rows() == 0);
    }
    told.view = view(*core);
    return told;
}

#ifdef LINNET_SANITIZED
constexpr unsigned seeds = 1;  // a sanitizer is fifteen times slower
#else
constexpr unsigned seeds = 3;
#endif

}  // namespace

TEST_CASE("the same events give the same alerts and devices") {
    const auto first = run(1, 3000, 50, 0), second = run(1, 3000, 50, 0);
    CHECK(first.view == second.view);
    CHECK(first.changes == second.changes);
    CHECK(first.view.find("horizontal-scan") != std::string::npos);  // and something happens in them
    CHECK(first.view.find("cleartext-login") != std::string::npos);
    CHECK(first.changes.find("mirai-scan") != std::string::npos);
    CHECK(first.changes.find("new-device") != std::string::npos);
}

TEST_CASE("a restart or a renewal behind any commit changes nothing, to the byte") {
    for (unsigned seed = 1; seed <= seeds; ++seed) {
        CAPTURE(seed);
        const auto whole = run(seed, 2000, 7, 0);
        for (const int restart_each : {1, 5, 41}) {
            CAPTURE(restart_each);
            const auto cut = run(seed, 2000, 7, restart_each);
            CHECK(cut.view == whole.view);
            CHECK(cut.changes == whole.changes);
            const auto renewed = run(seed, 2000, 7, restart_each, Anew::by_signatures);
            CHECK(renewed.view == whole.view);
            CHECK(renewed.changes == whole.changes);
        }
    }
}

TEST_CASE("how events are grouped into commits does not change what is left in the end") {
    const auto single = run(3, 2000, 1, 0), large = run(3, 2000, 500, 2);
    CHECK(single.view == large.view);
}

TEST_CASE("a renewal with signatures that are not good changes nothing") {
    auto core = make({});
    core->apply("s", hallmark("192.168.1.23", "203.0.113.1", 23, 0));
    core->apply("s", hallmark("192.168.1.23", "203.0.113.2", 23, 1));
    core->take_changes();
    core->save_changes([](StateRow&&) {});
    const auto empty = std::make_shared<const Signatures>(Signatures::parse("", "alerts.toml", "", "thresholds.toml"));
    CHECK_THROWS_AS(core->renew(empty), SettingsError);
    core->apply("s", hallmark("192.168.1.23", "203.0.113.3", 23, 2));
    CHECK(alerts(*core, "mirai-scan").size() == 1);
}

TEST_CASE("damaged rows are counted and left out, rows of unknown tables are ignored") {
    auto core = make({});
    core->restore({"devices", "zz", "x"});
    core->restore({"devices", "00", "\xff"});
    core->restore({"episodes", "00", std::string{"\xa0", 1}});
    core->restore({"scan-of-tomorrow", "00", "x"});
    CHECK(core->damaged_rows() == 3);
    CHECK(core->devices().empty());
    CHECK(core->alerts().empty());
}
