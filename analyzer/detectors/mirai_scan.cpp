// mirai-scan: the way Mirai and its descendants look for victims (scanner.c of its public source, 2016).
//
// Confirmed: SYNs whose sequence number is the destination address, to 3 distinct targets in 60 s. Nothing else does this.
// Likely: a fan-out over the telnet-like ports to 10 distinct outside targets in 60 s, of which most did not answer.
// Once it is seen, every further attempt of the kind counts.
#include "analyzer/detector.hpp"
#include "analyzer/distinct_set.hpp"
#include "analyzer/ip_state.hpp"

#include <algorithm>
#include <set>

namespace linnet {
namespace {

/// The last few distinct targets: "so many within so much time" is read off its two ends.
struct Targets {
    struct Target {
        IpAddress ip;
        Timestamp at;
        bool answered = false;
    };
    std::vector<Target> last;  ///< oldest first

    void add(const Attempt& attempt, std::size_t capacity) {
        const auto same = [&attempt](const Target& target) { return target.ip == attempt.target; };
        if (const auto known = std::find_if(last.begin(), last.end(), same); known != last.end()) last.erase(known);
        if (last.size() == capacity) last.erase(last.begin());
        last.push_back({attempt.target, attempt.at, attempt.outcome == ProbeOutcome::answered});
    }
    [[nodiscard]] bool full_within(Duration window, std::size_t capacity) const {
        if (last.size() < capacity) return false;
        const auto [first, newest] =
            std::minmax_element(last.begin(), last.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
        return newest->at - first->at <= window;
    }
    [[nodiscard]] bool mostly_unanswered() const {
        const auto answered = std::count_if(last.begin(), last.end(), [](const auto& target) { return target.answered; });
        return static_cast<std::size_t>(answered) * 2 < last.size();
    }

    [[nodiscard]] Json to_state() const {
        Json list = Json::array();
        for (const auto& target : last) {
            push_ip(list, target.ip);
            list.push_back(to_number(target.at));
            list.push_back(target.answered);
        }
        return list;
    }
    static Targets from_state(const Json& list) {
        Targets targets;
        for (std::size_t i = 0; i + 4 <= list.size(); i += 4)
            targets.last.push_back({ip_at(list, i), time_at(list.at(i + 2)), list.at(i + 3).get<bool>()});
        return targets;
    }
};

struct Scanner {
    static constexpr std::size_t max_ports = 16;

    Targets hallmark, fan_out;
    DistinctSet targets;
    std::set<std::uint16_t> ports;  ///< at most max_ports
    std::uint64_t attempts = 0, hallmarks = 0;
    Timestamp first, last;
    bool fired = false, confirmed = false;

    [[nodiscard]] Json to_state() const {
        return {{"hallmark", hallmark.to_state()},
                {"fan_out", fan_out.to_state()},
                {"forgotten", targets.forgotten()},
                {"targets", targets.numbers()},
                {"ports", ports},
                {"attempts", attempts},
                {"hallmarks", hallmarks},
                {"first", to_number(first)},
                {"last", to_number(last)},
                {"fired", fired},
                {"confirmed", confirmed}};
    }
    static Scanner from_state(const Json& state) {
        Scanner scanner;
        scanner.hallmark = Targets::from_state(state.at("hallmark"));
        scanner.fan_out = Targets::from_state(state.at("fan_out"));
        scanner.targets = DistinctSet::of(state.at("forgotten").get<std::uint64_t>(),
                                          state.at("targets").get<std::vector<std::uint64_t>>());
        state.at("ports").get_to(scanner.ports);
        state.at("attempts").get_to(scanner.attempts);
        state.at("hallmarks").get_to(scanner.hallmarks);
        scanner.first = time_at(state.at("first"));
        scanner.last = time_at(state.at("last"));
        state.at("fired").get_to(scanner.fired);
        state.at("confirmed").get_to(scanner.confirmed);
        return scanner;
    }
};

class MiraiScan : public Detector {
 public:
    explicit MiraiScan(Thresholds& thresholds)
        : window_{thresholds.seconds("mirai-scan.window_seconds")},
          quiet_{thresholds.seconds("scan.quiet_seconds")},
          hallmark_targets_{static_cast<std::size_t>(thresholds.integer("mirai-scan.hallmark_targets", 2, 64))},
          fan_out_targets_{static_cast<std::size_t>(thresholds.integer("mirai-scan.fan_out_targets", 2, 64))},
          ports_{thresholds.ports("mirai-scan.ports")} {}

