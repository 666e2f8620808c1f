// HTTP: requests that abuse a known hole (exploits.toml), and answers that carry a program, a script or a system image.
//
// One finding for each request and one for each answer. A body is looked at as it comes: what it is stays open until enough
// of it is there, and until then nothing behind it is told.
#include "fetched_body.hpp"
#include "http_exchange.hpp"
#include "percent_encoding.hpp"
#include "sensor/dissectors.hpp"
#include "sensor/line_reader.hpp"
#include "sensor/sensor_signatures.hpp"

#include <charconv>

namespace linnet {
namespace {

bool wants(const Conversation& c) { return c.app_proto == "http" || starts_like_http_request(c.client_head); }

struct RequestLine {
    std::string_view method, target;
};
RequestLine read_request_line(std::string_view line) {
    const auto method = line.substr(0, line.find(' '));
    line.remove_prefix(std::min(method.size() + 1, line.size()));
    const auto version = line.rfind(" HTTP/");  // some attacks have blanks in their target
    return {method, line.substr(0, version)};
}

/// The beginning of a path that names a place and nothing more: no query, no command.
std::string_view place_in(std::string_view target) { return target.substr(0, target.find_first_of("?#;&|$`'\"()<>{}\\ ")); }

/// "host/path", as the client asked for it.
std::string location(const HttpExchange& exchange, const Conversation& c) {
    auto target = read_request_line(exchange.request.start_line).target;
    std::string host;
    if (const auto scheme = target.find("://"); scheme < 8) {
        const auto rest = target.substr(scheme + 3);
        const auto authority = rest.substr(0, rest.find_first_of("/?#"));
        target = rest.substr(authority.size());
        host = authority.substr(authority.rfind('@') == std::string_view::npos ? 0 : authority.rfind('@') + 1);
    } else if (const auto field = http_field(exchange.request, "Host")) {
        host = *field;
    }
    if (host.empty()) host = to_string(c.server.ip);
    return plain_text(host + std::string{place_in(target)});
}

/// How far the body has come; without a "%4" that the next byte may complete.
std::string_view body_so_far(const HttpMessage& request, std::string_view head) {
    const auto body = head.substr(std::min(request.body, head.size()), request.end - request.body);
    const auto escape = body.rfind('%');
    const bool cut = escape != std::string_view::npos && body.size() - escape < 3;
    return cut ? body.substr(0, escape) : body;
}

const ContentPattern* exploit_in(const HttpExchange& exchange, std::string_view head, const ContentPatterns& patterns) {
    const auto line = read_request_line(exchange.request.start_line);
    WipedText decoded;
    decode_percent(line.target, decoded);
    const auto* found = patterns.match(PatternPlace::http_uri, decoded.view(), line.method);
    if (found == nullptr) found = patterns.match(PatternPlace::http_header, exchange.request.fields, line.method);
    if (found != nullptr) return found;
    decoded.clear();
    decode_percent(body_so_far(exchange.request, head), decoded);
    return patterns.match(PatternPlace::http_body, decoded.view(), line.method);
}

void report_exploit(const HttpExchange& exchange, const Conversation& c, Findings& findings) {
    const auto* pattern = exploit_in(exchange, c.client_head, findings.signatures().patterns);
    if (pattern == nullptr) return;
    const auto place = place_in(read_request_line(exchange.request.start_line).target);
    Observation observation;
    observation.kind = ObservationKind::exploit;
    observation.entry = pattern->number;
    observation.protocol = "http";
    observation.subject = plain_text(pattern->label + ": " + std::string{place});
    findings.tell(std::move(observation));
}

FetchedBody fetched_body(const HttpExchange& exchange, const Conversation& c, std::string_view name) {
    const auto& response = exchange.response;
    std::size_t begin = response.body;
    if (http_field(response, "Transfer-Encoding")) {  // behind the first chunk's size
        LineReader lines{c.server_head, begin};
        const auto size_line = lines.next();
        begin = size_line ? size_line->end : c.server_head.size();
    }
    const std::size_t seen = c.server_head.size();
    FetchedBody body{.bytes = c.server_head.substr(std::min(begin, seen), response.end - std::min(begin, response.end)),
                     .complete = c.closing || response.end <= seen || seen >= Conversation::head_size,
                     .name = name,
                     .size = 0};
    if (const auto length = http_field(response, "Content-Length"))
        std::from_chars(length->data(), length->data() + length->size(), body.size);
    return body;
}

/// False while what the answer carries cannot be said yet.
bool report_content(const HttpExchange& exchange, const Conversation& c, Findings& findings) {
    if (exchange.status != 200 && exchange.status != 206) return true;
    const std::string subject = location(exchange, c);
    const auto kind = kind_of(fetched_body(exchange, c, subject));
    if (!kind) return false;
    if (*kind == BodyKind::other) return true;
    Observation observation;
    observation.kind = *kind == BodyKind::program  ? ObservationKind::executable
                       : *kind == BodyKind::script ? ObservationKind::script
                                                   : ObservationKind::firmware;
    observation.protocol = "http";
    observation.subject = subject;
    findings.tell(std::move(observation));
    return true;
}

/// Until then another answer may be found in the body.
bool request_is_final(const HttpExchange& exchange, const Conversation& c) {
    return exchange.request.end <= c.client_head.size() || c.client_head.size() >= Conversation::head_size || c.closing;
}

void inspect(const Conversation& c, Findings& findings) {
    HttpExchanges exchanges{c};
    while (const auto exchange = exchanges.next()) {
        report_exploit(*exchange, c, findings);
        if (!request_is_final(*exchange, c)) return;
        if (!exchange->status && !exchange->over && !c.closing) return;
        if (!report_content(*exchange, c, findings)) return;
        const std::size_t end = exchange->request.end;
        if (exchange->over) findings.done(end, server_bytes_before(c, end));
    }
    if (exchanges.all_answered()) findings.settled();
}

}  // namespace

const StreamDissector http_content{"http-content", wants, inspect};

}  // namespace linnet
