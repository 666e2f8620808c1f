// rogue-dhcp: two servers answer on one network, and they do not agree on the way out or on who resolves names. One network
// is it where one device was offered something by both within a short time, or where both give addresses of the same range
// while both are there. Which of the two was there first is not the rogue. A router that takes another's place is none: the
// old one says no more. Two that say the same stand in for each other.
#include "analyzer/detector.hpp"
#include "analyzer/ip_state.hpp"

#include <algorithm>
#include <optional>

namespace linnet {
namespace {

class RogueDhcp : public Detector {
 public:
    explicit RogueDhcp(Thresholds& thresholds)
        : same_client_{thresholds.seconds("rogue-dhcp.same_client_seconds")},
          same_network_{thresholds.seconds("rogue-dhcp.same_network_seconds")} {}

    void on_event(const Event& event, Context& context) override {
        const auto* hint = std::get_if<DeviceHint>(&event);
        if (hint == nullptr || hint->source != "dhcp-server") return;
        const std::string key = RowKey{}.add(hint->mac).add(hint->ip).text();
        Server& server = servers_.touch(key);
        if (!server.known) server = {.known = true, .mac = hint->mac, .ip = hint->ip, .first = hint->at};
        if (hint->key == "offered-network") server.next.network = hint->value;
        if (hint->key == "offered-router") server.next.router = hint->value;
        if (hint->key == "offered-resolver") server.next.resolver = hint->value;
        if (hint->key != "offered-to") return;
        // The last hint of one offer. An answer to an INFORM (RFC 2131, section 3.4) gives no address, so it says less.
        if (!server.next.network.empty()) server.offer = std::move(server.next);
        server.next = {};
        server.client = hint->value;
        server.last = hint->at;
        compare(key, Server{server}, context);
    }

    std::vector<StateTableBase*> tables() override { return {&servers_}; }

 private:
    static constexpr std::size_t max_servers = 256;

    struct Offer {
        std::string network, router, resolver;
        bool operator==(const Offer&) const = default;
    };
    struct Server {
        bool known = false;
        MacAddress mac;
        IpAddress ip;
        Timestamp first, last;
        std::string client;  ///< of the last offer
        Offer offer, next;   ///< next: what has come of the offer that is being told
        [[nodiscard]] Json to_state() const;
        static Server from_state(const Json& state);
    };

    void compare(const std::string& key, const Server& now, Context& context) {
        std::optional<Server> rival;
        servers_.for_each([&](const Server& other) {
            if (RowKey{}.add(other.mac).add(other.ip).text() != key && are_rivals(now, other)) rival = other;
        });
        if (!rival) return;
        const bool now_is_newer = now.first >= rival->first;
        report(now_is_newer ? now : *rival, now_is_newer ? *rival : now, now.last, context);
    }

    /// `other` spoke before `now` did.
    [[nodiscard]] bool are_rivals(const Server& now, const Server& other) const {
        const bool one_box = now.ip == other.ip || (now.mac.known() && now.mac == other.mac);
        const bool agree = now.offer.router == other.offer.router && now.offer.resolver == other.offer.resolver;
        if (one_box || agree || now.offer.network.empty() || other.offer.network.empty() || now.last < other.last)
            return false;
        const Duration apart = now.last - other.last;
        if (now.client == other.client && apart <= same_client_) return true;
        return now.offer.network == other.offer.network && apart <= same_network_ && other.last > now.first;
    }

    void report(const Server& rogue, const Server& rightful, Timestamp at, Context& context) const {
        const Household& household = context.household;
        Finding finding;
        finding.detector = "rogue-dhcp";
        finding.cause = RowKey{}.add(rogue.ip).text();
        finding.device = household.device(rogue.mac, rogue.ip);
        finding.confidence = Confidence::likely;
        finding.src = rogue.ip;
        finding.dest = rightful.ip;
        finding.proto = "UDP";
        finding.app_proto = "dhcp";
        finding.first = rogue.first;
        finding.last = at;
        finding.evidence = {{"router", rogue.offer.router},           {"resolver", rogue.offer.resolver},
                            {"network", rogue.offer.network},         {"other_server", to_string(rightful.ip)},
                            {"other_router", rightful.offer.router},  {"other_resolver", rightful.offer.resolver},
                            {"other_network", rightful.offer.network}};
        finding.peer = household.device(rightful.mac, rightful.ip).name;
        context.episodes.report(std::move(finding));
    }

    Duration same_client_, same_network_;
    StateTable<Server> servers_{"rogue-dhcp", max_servers};
};

Json RogueDhcp::Server::to_state() const {
    Json list = {to_string(mac), to_number(first), to_number(last), client};
    for (const Offer* o : {&offer, &next})
        for (const auto* text : {&o->network, &o->router, &o->resolver}) list.push_back(*text);
    push_ip(list, ip);
    return list;
}

RogueDhcp::Server RogueDhcp::Server::from_state(const Json& list) {
    const auto text = [&](std::size_t i) { return list.at(i).get<std::string>(); };
    return {.known = true,
            .mac = MacAddress::parse(text(0)).value_or(MacAddress{}),
            .ip = ip_at(list, 10),
            .first = time_at(list.at(1)),
            .last = time_at(list.at(2)),
            .client = text(3),
            .offer = {text(4), text(5), text(6)},
            .next = {text(7), text(8), text(9)}};
}

}  // namespace

std::unique_ptr<Detector> make_rogue_dhcp(Thresholds& thresholds) { return std::make_unique<RogueDhcp>(thresholds); }

}  // namespace linnet