    void on_contact(const Contact& contact, Context& context) override {
        const Attempt& attempt = contact.attempt;
        const bool telnet_like = attempt.kind == ProbeKind::tcp_syn && !attempt.target_is_inside &&
                                 std::find(ports_.begin(), ports_.end(), attempt.port) != ports_.end();
        if (!telnet_like && !contact.hallmark) return;
        const std::string key = RowKey{}.add(contact.source).text();
        const bool known = scanners_.find(key) != nullptr;
        if (attempt.connection && !known) return;  // a telnet client without a failure
        Scanner& scanner = scanners_.touch(key);
        if (is_over(scanner, attempt.at, context.episodes.quiet())) {
            if (attempt.connection) return;
            scanner = {};
        }
        const std::uint64_t told = scanner.fired ? scanner.attempts : 0;
        add(scanner, contact, telnet_like);
        if (scanner.fired) report(scanner, contact, scanner.attempts - told, key, context);
    }

    std::vector<StateTableBase*> tables() override { return {&scanners_}; }

 private:
    static constexpr std::size_t max_scanners = 256;

    [[nodiscard]] bool is_over(const Scanner& scanner, Timestamp at, Duration episode_quiet) const {
        const Duration quiet = scanner.fired ? episode_quiet : quiet_;
        return scanner.attempts > 0 && (at > scanner.last + quiet || at + quiet < scanner.last);
    }

    void add(Scanner& scanner, const Contact& contact, bool telnet_like) const {
        const Attempt& attempt = contact.attempt;
        const bool fresh = scanner.targets.insert(number_of(attempt.target));
        scanner.first = scanner.attempts == 0 ? attempt.at : std::min(scanner.first, attempt.at);
        scanner.last = scanner.attempts == 0 ? attempt.at : std::max(scanner.last, attempt.at);
        if (fresh || !attempt.connection) ++scanner.attempts;
        if (scanner.ports.size() < Scanner::max_ports) scanner.ports.insert(attempt.port.number);
        if (contact.hallmark) {
            ++scanner.hallmarks;
            scanner.hallmark.add(attempt, hallmark_targets_);
            scanner.confirmed = scanner.confirmed || scanner.hallmark.full_within(window_, hallmark_targets_);
        }
        if (telnet_like) scanner.fan_out.add(attempt, fan_out_targets_);
        scanner.fired = scanner.fired || scanner.confirmed ||
                        (scanner.fan_out.full_within(window_, fan_out_targets_) && scanner.fan_out.mostly_unanswered());
    }

    static void report(const Scanner& scanner, const Contact& contact, std::uint64_t count, const std::string& key,
                       Context& context) {
        Finding finding;
        finding.detector = "mirai-scan";
        finding.cause = key;
        finding.device = context.household.device(contact.mac, contact.source);
        finding.confidence = scanner.confirmed ? Confidence::confirmed : Confidence::likely;
        finding.src = contact.source;
        if (scanner.ports.size() == 1) finding.dest_port = {*scanner.ports.begin()};
        finding.proto = "TCP";
        finding.count = count;
        finding.first = count == scanner.attempts ? scanner.first : contact.attempt.at;
        finding.last = contact.attempt.at;
        finding.evidence = {{"targets", scanner.targets.count()}, {"hallmark", scanner.hallmarks}, {"ports", scanner.ports}};
        if (!scanner.targets.exact()) finding.evidence["estimate"] = true;
        context.episodes.report(std::move(finding));
    }

    Duration window_, quiet_;
    std::size_t hallmark_targets_, fan_out_targets_;
    std::vector<Port> ports_;
    StateTable<Scanner> scanners_{"mirai-scan", max_scanners};
};

}  // namespace

std::unique_ptr<Detector> make_mirai_scan(Thresholds& thresholds) { return std::make_unique<MiraiScan>(thresholds); }

}  // namespace linnet
