// rogue-dhcp: two servers answer on one network, and they do not agree on the way out or on who resolves names. One network
// is it where one device was offered something by both within a short time, or where both give addresses of the same range
// while both are there. Which of the two was there first is not the rogue. A router that takes another's place is none: the
// old one says no more. Two that say the same stand in for each other.
//
// In IPv6 the routers themselves tell (RFC 4861): two of them on one link, both of which go on, are rivals where prefixes or
// resolvers differ. A DHCPv6 server is compared with other ones, and with the router: where that says that nothing comes by
// DHCPv6, whoever offers a resolver by it has nobody's leave.
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
        const auto family = hint != nullptr ? family_of(hint->source) : std::nullopt;
        if (!family) return;
        const std::string key = RowKey{}.add(hint->mac).add(hint->ip).add(static_cast<std::uint8_t>(*family)).text();
        Server& server = servers_.touch(key);
        if (!server.known) server = {.known = true, .family = *family, .mac = hint->mac, .ip = hint->ip, .first = hint->at};
        if (hint->key == "managed") server.managed = hint->value == "yes";
        if (hint->key == "offered-network") server.next.network = hint->value;
        if (hint->key == "offered-router") server.next.router = hint->value;
        if (hint->key == "offered-resolver") server.next.resolver = hint->value;
        if (hint->key != "offered-to") return;
        // The last hint of one offer. An answer to an INFORM (RFC 2131, section 3.4) gives no address, so it says less.
        if (!server.next.network.empty() || *family != Family::dhcp) server.offer = std::move(server.next);
        server.next = {};
        server.client = hint->value;
        server.last = hint->at;
        compare(Server{server}, context);
    }

    std::vector<StateTableBase*> tables() override { return {&servers_}; }

 private:
    static constexpr std::size_t max_servers = 256;

    struct Offer {
        std::string network, router, resolver;
        bool operator==(const Offer&) const = default;
    };
    enum class Family : std::uint8_t { dhcp = 0, dhcpv6 = 1, router = 2 };
    struct Server {
        bool known = false;
        Family family = Family::dhcp;
        bool managed = true;  ///< of a router: more comes by DHCPv6
        MacAddress mac;
        IpAddress ip;
        Timestamp first, last;
        std::string client;  ///< of the last offer
        Offer offer, next;   ///< next: what has come of the offer that is being told
        [[nodiscard]] Json to_state() const;
        static Server from_state(const Json& state);
    };

    static std::optional<Family> family_of(std::string_view source) {
        if (source == "dhcp-server") return Family::dhcp;
        if (source == "dhcpv6-server") return Family::dhcpv6;
        if (source == "router-advertisement") return Family::router;
        return std::nullopt;
    }

    void compare(const Server& now, Context& context) const {
        std::optional<Server> rival;
        servers_.for_each([&](const Server& other) {
            if (are_rivals(now, other)) rival = other;
        });
        if (rival) {
            const bool now_is_newer = now.first >= rival->first;
            return report(now_is_newer ? now : *rival, now_is_newer ? *rival : now, now.last, context);
        }
        if (const auto router = router_against(now)) report(now, *router, now.last, context);
    }

    static bool is_one_box(const Server& a, const Server& b) { return a.ip == b.ip || (a.mac.known() && a.mac == b.mac); }

    /// `other` spoke before `now` did.
    [[nodiscard]] bool are_rivals(const Server& now, const Server& other) const {
        if (now.family != other.family || is_one_box(now, other) || now.last < other.last) return false;
        const Duration apart = now.last - other.last;
        const bool both_go_on = apart <= same_network_ && other.last > now.first;
        const bool same_resolver = now.offer.resolver == other.offer.resolver;
        if (now.family == Family::router) return both_go_on && (!same_resolver || now.offer.network != other.offer.network);
        if (now.family == Family::dhcpv6)
            return !same_resolver && (both_go_on || (now.client == other.client && apart <= same_client_));
        const bool agree = now.offer.router == other.offer.router && same_resolver;
        if (agree || now.offer.network.empty() || other.offer.network.empty()) return false;
        if (now.client == other.client && apart <= same_client_) return true;
        return now.offer.network == other.offer.network && both_go_on;
    }

    /// The router that says that nothing comes by DHCPv6, where `server` offers a resolver by it and no router invites to
    /// that.
    [[nodiscard]] std::optional<Server> router_against(const Server& server) const {
        if (server.family != Family::dhcpv6 || server.offer.resolver.empty()) return std::nullopt;
        std::optional<Server> router;
        bool invited = false;
        servers_.for_each([&](const Server& other) {
            const bool there = other.family == Family::router && other.last <= server.last + same_client_ &&
                               server.last <= other.last + same_network_;
            if (!there) return;
            invited = invited || other.managed || is_one_box(server, other);
            if (!other.offer.router.empty()) router = other;
        });
        return invited ? std::nullopt : router;
    }

    void report(const Server& rogue, const Server& rightful, Timestamp at, Context& context) const {
        const Household& household = context.household;
        Finding finding;
        finding.detector = "rogue-dhcp";
        finding.variant = rogue.family == Family::router ? "ipv6" : "";
        finding.cause = RowKey{}.add(rogue.ip).text();
        finding.device = household.device(rogue.mac, rogue.ip);
        finding.confidence = Confidence::likely;
        finding.src = rogue.ip;
        finding.dest = rightful.ip;
        finding.proto = rogue.family == Family::router ? "IPv6-ICMP" : "UDP";
        finding.app_proto = rogue.family == Family::dhcp ? "dhcp" : rogue.family == Family::dhcpv6 ? "dhcpv6" : "";
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
    list.push_back(static_cast<unsigned>(family));
    list.push_back(managed);
    return list;
}

RogueDhcp::Server RogueDhcp::Server::from_state(const Json& list) {
    const auto text = [&](std::size_t i) { return list.at(i).get<std::string>(); };
    return {.known = true,
            .family = static_cast<Family>(std::min<unsigned>(list.at(12).get<std::uint8_t>(), 2)),
            .managed = list.at(13).get<bool>(),
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
