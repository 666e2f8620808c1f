// A learned profile in the form of RFC 8520. Each habit becomes an entry for each direction of its packets, in the ACLs of
// its address family. What came after the learning and was told of as unusual is left out; names and times of day, which
// every device needs and Linnet does not learn, are put in.
#include "profiles.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace linnet {
namespace {

struct Lists {
    Json from_device = Json::array(), to_device = Json::array();
};

const char* transport_name(Proto proto) { return proto == Proto::tcp ? "tcp" : "udp"; }

Json port_condition(std::uint16_t port) {
    return {{"operator", port == Habit::dynamic_port ? "gte" : "eq"}, {"port", port}};
}

/// One entry; `to_peer` is the direction of its packets.
Json entry(const std::string& name, const Habit& habit, bool to_peer) {
    const bool began = habit.reach == Reach::outside || habit.reach == Reach::home;  // the device did
    const char* family = habit.v6 ? "ipv6" : "ipv4";
    Json matches = Json::object();
    if (habit.reach == Reach::home || habit.reach == Reach::from_home)
        matches["ietf-mud:mud"] = {{"local-networks", Json::array({nullptr})}};
    Json& network = matches[family] = {{"protocol", static_cast<unsigned>(habit.proto)}};
    if (habit.peer.find('/') != std::string::npos)
        network[fmt::format("{}-{}-network", to_peer ? "destination" : "source", family)] = habit.peer;
    else if (!habit.peer.empty())
        network[fmt::format("ietf-acldns:{}-dnsname", to_peer ? "dst" : "src")] = habit.peer;
    Json& transport = matches[transport_name(habit.proto)] = Json::object();
    transport[to_peer == began ? "destination-port" : "source-port"] = port_condition(habit.port);
    if (habit.proto == Proto::tcp) transport["ietf-mud:direction-initiated"] = began ? "from-device" : "to-device";
    return {{"name", name}, {"matches", std::move(matches)}, {"actions", {{"forwarding", "accept"}}}};
}

Json controller_entry(const std::string& name, const char* family, const char* urn, std::uint16_t port, bool to_peer) {
    Json matches = Json::object();
    matches["ietf-mud:mud"] = {{"controller", urn}};
    matches[family] = {{"protocol", static_cast<unsigned>(Proto::udp)}};
    matches["udp"] = {{to_peer ? "destination-port" : "source-port", port_condition(port)}};
    return {{"name", name}, {"matches", std::move(matches)}, {"actions", {{"forwarding", "accept"}}}};
}

Lists lists_of(const Profile& profile, bool v6) {
    const char* family = v6 ? "ipv6" : "ipv4";
    const std::string prefix = v6 ? "v6" : "v4";
    Lists lists;
    std::size_t number = 0;
    for (const Habit& habit : profile.habits) {
        if (habit.v6 != v6 || habit.strange) continue;
        ++number;
        lists.from_device.push_back(entry(fmt::format("{}fr-{}", prefix, number), habit, true));
        lists.to_device.push_back(entry(fmt::format("{}to-{}", prefix, number), habit, false));
    }
    if (number == 0 && v6) return lists;
    const auto add = [&](const char* name, const char* urn, std::uint16_t port) {
        lists.from_device.push_back(controller_entry(fmt::format("{}fr-{}", prefix, name), family, urn, port, true));
        lists.to_device.push_back(controller_entry(fmt::format("{}to-{}", prefix, name), family, urn, port, false));
    };
    add("dns", "urn:ietf:params:mud:dns", 53);
    add("ntp", "urn:ietf:params:mud:ntp", 123);
    return lists;
}

Json policy(const std::vector<std::string>& names) {
    Json list = Json::array();
    for (const auto& name : names) list.push_back({{"name", name}});
    return {{"access-lists", {{"access-list", std::move(list)}}}};
}

std::string made_up_url(const MacAddress& mac) {
    std::string host = to_string(mac);
    std::replace(host.begin(), host.end(), ':', '-');
    return "https://" + host + ".linnet.invalid/mud.json";
}

}  // namespace

Json to_mud_file(const Profile& profile, const MacAddress& mac, const std::string& url) {
    std::vector<std::string> from, to;
    Json acls = Json::array();
    for (const bool v6 : {false, true}) {
        Lists lists = lists_of(profile, v6);
        if (lists.from_device.empty()) continue;
        const char* type = v6 ? "ipv6-acl-type" : "ipv4-acl-type";
        from.push_back(v6 ? "linnet-v6fr" : "linnet-v4fr");
        to.push_back(v6 ? "linnet-v6to" : "linnet-v4to");
        acls.push_back({{"name", from.back()}, {"type", type}, {"aces", {{"ace", std::move(lists.from_device)}}}});
        acls.push_back({{"name", to.back()}, {"type", type}, {"aces", {{"ace", std::move(lists.to_device)}}}});
    }
    Json file = Json::object();
    Json& mud = file["ietf-mud:mud"] = Json::object();
    mud["mud-version"] = 1;
    mud["mud-url"] = url.empty() ? made_up_url(mac) : url;
    mud["last-update"] = to_string(profile.last);
    mud["cache-validity"] = 48;
    mud["is-supported"] = true;
    mud["systeminfo"] = fmt::format("What Linnet saw {} do on {} days", to_string(mac), profile.days);
    mud["from-device-policy"] = policy(from);
    mud["to-device-policy"] = policy(to);
    file["ietf-access-control-list:acls"] = {{"acl", std::move(acls)}};
    return file;
}

}  // namespace linnet
