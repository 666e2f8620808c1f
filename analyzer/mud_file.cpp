#include "mud_file.hpp"

#include "wire/alert.hpp"
#include "wire/event_limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <stdexcept>

namespace linnet {
namespace {

/// what() is the sentence that parse_mud_file() returns; never leaves this file.
struct Refused : std::runtime_error {
    using std::runtime_error::runtime_error;
};

const Json nothing = Json::object();

/// The member where it exists, else an empty object.
const Json& member(const Json& object, const char* name) {
    const auto found = object.is_object() ? object.find(name) : object.end();
    return object.is_object() && found != object.end() ? *found : nothing;
}

std::string text(const Json& object, const char* name) {
    const Json& value = member(object, name);
    if (&value == &nothing) return {};
    if (!value.is_string()) throw Refused{fmt::format("\"{}\" must be text.", name)};
    auto text = value.get<std::string>();
    if (text.size() > max_text || utf8_prefix(text) != text.size())
        throw Refused{fmt::format("\"{}\" is longer than 255 bytes or not UTF-8.", name)};
    return text;
}

std::int64_t number(const Json& value, const char* name, std::int64_t most) {
    if (!value.is_number_unsigned() || value.get<std::uint64_t>() > static_cast<std::uint64_t>(most))
        throw Refused{fmt::format("\"{}\" must be a number from 0 to {}.", name, most)};
    return value.get<std::int64_t>();
}

void only(const Json& object, const char* what, const std::set<std::string_view>& known) {
    if (!object.is_object()) throw Refused{fmt::format("\"{}\" must be an object.", what)};
    for (const auto& [key, value] : object.items())
        if (!known.contains(key))
            throw Refused{fmt::format("\"{}\" has a condition that Linnet does not know: \"{}\".", what, legal_text(key))};
}

MudRule::Ports ports(const Json& value, const char* name) {
    if (&value == &nothing) return {};
    only(value, name, {"operator", "port", "lower-port", "upper-port"});
    MudRule::Ports ports;
    if (value.contains("lower-port")) {
        ports.low = static_cast<std::uint16_t>(number(member(value, "lower-port"), "lower-port", 0xffff));
        ports.high = static_cast<std::uint16_t>(number(member(value, "upper-port"), "upper-port", 0xffff));
        return ports;
    }
    const auto port = static_cast<std::uint16_t>(number(member(value, "port"), "port", 0xffff));
    const std::string is = text(value, "operator");
    if (is.empty() || is == "eq") return {port, port};
    if (is == "gte") return {port, 0xffff};
    if (is == "lte") return {0, port};
    throw Refused{fmt::format("\"{}\" has an operator that Linnet does not know; eq, gte and lte are.", name)};
}

void read_transport(const Json& value, const char* name, Proto proto, MudRule& rule) {
    only(value, name, {"source-port", "destination-port", "ietf-mud:direction-initiated"});
    if (rule.proto != Proto::none && rule.proto != proto)
        throw Refused{fmt::format("An entry has \"{}\" and the number of another protocol.", name)};
    rule.proto = proto;
    rule.source = ports(member(value, "source-port"), "source-port");
    rule.destination = ports(member(value, "destination-port"), "destination-port");
    const std::string initiated = text(value, "ietf-mud:direction-initiated");
    if (initiated == "from-device") rule.initiator = MudRule::Initiator::device;
    if (initiated == "to-device") rule.initiator = MudRule::Initiator::peer;
    if (!initiated.empty() && rule.initiator == MudRule::Initiator::anyone)
        throw Refused{"\"ietf-mud:direction-initiated\" must be from-device or to-device."};
}

void set_peer(MudRule& rule, MudRule::Peer peer) {
    if (rule.peer != MudRule::Peer::anyone) throw Refused{"An entry names its peer in two ways at once."};
    rule.peer = peer;
}

void read_network(const Json& value, const char* name, bool v6, MudRule& rule) {
    only(value, name,
         {"protocol", "ietf-acldns:src-dnsname", "ietf-acldns:dst-dnsname", "source-ipv4-network",
          "destination-ipv4-network", "source-ipv6-network", "destination-ipv6-network"});
    rule.v6 = v6;
    if (value.contains("protocol")) rule.proto = static_cast<Proto>(number(member(value, "protocol"), "protocol", 255));
    const char* end = rule.from_device ? "dst" : "src";  // where the peer is
    const char* other = rule.from_device ? "src" : "dst";
    if (value.contains(fmt::format("ietf-acldns:{}-dnsname", other)))
        throw Refused{"An entry gives a domain name to the device's own end."};
    std::string name_of_peer = text(value, fmt::format("ietf-acldns:{}-dnsname", end).c_str());
    if (!name_of_peer.empty()) {
        std::transform(name_of_peer.begin(), name_of_peer.end(), name_of_peer.begin(),
                       [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
        if (name_of_peer.ends_with('.')) name_of_peer.pop_back();
        if (!is_domain_name(name_of_peer)) throw Refused{"An entry has a domain name that is none."};
        set_peer(rule, MudRule::Peer::name);
        rule.name = std::move(name_of_peer);
    }
    for (const char* side : {"source", "destination"}) {
        const std::string prefix = text(value, fmt::format("{}-ipv{}-network", side, v6 ? 6 : 4).c_str());
        if (prefix.empty()) continue;
        if ((std::string_view{side} == "destination") != rule.from_device)
            throw Refused{"An entry gives a network to the device's own end."};
        const auto network = IpPrefix::parse(prefix);
        if (!network || network->address.is_v4() == v6) throw Refused{"An entry has a network that is none."};
        set_peer(rule, MudRule::Peer::network);
        rule.network = *network;
    }
}

void read_mud(const Json& value, MudRule& rule) {
    only(value, "ietf-mud:mud",
         {"manufacturer", "same-manufacturer", "model", "local-networks", "controller", "my-controller",
          "direction-initiated"});
    if (value.contains("same-manufacturer")) set_peer(rule, MudRule::Peer::same_maker);
    for (const char* at_home : {"manufacturer", "model", "local-networks", "my-controller"})
        if (value.contains(at_home)) set_peer(rule, MudRule::Peer::home);
    if (const std::string controller = text(value, "controller"); !controller.empty())
        set_peer(rule, controller == "urn:ietf:params:mud:dns"   ? MudRule::Peer::dns
                       : controller == "urn:ietf:params:mud:ntp" ? MudRule::Peer::ntp
                                                                 : MudRule::Peer::home);
}

/// Nothing where the entry is about Ethernet alone.
std::optional<MudRule> read_entry(const Json& entry, bool from_device) {
    const Json& matches = member(entry, "matches");
    only(matches, "matches", {"ipv4", "ipv6", "tcp", "udp", "icmp", "ietf-mud:mud", "eth"});
    if (matches.contains("eth")) return std::nullopt;
    if (matches.contains("ipv4") && matches.contains("ipv6")) throw Refused{"An entry is about IPv4 and IPv6 at once."};
    MudRule rule;
    rule.from_device = from_device;
    if (matches.contains("ipv4")) read_network(matches.at("ipv4"), "ipv4", false, rule);
    if (matches.contains("ipv6")) read_network(matches.at("ipv6"), "ipv6", true, rule);
    if (matches.contains("ietf-mud:mud")) read_mud(matches.at("ietf-mud:mud"), rule);
    if (matches.contains("tcp")) read_transport(matches.at("tcp"), "tcp", Proto::tcp, rule);
    if (matches.contains("udp")) read_transport(matches.at("udp"), "udp", Proto::udp, rule);
    if (matches.contains("icmp") && rule.proto == Proto::none) rule.proto = Proto::icmp;
    const std::string action = text(member(entry, "actions"), "forwarding");
    if (action != "accept" && action != "drop" && action != "reject")
        throw Refused{"An entry's \"forwarding\" must be accept, drop or reject."};
    rule.accept = action == "accept";
    return rule;
}

const Json& list(const Json& value, const char* name) {
    if (!value.is_array()) throw Refused{fmt::format("\"{}\" must be a list.", name)};
    return value;
}

/// The names of the ACLs of one policy.
std::vector<std::string> acl_names(const Json& mud, const char* policy) {
    std::vector<std::string> names;
    if (!mud.contains(policy)) return names;
    const Json& lists = member(member(mud.at(policy), "access-lists"), "access-list");
    for (const Json& entry : list(lists, "access-list")) names.push_back(text(entry, "name"));
    return names;
}

void read_policy(const Json& mud, const Json& acls, bool from_device, std::vector<MudRule>& rules) {
    for (const auto& name : acl_names(mud, from_device ? "from-device-policy" : "to-device-policy")) {
        const auto acl =
            std::find_if(acls.begin(), acls.end(), [&](const Json& each) { return text(each, "name") == name; });
        if (acl == acls.end()) throw Refused{fmt::format("The access list \"{}\" is missing.", name)};
        if (text(*acl, "type") == "ethernet-acl-type") continue;
        for (const Json& entry : list(member(member(*acl, "aces"), "ace"), "ace")) {
            if (rules.size() == MudFile::max_rules)
                throw Refused{fmt::format("There are more than {} entries.", MudFile::max_rules)};
            if (auto rule = read_entry(entry, from_device)) rules.push_back(std::move(*rule));
        }
    }
}

MudFile read(std::string_view text_of_file) {
    if (text_of_file.size() > MudFile::max_bytes)
        throw Refused{fmt::format("The file is larger than {} KiB.", MudFile::max_bytes / 1024)};
    constexpr int max_depth = 16;
    const auto shallow = [](int depth, Json::parse_event_t, const Json&) { return depth <= max_depth; };
    const auto file = Json::parse(text_of_file, shallow, false);
    if (!file.is_object()) throw Refused{"The file is not a JSON object."};
    const Json& mud = member(file, "ietf-mud:mud");
    if (&mud == &nothing || !mud.is_object()) throw Refused{"The file has no \"ietf-mud:mud\"; it is not a MUD file."};
    if (number(member(mud, "mud-version"), "mud-version", 255) != 1) throw Refused{"\"mud-version\" is not 1."};
    MudFile result;
    result.url = text(mud, "mud-url");
    if (!result.url.starts_with("https://")) throw Refused{"\"mud-url\" must begin with https://."};
    result.system_info = text(mud, "systeminfo");
    result.last_update = text(mud, "last-update");
    const Json& acls = list(member(member(file, "ietf-access-control-list:acls"), "acl"), "acl");
    read_policy(mud, acls, true, result.rules);
    read_policy(mud, acls, false, result.rules);
    return result;
}

bool matches_peer(const MudRule& rule, const MudConversation& c) {
    switch (rule.peer) {
        case MudRule::Peer::anyone: return true;
        case MudRule::Peer::network: return rule.network.contains(c.peer);
        case MudRule::Peer::home: return c.peer_at_home;
        case MudRule::Peer::same_maker: return c.peer_at_home && c.peer_of_same_maker;
        case MudRule::Peer::dns: return c.server_port.number == 53;
        case MudRule::Peer::ntp: return c.server_port.number == 123;
        case MudRule::Peer::name:
            if (c.peer_at_home) return false;
            if (c.peer_names.empty()) return !c.names_known;
            return std::find(c.peer_names.begin(), c.peer_names.end(), rule.name) != c.peer_names.end();
    }
    return false;
}

bool matches(const MudRule& rule, const MudConversation& c) {
    if (rule.from_device != c.device_began) return false;
    if (rule.initiator == (c.device_began ? MudRule::Initiator::peer : MudRule::Initiator::device)) return false;
    if (rule.v6 && *rule.v6 == c.peer.is_v4()) return false;
    if (rule.proto != Proto::none && rule.proto != c.proto) return false;
    return rule.source.contain(c.client_port) && rule.destination.contain(c.server_port) && matches_peer(rule, c);
}

}  // namespace

bool is_domain_name(std::string_view name) {
    if (name.empty() || name.size() > 253 || name.find('.') == std::string_view::npos) return false;
    while (true) {
        const auto label = name.substr(0, name.find('.'));
        const bool fits = !label.empty() && label.size() <= 63 && std::all_of(label.begin(), label.end(), [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
        });
        if (!fits) return false;
        if (label.size() == name.size()) return true;
        name.remove_prefix(label.size() + 1);
    }
}

bool MudFile::allows(const MudConversation& conversation) const {
    const auto rule = std::find_if(rules.begin(), rules.end(),
                                   [&conversation](const MudRule& each) { return matches(each, conversation); });
    return rule != rules.end() && rule->accept;
}

std::variant<MudFile, std::string> parse_mud_file(std::string_view text) {
    try {
        return read(text);
    } catch (const Refused& refused) {
        return std::string{refused.what()};
    }
}

}  // namespace linnet
