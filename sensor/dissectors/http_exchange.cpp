#include "http_exchange.hpp"

#include <algorithm>

namespace linnet {

std::optional<HttpExchange> HttpExchanges::next() {
    if (client_at_ > c_.client_head.size()) return std::nullopt;
    auto request = read_http_message(c_.client_head, client_at_);
    if (!request || !starts_like_http_request(request->start_line)) return std::nullopt;
    find_request_end(*request, c_.client_head);
    const bool last = request->end == HttpMessage::unknown_end || request->start_line.starts_with("CONNECT ");
    client_at_ = last ? HttpMessage::unknown_end : request->end;
    return HttpExchange{*request, response_to(*request)};
}

std::optional<int> HttpExchanges::response_to(const HttpMessage& request) {
    server_at_ = std::max(server_at_, server_bytes_before(c_, request.body - 1));
    const auto body = request.start_line.starts_with("HEAD ") ? HttpBody::none : HttpBody::as_the_fields_say;
    while (server_at_ <= c_.server_head.size()) {
        auto response = read_http_message(c_.server_head, server_at_);
        const int status = response ? http_status(response->start_line) : 0;
        if (status == 0) return std::nullopt;
        find_response_end(*response, c_.server_head, body);
        server_at_ = response->end == HttpMessage::unknown_end ? response->body : response->end;
        if (status >= 200 || status == 101) return status;
    }
    return std::nullopt;
}

}  // namespace linnet
