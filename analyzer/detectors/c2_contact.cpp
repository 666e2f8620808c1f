// c2-contact: a device speaks with those who command bots.
//
// Confirmed: the conversation itself (Mirai's greeting and orders, Gafgyt's, Mozi's way to find its like). Likely: a name,
// an address or a file of the list of indicators; or, after Mirai-style scanning, connections to the port at which Mirai's
// bots report what they found. Possible: a row of names that look made up and do not exist, as a bot asks for that computes
// where its master may be (after Antonakakis et al., "From Throw-Away Traffic to Bots", USENIX Security 2012); and data
// carried in the names themselves.
#include "analyzer/distinct_set.hpp"
#include "analyzer/ip_state.hpp"
#include "directed_finding.hpp"
#include "name_shape.hpp"

#include <algorithm>
#include <array>

namespace linnet {
namespace {

/// Question types whose answers have room for data: CNAME, NULL, MX, TXT, SRV and the private ones that iodine uses.
bool can_carry_data(std::uint16_t type) {
    constexpr std::array<std::uint16_t, 6> types{5, 10, 15, 16, 33, 65399};
    return std::find(types.begin(), types.end(), type) != types.end();
}

/// How many different names, since when.
struct Names {
    DistinctSet names;
    Timestamp since;
    bool fired = false;

    /// True where the name is new in this window.
    bool add(std::string_view name, Timestamp at, Duration window) {
        if (at > since + window || at + window < since) *this = {};
        if (names.count() == 0) since = at;
        const auto number = std::hash<std::string_view>{}(name);
        return names.insert(number == 0 ? 1 : number);
    }
    [[nodiscard]] Json to_state() const {
        return {{"forgotten", names.forgotten()}, {"names", names.numbers()}, {"since", to_number(since)}, {"fired", fired}};
    }
    static Names from_state(const Json& state) {
        return {
            DistinctSet::of(state.at("forgotten").get<std::uint64_t>(), state.at("names").get<std::vector<std::uint64_t>>()),
            time_at(state.at("since")), state.at("fired").get<bool>()};
    }
};

class C2Contact : public Detector {
 public:
    explicit C2Contact(Thresholds& thresholds)
        : report_ports_{thresholds.ports("c2-contact.report_ports")},
          names_window_{thresholds.seconds("c2-contact.names_seconds")},
          names_{static_cast<std::uint64_t>(thresholds.integer("c2-contact.names", 2, 4096))},
          tunnel_window_{thresholds.seconds("c2-contact.tunnel_seconds")},
          tunnel_names_{static_cast<std::uint64_t>(thresholds.integer("c2-contact.tunnel_names", 2, 4096))},
          tunnel_length_{static_cast<std::size_t>(thresholds.integer("c2-contact.tunnel_length", 8, 250))} {}

    void on_contact(const Contact& contact, Context& context) override {
        const Attempt& attempt = contact.attempt;
        if (attempt.target_is_inside) return;
        const Endpoint client{contact.source, {}, contact.mac}, server{attempt.target, attempt.port, {}};
        const std::string proto{proto_name(attempt)};
        if (const auto* listed = context.signatures.indicators().address(attempt.target)) {
            report_listed(*listed, {client, server, client}, attempt.at, proto, context);
        } else if (attempt.kind == ProbeKind::tcp_syn && is_report_port(attempt.port) && has_scanned(contact, context)) {
            Finding finding = directed_finding("c2-contact", {client, server, client}, attempt.at, context.household);
            finding.cause = RowKey{}.add(std::string_view{"report"}).add(server.ip).text();
            finding.confidence = Confidence::likely;
            finding.proto = proto;
            finding.evidence = {{"sign", "Mirai: reports what it found to this port"}};
            context.episodes.report(std::move(finding));
        }
    }

    void on_event(const Event& event, Context& context) override {
        if (const auto* seen = std::get_if<Observation>(&event)) on_observation(*seen, context);
        if (const auto* name = std::get_if<NameBinding>(&event)) on_name(*name, context);
    }

    std::vector<StateTableBase*> tables() override { return {&missing_, &tunnels_}; }

 private:
    static constexpr std::size_t max_clients = 256, max_tunnels = 256;

    [[nodiscard]] bool is_report_port(Port port) const {
        return std::find(report_ports_.begin(), report_ports_.end(), port) != report_ports_.end();
    }
    static bool has_scanned(const Contact& contact, const Context& context) {
        return context.episodes.is_open("mirai-scan", context.household.device(contact.mac, contact.source),
                                        RowKey{}.add(contact.source).text(), contact.attempt.at);
    }

