// HTTP Basic authentication (RFC 7617), to servers and proxies: user and password in every request, in Base64. The outcome
// is the status of the same request's response. Digest, NTLM and bearer tokens are no clear text. RTSP (RFC 2326) looks the
// same.
#include "base64.hpp"
#include "http_message.hpp"
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

void inspect(const Conversation& c, Findings& findings) {
    Responses responses{c};
    std::size_t at = 0;
    while (auto request = read_http_message(c.client_head, at)) {
        if (!starts_like_http_request(request->start_line)) return;
        find_request_end(*request, c.client_head);
        const auto status = responses.to(*request);
        const bool rtsp = request->start_line.ends_with("RTSP/1.0");
        const auto report = [&](std::string_view field_name, Service service) {
            const auto field = http_field(*request, field_name);
            WipedText credential;
            if (!field || !read_basic(*field, credential)) return true;
            const auto colon = credential.view().find(':');
            findings.login(service, credential.view().substr(0, colon), credential.view().substr(colon + 1),
                           status ? outcome_of(*status) : LoginOutcome::unknown);
            return status || c.closing;
        };
        if (!report("Authorization", rtsp ? Service::rtsp : Service::http_basic)) return;
        if (!report("Proxy-Authorization", Service::http_proxy)) return;
        if (request->end == HttpMessage::unknown_end || request->start_line.starts_with("CONNECT ")) return;
        at = request->end;
    }
}

}  // namespace

const StreamDissector http_login{"http-login", wants, inspect};

}  // namespace linnet
