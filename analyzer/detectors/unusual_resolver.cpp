// unusual-resolver: a device asks somebody outside for names, and not whom the home asks. The home's resolvers are those
// that a DHCP server has offered; where none was seen, one inside that no fewer devices use. What several devices use
// outside is the home's choice as well, and who resolves for others asks outside by trade. Encrypted questions (DNS over
// TLS, port 853; over HTTPS, by the names and addresses of resolvers.toml) count where the home has a resolver of another
// operator.
#include "analyzer/detector.hpp"
#include "analyzer/distinct_set.hpp"
#include "analyzer/ip_state.hpp"

#include <algorithm>
#include <functional>

namespace linnet {
namespace {

/// A few different numbers, in order of first sight; what is beyond the limit is left out.
struct FewNumbers {
    static constexpr std::size_t limit = 16;
    std::vector<std::uint64_t> all;
    void add(std::uint64_t number) {
        if (all.size() < limit && std::find(all.begin(), all.end(), number) == all.end()) all.push_back(number);
    }
    [[nodiscard]] std::size_t size() const { return all.size(); }
    [[nodiscard]] Json to_state() const {
        Json list = Json::array();
        for (const auto number : all) list.push_back(number);
        return list;
    }
    static FewNumbers from_state(const Json& list) {
        FewNumbers few;
        for (const auto& number : list) few.add(number.get<std::uint64_t>());
        return few;
    }
};

class UnusualResolver : public Detector {
 public:
    explicit UnusualResolver(Thresholds& thresholds)
        : names_{static_cast<std::size_t>(thresholds.integer("unusual-resolver.names", 1, FewNumbers::limit))},
          users_{static_cast<std::size_t>(thresholds.integer("unusual-resolver.users", 2, FewNumbers::limit))} {}

    void on_event(const Event& event, Context& context) override {
        if (const auto* hint = std::get_if<DeviceHint>(&event)) return on_offer(*hint);
        if (const auto* answer = std::get_if<NameBinding>(&event)) return on_answer(*answer, context);
        if (const auto* flow = std::get_if<Flow>(&event)) return on_flow(*flow, context);
        if (const auto* hello = std::get_if<TlsHandshake>(&event)) on_handshake(*hello, context);
    }

    std::vector<StateTableBase*> tables() override { return {&resolvers_, &askers_}; }

 private:
    static constexpr std::size_t max_resolvers = 256, max_askers = 4096;

    struct Resolver {
        bool offered = false;
        FewNumbers users;  ///< addresses
        IpAddress ip;
        [[nodiscard]] Json to_state() const {
            Json list = {offered, users.to_state()};
            push_ip(list, ip);
            return list;
        }
        static Resolver from_state(const Json& list) {
            return {list.at(0).get<bool>(), FewNumbers::from_state(list.at(1)), ip_at(list, 2)};
        }
    };

    static std::string key_of(const IpAddress& ip) { return RowKey{}.add(ip).text(); }

    Resolver& resolver(const IpAddress& ip) {
        Resolver& row = resolvers_.touch(key_of(ip));
        row.ip = ip;
        return row;
    }

    void on_offer(const DeviceHint& hint) {
        if (hint.source != "dhcp-server" || hint.key != "offered-resolver") return;
        std::string_view list = hint.value;
        while (!list.empty()) {
            const auto one = list.substr(0, list.find(','));
            list.remove_prefix(std::min(one.size() + 1, list.size()));
            if (const auto ip = IpAddress::parse(one); ip && Locality::is_host(*ip)) resolver(*ip).offered = true;
        }
    }

    void on_answer(const NameBinding& answer, Context& context) {
        if (!context.household.locality().at_home(answer.client.ip)) return;
        Resolver& asked = resolver(answer.resolver.ip);
        asked.users.add(number_of(answer.client.ip));
        if (!goes_past(answer.client.ip, answer.resolver.ip, context)) return;
        // Nobody has told the home's own IPv6 resolver: only those count of which it is known whose they are.
        const auto* operated = context.signatures.resolvers().at(answer.resolver.ip);
        if (!answer.resolver.ip.is_v4() && operated == nullptr) return;
        FewNumbers& names = askers_.touch(RowKey{}.add(answer.client.ip).add(answer.resolver.ip).text());
        names.add(std::hash<std::string>{}(answer.name) | 1U);
        if (names.size() < names_) return;
        report("", answer.client, answer.resolver, Proto::udp, answer.at, operated, context);
    }

