// HTTP: Basic authentication (RFC 7617), to servers and proxies, with user and password in every request; web forms; the
// UsernameToken of SOAP (ONVIF); MQTT behind an upgrade to WebSocket. The outcome is the status of the same request's
// response. Digest, NTLM and bearer tokens are no clear text. RTSP (RFC 2326) looks the same; TR-069 is HTTP.
#include "basic_credential.hpp"
#include "http_exchange.hpp"
#include "http_form.hpp"
#include "http_names.hpp"
#include "mqtt_connect.hpp"
#include "sensor/ascii_text.hpp"
#include "sensor/dissectors.hpp"
#include "username_token.hpp"
#include "websocket.hpp"

namespace linnet {
namespace {

bool wants(const Conversation& c) {
    return c.app_proto == "http" || c.app_proto == "rtsp" || starts_like_http_request(c.client_head);
}

void report_basic(const HttpExchange& exchange, std::string_view field_name, Service service, Findings& findings) {
    BasicCredential credential;
    const auto field = http_field(exchange.request, field_name);
    if (!field || !credential.read(*field)) return;
    auto outcome = Outcome::unknown;
    if (const int status = exchange.status.value_or(0); status == 401 || status == 407)
        outcome = Outcome::failure;
    else if (status >= 200 && status < 400)
        outcome = Outcome::success;
    findings.login(service, credential.user(), credential.secret(), outcome);
}

/// Pages answer a wrong password with 200 as well, so that only a refusal tells the outcome.
void report_form(const HttpExchange& exchange, std::string_view client_head, Findings& findings) {
    FormLogin form;
    if (!read_form_login(exchange.request, client_head, form)) return;
    const bool refused = exchange.status == 401 || exchange.status == 403;
    findings.login(Service::http_form, form.user.view(), form.secret.view(), refused ? Outcome::failure : Outcome::unknown);
}

/// A device that likes the credential carries the request out; another says so in a fault, with status 400, 401 or 500.
void report_token(const HttpExchange& exchange, std::string_view client_head, Findings& findings) {
    UsernameToken token;
    if (!read_username_token(exchange.request, client_head, token)) return;
    auto outcome = Outcome::unknown;
    if (exchange.status == 200) outcome = Outcome::success;
    if (exchange.status == 400 || exchange.status == 401 || exchange.status == 500) outcome = Outcome::failure;
    findings.login(Service::onvif, token.user.view(), token.secret.view(), outcome);
}

/// MQTT over WebSocket (MQTT 5, section 6), once the server has switched protocols.
void report_websocket(const HttpExchange& exchange, const Conversation& c, Findings& findings) {
    WipedText client, server;
    read_websocket(c.client_head, exchange.request.end, client);
    read_websocket(c.server_head, exchange.response_end, server);
    read_mqtt_login(c.client, client.view(), server.view(), findings);
}

void inspect(const Conversation& c, Findings& findings) {
    HttpExchanges exchanges{c};
    HttpNames names{c, findings};
    while (const auto exchange = exchanges.next()) {
        const bool rtsp = exchange->request.start_line.ends_with("RTSP/1.0");
        report_basic(*exchange, "Authorization", rtsp ? Service::rtsp : Service::http_basic, findings);
        report_basic(*exchange, "Proxy-Authorization", Service::http_proxy, findings);
        report_form(*exchange, c.client_head, findings);
        report_token(*exchange, c.client_head, findings);
        names.report(*exchange);
        if (exchange->status == 101) return report_websocket(*exchange, c, findings);
        if (!exchange->status && !exchange->over && !c.closing) return;
        const std::size_t end = exchange->request.end;
        if (exchange->over) findings.done(end, server_bytes_before(c, end));
    }
    if (exchanges.all_answered()) findings.settled();
}

}  // namespace

const StreamDissector http_login{"http-login", wants, inspect};

}  // namespace linnet
