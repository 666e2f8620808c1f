// HTTP Basic authentication (RFC 7617), to servers and proxies: user and password in every request, in Base64. The outcome
// is the status of the same request's response. Digest, NTLM and bearer tokens are no clear text. RTSP (RFC 2326) looks the
// same.
#include "base64.hpp"
#include "http_message.hpp"
#include "sensor/ascii_text.hpp"
#include "sensor/dissectors.hpp"

#include <algorithm>

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

LoginOutcome outcome_of(int status) {
    if (status == 401 || status == 407) return LoginOutcome::failure;
    return status >= 200 && status < 400 ? LoginOutcome::success : LoginOutcome::unknown;
}

/// Gives each request its response, in order.
class Responses {
 public:
    explicit Responses(const Conversation& c) : c_{c} {}

    /// The status of the final response; nothing until its header has arrived.
    std::optional<int> to(const HttpMessage& request) {
        at_ = std::max(at_, server_bytes_before(c_, request.body - 1));
        const auto body = request.start_line.starts_with("HEAD ") ? HttpBody::none : HttpBody::as_the_fields_say;
        while (auto response = read_http_message(c_.server_head, at_)) {
            const int status = http_status(response->start_line);
            if (status == 0) return std::nullopt;
            find_response_end(*response, c_.server_head, body);
            at_ = response->end == HttpMessage::unknown_end ? response->body : response->end;
            if (status >= 200 || status == 101) return status;
        }
        return std::nullopt;
    }

 private:
    const Conversation& c_;
    std::size_t at_ = 0;
};

/// The first turn at this offset or behind it.
auto turn_from(const Conversation& c, std::size_t offset) {
    return std::partition_point(c.turns.begin(), c.turns.end(), [&](const Turn& turn) { return turn.client < offset; });
}

/// The server has spoken since, and the client has asked for something else; or the request is longer than the head.
bool is_over(const HttpMessage& request, const Conversation& c) {
    if (request.end == HttpMessage::unknown_end) return false;
    if (request.end > c.client_head.size()) return c.client_head.size() == Conversation::head_size;
    const auto turn = turn_from(c, request.end);
    return turn != c.turns.end() && turn->client == request.end && turn->client < c.client_head.size();
}

/// Where the next request begins, at `from` or later. What was lost on the way to us is zeros; and where the client speaks
/// again after the server, a request may begin.
std::size_t find_request(const Conversation& c, std::size_t from) {
    from = std::min(c.client_head.find_first_not_of('\0', from), c.client_head.size());
    if (starts_like_http_request(c.client_head.substr(from))) return from;
    const auto turn = std::find_if(turn_from(c, from), c.turns.end(), [&](const Turn& t) {
        return t.client < c.client_head.size() && starts_like_http_request(c.client_head.substr(t.client));
    });
    return turn == c.turns.end() ? c.client_head.size() : turn->client;
}

void inspect(const Conversation& c, Findings& findings) {
    Responses responses{c};
    std::size_t at = find_request(c, 0);
    while (auto request = read_http_message(c.client_head, at)) {
        find_request_end(*request, c.client_head);
        const auto status = responses.to(*request);
        const bool over = is_over(*request, c);
        const bool rtsp = request->start_line.ends_with("RTSP/1.0");
        const auto report = [&](std::string_view field_name, Service service) {
            const auto field = http_field(*request, field_name);
            WipedText credential;
            if (!field || !read_basic(*field, credential)) return true;
            const auto colon = credential.view().find(':');
            findings.login(service, credential.view().substr(0, colon), credential.view().substr(colon + 1),
                           status ? outcome_of(*status) : LoginOutcome::unknown);
            return status || over || c.closing;
        };
        if (!report("Authorization", rtsp ? Service::rtsp : Service::http_basic)) return;
        if (!report("Proxy-Authorization", Service::http_proxy)) return;
        if (request->end == HttpMessage::unknown_end || request->start_line.starts_with("CONNECT ")) return;
        if (over) findings.done(request->end, server_bytes_before(c, request->end));
        at = find_request(c, std::min(request->end, c.client_head.size()));
    }
}

}  // namespace

const StreamDissector http_login{"http-login", wants, inspect};

}  // namespace linnet
