// brute-force: one client tries password after password at one service of one server.
//
// Confirmed: so many refused logins within a short time, or fewer of them with several user names (a program with an
// outdated password tries again, but always with the same name). Likely: as many short connections to a service that asks
// for a password and hides what is said (SSH, remote desktop, …), of which each brought little more than a greeting and a
// refusal.
#include "analyzer/ip_state.hpp"
#include "directed_finding.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <set>

namespace linnet {
namespace {

/// Services that ask for a password first, by the name that the sensor found or by their port.
bool asks_for_password(const Flow& flow) {
    constexpr std::array<std::string_view, 8> names{"ssh", "rdp", "telnet", "ftp_control", "ftp", "vnc", "pop3", "imap"};
    constexpr std::array<std::uint16_t, 10> ports{21, 22, 23, 2222, 2323, 3389, 5900, 1433, 3306, 5432};
    if (flow.app_proto.empty()) return std::find(ports.begin(), ports.end(), flow.server.port.number) != ports.end();
    return std::find(names.begin(), names.end(), flow.app_proto) != names.end();
}

/// Attempts of one kind: the times of the last few.
struct Tries {
    static constexpr std::size_t most = 64;
    std::vector<Timestamp> last;  ///< in order of arrival

    void add(Timestamp at) {
        if (last.size() == most) last.erase(last.begin());
        last.push_back(at);
    }
    [[nodiscard]] bool reached(std::size_t count, Duration window) const {
        if (last.size() < count) return false;
        const auto [first, newest] = std::minmax_element(last.end() - static_cast<std::ptrdiff_t>(count), last.end());
        return *newest - *first <= window;
    }
    [[nodiscard]] Json to_state() const {
        Json list = Json::array();
        for (const auto at : last) list.push_back(to_number(at));
        return list;
    }
    static Tries from_state(const Json& list) {
        Tries tries;
        for (const auto& at : list) tries.add(time_at(at));
        return tries;
    }
};

struct Attack {
    static constexpr std::size_t max_users = 64;
    Tries refused, short_connections;
    std::set<std::string> users;  ///< of refused logins, at most max_users
    std::uint64_t refusals = 0, connections = 0, told = 0;
    Timestamp first, last;
    bool fired = false;

    [[nodiscard]] std::uint64_t count() const { return std::max(refusals, connections); }

    [[nodiscard]] Json to_state() const {
        return {{"refused", refused.to_state()},
                {"short", short_connections.to_state()},
                {"users", users},
                {"refusals", refusals},
                {"connections", connections},
                {"told", told},
                {"first", to_number(first)},
                {"last", to_number(last)},
                {"fired", fired}};
    }
    static Attack from_state(const Json& state) {
        Attack attack;
        attack.refused = Tries::from_state(state.at("refused"));
        attack.short_connections = Tries::from_state(state.at("short"));
        state.at("users").get_to(attack.users);
        state.at("refusals").get_to(attack.refusals);
        state.at("connections").get_to(attack.connections);
        state.at("told").get_to(attack.told);
        attack.first = time_at(state.at("first"));
        attack.last = time_at(state.at("last"));
        state.at("fired").get_to(attack.fired);
        return attack;
    }
};

class BruteForce : public Detector {
 public:
    explicit BruteForce(Thresholds& thresholds)
        : window_{thresholds.seconds("brute-force.window_seconds")},
          quiet_{thresholds.seconds("brute-force.quiet_seconds")},
          refused_{count(thresholds, "refused")},
          refused_of_several_{count(thresholds, "refused_of_several_users")},
          several_{count(thresholds, "several_users")},
          connections_{count(thresholds, "short_connections")},
          short_seconds_{thresholds.seconds("brute-force.short_seconds")},
          short_payload_{static_cast<std::uint64_t>(thresholds.integer("brute-force.short_payload", 1, 1'000'000))} {}

