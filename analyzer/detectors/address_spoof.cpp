// address-spoof: two devices claim one address, by turns. That is what ARP poisoning looks like from the side: the owner
// goes on speaking, and the impostor goes on contradicting. An address that changes hands once (DHCP, a telephone with a new
// random MAC address) is none, nor are the shared addresses of routers that stand in for each other, nor several network
// cards of one box. The router's address is what an impostor wants above all: the one that a DHCP server or an IPv6 router
// names, or whose owner passes on what goes to many addresses outside.
//
// And: somebody sends under one invented hardware address after the other (macof, DHCP starvation), so that a switch forgets
// who is where or a router runs out of addresses. That is one alert, however many there are: hundreds of newcomers of no
// known maker within minutes, in a home. Contests with such newcomers are then no alerts of their own.
#include "analyzer/detector.hpp"
#include "analyzer/distinct_set.hpp"
#include "analyzer/ip_state.hpp"

#include <algorithm>
#include <array>
#include <tuple>

namespace linnet {
namespace {

/// Addresses that wander by design: VRRP and CARP (RFC 9568, section 7.3), HSRP versions 1 and 2, GLBP.
bool is_shared(const MacAddress& mac) {
    const auto begins = [&](std::array<int, 5> with) {
        return std::equal(with.begin(), with.end(), mac.bytes.begin(), [](int a, int b) { return a < 0 || a == b; });
    };
    return begins({0x00, 0x00, 0x5e, 0x00, 0x01}) || begins({0x00, 0x00, 0x5e, 0x00, 0x02}) ||
           begins({0x00, 0x00, 0x0c, 0x07, 0xac}) || begins({0x00, 0x00, 0x0c, 0x9f, -1}) ||
           begins({0x00, 0x07, 0xb4, 0x00, -1});
}

/// The cards of one box have numbers in a row; some of a router's are the same but for the bit "locally administered".
bool is_same_box(const MacAddress& a, const MacAddress& b) {
    return (a.bytes[0] | 0x02) == (b.bytes[0] | 0x02) &&
           std::equal(a.bytes.begin() + 1, a.bytes.begin() + 5, b.bytes.begin() + 1);
}

class AddressSpoof : public Detector {
 public:
    explicit AddressSpoof(Thresholds& thresholds)
        : window_{thresholds.seconds("address-spoof.window_seconds")},
          returns_{thresholds.integer("address-spoof.returns", 1, 1000)},
          router_returns_{thresholds.integer("address-spoof.router_returns", 1, 1000)},
          routed_{static_cast<std::size_t>(thresholds.integer("address-spoof.routed_addresses", 2, 1000))},
          invented_{static_cast<std::uint64_t>(thresholds.integer("address-spoof.invented", 10, 100'000))},
          invented_window_{thresholds.seconds("address-spoof.invented_seconds")} {}

    void on_event(const Event& event, Context& context) override {
        if (!context.household.newcomers().empty()) count_newcomers(time_of(event), context);
        if (const auto* binding = std::get_if<AddressBinding>(&event)) return on_binding(*binding, context);
        if (const auto* flow = std::get_if<Flow>(&event)) return on_flow(*flow, context.household.locality());
        if (const auto* hint = std::get_if<DeviceHint>(&event); hint != nullptr && hint->key == "offered-router")
            if (const auto ip = IpAddress::parse(hint->value.substr(0, hint->value.find(','))))
                routers_.touch(RowKey{}.add(*ip).text());
    }

    std::vector<StateTableBase*> tables() override { return {&claims_, &routers_, &passing_, &floods_}; }

 private:
    static constexpr std::size_t max_addresses = 4096, max_routers = 16, max_passing = 256;

    struct Claim {
        MacAddress owner, latest, other;
        Timestamp changed, since;  ///< since: of the first change that counts
        std::int64_t returns = 0;  ///< how often the owner came back
        [[nodiscard]] Json to_state() const {
            return {to_string(owner), to_string(latest), to_string(other), to_number(changed), to_number(since), returns};
        }
        static Claim from_state(const Json& list) {
            const auto mac = [&](std::size_t i) {
                return MacAddress::parse(list.at(i).get<std::string>()).value_or(MacAddress{});
            };
            return {mac(0), mac(1), mac(2), time_at(list.at(3)), time_at(list.at(4)), list.at(5).get<std::int64_t>()};
        }
    };
    /// Newcomers of no known maker.
    struct Flood {
        Timestamp since;  ///< the running window began
        std::uint64_t count = 0, reported = 0;
        Timestamp last;  ///< when there were too many; never where it is 0
        [[nodiscard]] Json to_state() const { return {to_number(since), count, reported, to_number(last)}; }
        static Flood from_state(const Json& list) {
            return {time_at(list.at(0)), list.at(1).get<std::uint64_t>(), list.at(2).get<std::uint64_t>(),
                    time_at(list.at(3))};
        }
    };
    struct Router {
        [[nodiscard]] Json to_state() const { return true; }
        static Router from_state(const Json&) { return {}; }
    };

    /// To which outside addresses a hardware address at home passes on what others send; no more than it takes.
    struct Passing {
        DistinctSet outside;
        [[nodiscard]] Json to_state() const { return outside.numbers(); }
        static Passing from_state(const Json& state) {
            return {DistinctSet::of(0, state.get<std::vector<std::uint64_t>>())};
        }
    };

    void on_flow(const Flow& flow, const Locality& locality) {
        const bool outside = Locality::is_host(flow.server.ip) && !locality.at_home(flow.server.ip);
        const MacAddress& mac = flow.server.mac;
        if (!outside || !locality.at_home(flow.client.ip) || !mac.known() || mac.is_group() || mac == flow.client.mac ||
            flow.packets_to_client == 0)
            return;
        const std::string key = RowKey{}.add(mac).text();
        const Passing* known = passing_.find(key);
        const auto number = number_of(flow.server.ip);
        if (known != nullptr && (known->outside.count() >= routed_ || known->outside.contains(number))) return;
        passing_.touch(key).outside.insert(number);
    }

    [[nodiscard]] bool routes(const MacAddress& mac) const {
        const Passing* known = passing_.find(RowKey{}.add(mac).text());
        return known != nullptr && known->outside.count() >= routed_;
    }

    void count_newcomers(Timestamp at, Context& context) {
        std::uint64_t strange = 0;
        for (const auto& [mac, ip] : context.household.newcomers())
            strange += mac.known() && context.household.maker(mac).empty() ? 1 : 0;
        if (strange == 0) return;
        Flood& flood = floods_.touch("home");
        if (at > flood.since + invented_window_ || at < flood.since) flood = {.since = at, .last = flood.last};
        flood.count += strange;
        if (flood.count < invented_) return;
        flood.last = at;
        if (flood.reported > 0 && flood.count - flood.reported < report_each) return;
        report_flood(flood, context);
        flood.reported = flood.count;
    }

    static void report_flood(const Flood& flood, Context& context) {
        Finding finding;
        finding.detector = "address-spoof";
        finding.variant = "flood";
        finding.cause = "flood";
        finding.device.name = "Your home";
        finding.confidence = Confidence::likely;
        finding.proto = "ARP";
        finding.count = flood.count - flood.reported;
        finding.first = flood.since;
        finding.last = flood.last;
        context.episodes.report(std::move(finding));
    }

    [[nodiscard]] bool is_flooded(Timestamp at) const {
        const Flood* flood = floods_.find("home");
        return flood != nullptr && flood->last != Timestamp{} && at >= flood->last && at <= flood->last + invented_window_;
    }

    void on_binding(const AddressBinding& binding, Context& context) {
        // Neighbour discovery never leaves the link: whatever the address is, it is at home.
        const bool here = binding.source == "ndp" || context.household.locality().at_home(binding.ip);
        if (!here || is_self_assigned(binding.ip) || is_shared(binding.mac)) return;
        Claim& claim = claims_.touch(RowKey{}.add(binding.ip).text());
        if (binding.source == "dhcp" || !claim.owner.known()) {
            claim = {.owner = binding.mac, .latest = binding.mac, .other = {}, .changed = binding.at, .since = binding.at};
            return;
        }
        if (is_same_box(binding.mac, claim.latest)) return;
        const bool quiet = binding.at - claim.changed > window_ || binding.at < claim.changed;
        if (quiet) claim = {.owner = claim.latest, .latest = {}, .other = {}, .changed = {}, .since = binding.at};
        claim.latest = binding.mac;
        claim.changed = binding.at;
        if (!is_same_box(binding.mac, claim.owner))
            claim.other = binding.mac;
        else
            ++claim.returns;
        report(binding, claim, context);
    }

    /// RFC 3927: there, two that choose the same address settle it between them.
    static bool is_self_assigned(const IpAddress& ip) { return ip.is_v4() && ip.as_v4() >> 16U == 0xa9fe; }

    void report(const AddressBinding& binding, const Claim& claim, Context& context) {
        const Household& household = context.household;
        if (is_flooded(binding.at) && !(household.has_settled(claim.owner) && household.has_settled(claim.other))) return;
        // Where an impostor was there before its victim, what tells the two apart is that it claims more than one address.
        const bool owner_claims_more =
            binding.ip.is_v4() && household.addresses_of(claim.owner).size() > household.addresses_of(claim.other).size();
        const auto& [impostor, owner] =
            owner_claims_more ? std::tie(claim.owner, claim.other) : std::tie(claim.other, claim.owner);
        const bool router = routers_.find(RowKey{}.add(binding.ip).text()) != nullptr || routes(owner);
        if (claim.returns < (router ? router_returns_ : returns_)) return;
        Finding finding;
        finding.detector = "address-spoof";
        finding.variant = router ? "router" : "";
        finding.cause = RowKey{}.add(binding.ip).text();
        finding.device = household.device(impostor, binding.ip);
        finding.confidence = Confidence::likely;
        finding.src = finding.dest = binding.ip;
        finding.proto = binding.ip.is_v4() ? "ARP" : "IPv6-ICMP";
        finding.first = claim.since;
        finding.last = binding.at;
        finding.evidence = {
            {"address", to_string(binding.ip)}, {"impostor", to_string(impostor)}, {"owner", to_string(owner)}};
        finding.peer = household.device(owner, binding.ip).name;
        context.episodes.report(std::move(finding));
    }

    Duration window_;
    std::int64_t returns_, router_returns_;
    static constexpr std::uint64_t report_each = 100;

    std::size_t routed_;
    std::uint64_t invented_;
    Duration invented_window_;
    StateTable<Flood> floods_{"address-spoof-flood", 1};
    StateTable<Claim> claims_{"address-spoof", max_addresses};
    StateTable<Router> routers_{"address-spoof-routers", max_routers};
    StateTable<Passing> passing_{"address-spoof-passing", max_passing};
};

}  // namespace

std::unique_ptr<Detector> make_address_spoof(Thresholds& thresholds) { return std::make_unique<AddressSpoof>(thresholds); }

}  // namespace linnet
