#include "login_finding.hpp"

#include <tuple>

namespace linnet {

Finding login_finding(std::string_view detector, const Login& login, const Context& context) {
    const Household& household = context.household;
    const bool inside = household.locality().is_local(login.server.ip, login.client.ip);
    const auto& [about, peer] = inside ? std::tie(login.server, login.client) : std::tie(login.client, login.server);
    Finding finding;
    finding.detector = detector;
    finding.variant = inside ? "" : "outside";
    finding.cause = RowKey{}
                        .add(login.client.ip)
                        .add(login.server.ip)
                        .add(static_cast<std::uint8_t>(login.service))
                        .add(std::string_view{login.user})
                        .text();
    finding.device = household.at_end(about, peer);
    finding.src = login.client.ip;
    finding.src_port = login.client.port;
    finding.dest = login.server.ip;
    finding.dest_port = login.server.port;
    finding.proto = login.service == Service::snmp ? "UDP" : "TCP";
    finding.app_proto = login.service == Service::http_basic || login.service == Service::http_form ||
                                login.service == Service::http_proxy || login.service == Service::onvif
                            ? "http"
                            : std::string{to_string(login.service)};
    finding.service = login.service;
    finding.username = login.user;
    finding.outcome = login.outcome;
    finding.first = finding.last = login.at;
    if (login.service == Service::snmp && context.episodes.is_open(detector, finding.device, finding.cause, login.at))
        finding.count = 0;
    finding.peer = household.name_at_end(peer, about);
    return finding;
}

}  // namespace linnet