    static void report_listed(const Indicator& listed, const ConversationEnds& ends, Timestamp at, const std::string& proto,
                              Context& context) {
        Finding finding = directed_finding("c2-contact", ends, at, context.household);
        finding.cause =
            RowKey{}.add(static_cast<std::uint8_t>(listed.number >> 8)).add(static_cast<std::uint8_t>(listed.number)).text();
        finding.confidence = Confidence::likely;
        finding.proto = proto;
        if (!listed.value.starts_with('/')) finding.peer = listed.value;  // a file's name says nothing to a person
        finding.evidence = {{"indicator", listed.value}, {"family", listed.family}, {"entry", listed.number}};
        context.episodes.report(std::move(finding));
    }

    static void on_observation(const Observation& seen, Context& context) {
        const auto way = way_of(seen.client, seen.server, context.household);
        if (!way) return;
        const bool fetched = seen.kind == ObservationKind::executable || seen.kind == ObservationKind::script;
        const auto* listed = fetched ? context.signatures.indicators().file(seen.subject) : nullptr;
        if (listed != nullptr && *way != Way::inwards)
            return report_listed(*listed, {seen.client, seen.server, seen.client}, seen.at, "TCP", context);
        if (seen.kind != ObservationKind::bot_command) return;
        const bool among_peers = seen.protocol == "dht";
        if (among_peers && *way == Way::inwards) return;  // strangers' bots ask everybody who takes part
        const auto& about = *way == Way::inwards ? seen.server : seen.client;
        Finding finding = directed_finding("c2-contact", {seen.client, seen.server, about}, seen.at, context.household);
        if (among_peers) finding.variant = "peers";
        finding.cause = among_peers ? RowKey{}.add(std::string_view{"peers"}).add(seen.client.ip).text()
                                    : RowKey{}.add(seen.client.ip).add(seen.server.ip).add(seen.server.port).text();
        finding.proto = seen.flow_id == 0 ? "UDP" : "TCP";
        finding.evidence = {{"sign", seen.subject}};
        context.episodes.report(std::move(finding));
    }

    void on_name(const NameBinding& name, Context& context) {
        constexpr std::uint8_t no_such_name = 3;
        if (!context.household.locality().is_local(name.client.ip, name.resolver.ip)) return;
        if (const auto* listed = context.signatures.indicators().domain(name.name))
            return report_listed(*listed, {name.client, name.resolver, name.client}, name.at, "UDP", context);
        const auto domain = registered_domain(name.name);
        if (name.rcode == no_such_name && looks_made_up(domain.substr(0, domain.find('.'))))
            on_missing(name, domain, context);
        if (can_carry_data(name.type) && name.name.size() >= domain.size() + tunnel_length_) on_long(name, domain, context);
    }

    void on_missing(const NameBinding& name, std::string_view domain, Context& context) {
        Names& names = missing_.touch(RowKey{}.add(name.client.ip).text());
        if (!names.add(domain, name.at, names_window_) || names.names.count() < names_) return;
        report_names("names", names, name, "", context);
    }

    void on_long(const NameBinding& name, std::string_view domain, Context& context) {
        Names& names = tunnels_.touch(RowKey{}.add(name.client.ip).add(domain).text());
        if (!names.add(name.name, name.at, tunnel_window_) || names.names.count() < tunnel_names_) return;
        report_names("tunnel", names, name, domain, context);
    }

    static void report_names(const char* variant, Names& names, const NameBinding& name, std::string_view domain,
                             Context& context) {
        Finding finding =
            directed_finding("c2-contact", {name.client, name.resolver, name.client}, name.at, context.household);
        finding.variant = variant;
        finding.cause = RowKey{}.add(std::string_view{variant}).add(domain).text();
        finding.confidence = Confidence::possible;
        finding.proto = "UDP";
        finding.app_proto = "dns";
        finding.first = names.fired ? name.at : names.since;
        finding.count = names.fired ? 1 : names.names.count();
        finding.evidence = {{"names", names.names.count()}, {"last_name", name.name}};
        if (!domain.empty()) finding.peer = domain;
        names.fired = true;
        context.episodes.report(std::move(finding));
    }

    std::vector<Port> report_ports_;
    Duration names_window_;
    std::uint64_t names_;
    Duration tunnel_window_;
    std::uint64_t tunnel_names_;
    std::size_t tunnel_length_;
    StateTable<Names> missing_{"c2-names", max_clients};
    StateTable<Names> tunnels_{"c2-tunnel", max_tunnels};
};

}  // namespace

std::unique_ptr<Detector> make_c2_contact(Thresholds& thresholds) { return std::make_unique<C2Contact>(thresholds); }

}  // namespace linnet
