#include "login_finding.hpp"

#include "conversation_finding.hpp"

namespace linnet {

Finding login_finding(std::string_view detector, const Login& login, const Context& context) {
    Finding finding = conversation_finding(detector, login.client, login.server, context);
    finding.cause = RowKey{}
                        .add(login.client.ip)
                        .add(login.server.ip)
                        .add(static_cast<std::uint8_t>(login.service))
                        .add(std::string_view{login.user})
                        .text();
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
    return finding;
}

}  // namespace linnet