    void on_event(const Event& event, Context& context) override {
        if (const auto* login = std::get_if<Login>(&event); login != nullptr && login->outcome == Outcome::failure)
            on_refusal(*login, context);
        if (const auto* flow = std::get_if<Flow>(&event); flow != nullptr && is_short(*flow)) on_short(*flow, context);
    }

    std::vector<StateTableBase*> tables() override { return {&attacks_}; }

 private:
    static constexpr std::size_t max_attacks = 512;

    static std::size_t count(Thresholds& thresholds, const char* name) {
        return static_cast<std::size_t>(thresholds.integer(std::string{"brute-force."} + name, 2, Tries::most));
    }

    [[nodiscard]] bool is_short(const Flow& flow) const {
        return flow.proto == Proto::tcp && flow.stage == FlowStage::end && !flow.midstream && flow.payload_to_client > 0 &&
               flow.payload_to_server > 0 && flow.payload_to_client + flow.payload_to_server <= short_payload_ &&
               flow.last_seen - flow.first_seen <= short_seconds_ && asks_for_password(flow);
    }

    Attack& attack_of(const Endpoint& client, const Endpoint& server, Timestamp at) {
        Attack& attack = attacks_.touch(key_of(client, server));
        if (at > attack.last + quiet_ || at + quiet_ < attack.last) attack = {};
        if (attack.count() == 0) attack.first = attack.last = at;
        attack.first = std::min(attack.first, at);
        attack.last = std::max(attack.last, at);
        return attack;
    }
    static std::string key_of(const Endpoint& client, const Endpoint& server) {
        return RowKey{}.add(client.ip).add(server.ip).add(server.port).text();
    }

    void on_refusal(const Login& login, Context& context) {
        Attack& attack = attack_of(login.client, login.server, login.at);
        ++attack.refusals;
        attack.refused.add(login.at);
        if (attack.users.size() < Attack::max_users) attack.users.insert(login.user);
        const bool several = attack.users.size() >= several_ && attack.refused.reached(refused_of_several_, window_);
        attack.fired = attack.fired || several || attack.refused.reached(refused_, window_);
        report(attack, login.client, login.server, std::string{to_string(login.service)}, context);
    }

    void on_short(const Flow& flow, Context& context) {
        Attack& attack = attack_of(flow.client, flow.server, flow.last_seen);
        ++attack.connections;
        attack.short_connections.add(flow.last_seen);
        attack.fired = attack.fired || attack.short_connections.reached(connections_, window_);
        report(attack, flow.client, flow.server, flow.app_proto, context);
    }

    static void report(Attack& attack, const Endpoint& client, const Endpoint& server, const std::string& service,
                       Context& context) {
        const auto way = way_of(client, server, context.household);
        if (!attack.fired || !way || attack.count() == attack.told) return;
        const auto& about = *way == Way::inwards ? server : client;
        Finding finding = directed_finding("brute-force", {client, server, about}, attack.last, context.household);
        if (*way == Way::outwards) finding.variant = "outside";
        if (*way == Way::inwards) finding.variant = "inwards";
        finding.cause = key_of(client, server);
        finding.confidence = attack.refusals > 0 ? Confidence::confirmed : Confidence::likely;
        finding.proto = "TCP";
        finding.app_proto = service;
        finding.first = attack.told == 0 ? attack.first : attack.last;
        finding.count = attack.count() - attack.told;
        finding.evidence = {{"refused", attack.refusals}, {"connections", attack.connections}};
        if (!attack.users.empty()) finding.evidence["users"] = attack.users.size();
        attack.told = attack.count();
        context.episodes.report(std::move(finding));
    }

    Duration window_, quiet_;
    std::size_t refused_, refused_of_several_, several_, connections_;
    Duration short_seconds_;
    std::uint64_t short_payload_;
    StateTable<Attack> attacks_{"brute-force", max_attacks};
};

}  // namespace

std::unique_ptr<Detector> make_brute_force(Thresholds& thresholds) { return std::make_unique<BruteForce>(thresholds); }

}  // namespace linnet
