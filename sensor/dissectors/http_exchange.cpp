#include "http_exchange.hpp"

#include <algorithm>

namespace linnet {
namespace {

/// The first turn at this offset or behind it.
auto turn_from(const Conversation& c, std::size_t offset) {
    return std::partition_point(c.turns.begin(), c.turns.end(), [&](const Turn& turn) { return turn.client < offset; });
}

}  // namespace

HttpExchanges::HttpExchanges(const Conversation& conversation) : c_{conversation}, client_at_{find_request(0)} {}

std::optional<HttpExchange> HttpExchanges::next() {
    auto request = read_http_message(c_.client_head, client_at_);
    if (!request) return std::nullopt;
    find_request_end(*request, c_.client_head);
    const bool last = request->end == HttpMessage::unknown_end || request->start_line.starts_with("CONNECT ");
    client_at_ = last ? c_.client_head.size() : find_request(std::min(request->end, c_.client_head.size()));
    HttpExchange exchange{.request = *request, .status = {}, .response = {}};
    exchange.status = response_to(*request, exchange.response);
    all_answered_ = all_answered_ && exchange.status;
    exchange.over = is_over(*request) && (exchange.status || !response_is_coming());
    exchange.response_end = server_at_;
    return exchange;
}

/// Where the next request begins, at `from` or later. What was lost on the way to us is zeros; and where the client speaks
/// again after the server, a request may begin.
std::size_t HttpExchanges::find_request(std::size_t from) const {
    const auto head = c_.client_head;
    from = std::min(head.find_first_not_of('\0', from), head.size());
    if (starts_like_http_request(head.substr(from))) return from;
    const auto turn = std::find_if(turn_from(c_, from), c_.turns.end(), [&](const Turn& t) {
        return t.client < head.size() && starts_like_http_request(head.substr(t.client));
    });
    return turn == c_.turns.end() ? head.size() : turn->client;
}

/// The server has spoken since, and the client has asked for something else; or the request is longer than the head.
bool HttpExchanges::is_over(const HttpMessage& request) const {
    const std::size_t seen = c_.client_head.size();
    if (request.end == HttpMessage::unknown_end) return false;
    if (request.end > seen) return seen == Conversation::head_size;
    const auto turn = turn_from(c_, request.end);
    return turn != c_.turns.end() && turn->client == request.end && turn->client < seen;
}

/// A header has begun and not ended.
bool HttpExchanges::response_is_coming() const {
    const std::size_t seen = c_.server_head.size();
    return server_at_ < seen && seen < Conversation::head_size && !read_http_message(c_.server_head, server_at_);
}

std::optional<int> HttpExchanges::response_to(const HttpMessage& request, HttpMessage& response) {
    server_at_ = std::max(server_at_, server_bytes_before(c_, request.body - 1));
    const auto body = request.start_line.starts_with("HEAD ") ? HttpBody::none : HttpBody::as_the_fields_say;
    while (const auto message = read_http_message(c_.server_head, server_at_)) {
        response = *message;
        const int status = http_status(response.start_line);
        if (status == 0) return std::nullopt;
        find_response_end(response, c_.server_head, body);
        server_at_ = response.end == HttpMessage::unknown_end ? response.body : response.end;
        if (status >= 200 || status == 101) return status;
    }
    return std::nullopt;
}

}  // namespace linnet
