// HTTP: Basic authentication (RFC 7617), to servers and proxies, with user and password in every request; and web forms. The
// outcome is the status of the same request's response. Digest, NTLM and bearer tokens are no clear text. RTSP (RFC 2326)
// looks the same.
#include "base64.hpp"
#include "http_exchange.hpp"
#include "http_form.hpp"
#include "sensor/ascii_text.hpp"
#include "sensor/dissectors.hpp"

namespace linnet {
namespace {

bool wants(const Conversation& c) {
    return c.app_proto == "http" || c.app_proto == "rtsp" || starts_like_http_request(c.client_head);
}

/// "Basic <token>", over folded lines too.
bool read_basic(std::string_view field, WipedText& out) {
    constexpr std::string_view blanks = " \t\r\n";
    if (!starts_with_text(field, "Basic")) return false;
    field.remove_prefix(5);
    const auto token = field.find_first_not_of(blanks);
    if (token == 0 || token == std::string_view::npos) return false;
    field.remove_prefix(token);
    return decode_base64(field.substr(0, field.find_first_of(blanks)), out) &&
           out.view().find(':') != std::string_view::npos;
}

void report_basic(const HttpExchange& exchange, std::string_view field_name, Service service, Findings& findings) {
    WipedText credential;
    const auto field = http_field(exchange.request, field_name);
    if (!field || !read_basic(*field, credential)) return;
    auto outcome = Outcome::unknown;
    if (const int status = exchange.status.value_or(0); status == 401 || status == 407)
        outcome = Outcome::failure;
    else if (status >= 200 && status < 400)
        outcome = Outcome::success;
    const auto colon = credential.view().find(':');
    findings.login(service, credential.view().substr(0, colon), credential.view().substr(colon + 1), outcome);
}

/// Pages answer a wrong password with 200 as well, so that only a refusal tells the outcome.
void report_form(const HttpExchange& exchange, std::string_view client_head, Findings& findings) {
    FormLogin form;
    if (!read_form_login(exchange.request, client_head, form)) return;
    const bool refused = exchange.status == 401 || exchange.status == 403;
    findings.login(Service::http_form, form.user.view(), form.secret.view(), refused ? Outcome::failure : Outcome::unknown);
}

void inspect(const Conversation& c, Findings& findings) {
    HttpExchanges exchanges{c};
    while (const auto exchange = exchanges.next()) {
        const bool rtsp = exchange->request.start_line.ends_with("RTSP/1.0");
        report_basic(*exchange, "Authorization", rtsp ? Service::rtsp : Service::http_basic, findings);
        report_basic(*exchange, "Proxy-Authorization", Service::http_proxy, findings);
        report_form(*exchange, c.client_head, findings);
        if (!exchange->status && !exchange->over && !c.closing) return;
        const std::size_t end = exchange->request.end;
        if (exchange->over) findings.done(end, server_bytes_before(c, end));
    }
}

}  // namespace

const StreamDissector http_login{"http-login", wants, inspect};

}  // namespace linnet