    /// Encrypted questions, where the name asked for is hidden or was not seen.
    void on_flow(const Flow& flow, Context& context) {
        if (flow.payload_to_server == 0 || flow.payload_to_client == 0 || flow.midstream || flow.stage == FlowStage::update)
            return;
        const auto* operated = context.signatures.resolvers().at(flow.server.ip);
        const bool over_tls = flow.server.port.number == 853;
        const bool over_https = flow.server.port.number == 443 && operated != nullptr;
        if ((over_tls || over_https) && goes_past(flow.client.ip, flow.server.ip, context) && !is_homes(operated))
            report("encrypted", flow.client, flow.server, flow.proto, flow.last_seen, operated, context);
    }

    void on_handshake(const TlsHandshake& hello, Context& context) {
        const auto& resolvers = context.signatures.resolvers();
        if (hello.version == 0) return;  // nobody answered
        const auto* named = resolvers.named(hello.sni);
        const auto* operated = named != nullptr ? named : resolvers.at(hello.server.ip);
        const bool asks = named != nullptr || hello.server.port.number == 853;
        if (asks && goes_past(hello.client.ip, hello.server.ip, context) && !is_homes(operated))
            report("encrypted", hello.client, hello.server, hello.proto, hello.at, operated, context);
    }

    /// A device at home asks somebody outside, although the home has a resolver, and is none itself.
    [[nodiscard]] bool goes_past(const IpAddress& client, const IpAddress& asked, const Context& context) const {
        const Locality& locality = context.household.locality();
        if (!locality.at_home(client) || locality.at_home(asked) || !Locality::is_host(asked)) return false;
        if (resolvers_.find(key_of(client)) != nullptr) return false;
        const auto* row = resolvers_.find(key_of(asked));
        const std::size_t users = row == nullptr ? 0 : row->users.size();
        if (users >= users_ || (row != nullptr && row->offered)) return false;
        bool offered = false;
        std::size_t users_inside = 0;
        resolvers_.for_each([&](const Resolver& other) {
            offered |= other.offered;
            if (locality.at_home(other.ip)) users_inside = std::max(users_inside, other.users.size());
        });
        return offered || (users_inside > 0 && users_inside >= users);
    }

    /// The same operator's plain resolver is what the home offers: a browser that only adds encryption.
    [[nodiscard]] bool is_homes(const PublicResolver* operated) const {
        return operated != nullptr &&
               std::any_of(operated->addresses.begin(), operated->addresses.end(), [&](const IpAddress& ip) {
                   const auto* row = resolvers_.find(key_of(ip));
                   return row != nullptr && row->offered;
               });
    }

    static void report(std::string_view variant, const Endpoint& client, const Endpoint& server, Proto proto, Timestamp at,
                       const PublicResolver* operated, Context& context) {
        Finding finding;
        finding.detector = "unusual-resolver";
        finding.variant = variant;
        finding.cause = RowKey{}.add(client.ip).text();
        finding.device = context.household.at_end(client, server);
        finding.src = client.ip;
        finding.src_port = client.port;
        finding.dest = server.ip;
        finding.dest_port = server.port;
        finding.proto = to_string(proto);
        const auto* private_name = proto == Proto::udp ? "doq" : "dot";  // RFC 9250, RFC 7858
        finding.app_proto = server.port.number == 53 ? "dns" : server.port.number == 853 ? private_name : "doh";
        finding.first = finding.last = at;
        finding.evidence["resolver"] = to_string(server.ip);
        if (operated != nullptr) finding.evidence["operated_by"] = operated->operated_by;
        finding.peer =
            operated != nullptr ? operated->operated_by + " (" + to_string(server.ip) + ")" : to_string(server.ip);
        context.episodes.report(std::move(finding));
    }

    std::size_t names_, users_;
    StateTable<Resolver> resolvers_{"unusual-resolver", max_resolvers};
    StateTable<FewNumbers> askers_{"unusual-resolver-askers", max_askers};
};

}  // namespace

std::unique_ptr<Detector> make_unusual_resolver(Thresholds& thresholds) {
    return std::make_unique<UnusualResolver>(thresholds);
}

}  // namespace linnet
