#include "event.hpp"

#include <algorithm>
#include <array>

namespace linnet {
namespace {

/// In the order of the enumeration.
constexpr std::array<std::string_view, 26> service_names{
    "telnet", "ftp",  "http-basic", "http-form", "pop3",       "imap",       "smtp",  "mqtt",   "rtsp",
    "sip",    "snmp", "ldap",       "irc",       "redis",      "rlogin",     "rsh",   "socks5", "nntp",
    "onvif",  "xmpp", "vnc",        "mysql",     "postgresql", "http-proxy", "dvrip", "mongodb"};

struct TimeOf {
    Timestamp operator()(const Flow& e) const { return e.last_seen; }
    Timestamp operator()(const Probe& e) const { return e.last_seen; }
    Timestamp operator()(const Lost& e) const { return e.to; }
    Timestamp operator()(const auto& e) const { return e.at; }
};

}  // namespace

std::string to_string(Proto proto) {
    switch (proto) {
        case Proto::icmp: return "ICMP";
        case Proto::tcp: return "TCP";
        case Proto::udp: return "UDP";
        case Proto::icmpv6: return "IPv6-ICMP";
        default: return std::to_string(static_cast<int>(proto));
    }
}

std::string_view to_string(Service service) {
    const auto index = static_cast<std::size_t>(service);
    return index < service_names.size() ? service_names[index] : "unknown";
}

std::optional<Service> parse_service(std::string_view name) {
    const auto* found = std::find(service_names.begin(), service_names.end(), name);
    if (found == service_names.end()) return std::nullopt;
    return static_cast<Service>(found - service_names.begin());
}

std::string_view to_string(Outcome outcome) {
    switch (outcome) {
        case Outcome::success: return "success";
        case Outcome::failure: return "failure";
        default: return "unknown";
    }
}

Timestamp time_of(const Event& event) { return std::visit(TimeOf{}, event); }

}  // namespace linnet
