// Requests with their responses, in the heads of one HTTP/1 conversation: one after the other or pipelined, with bodies.
#pragma once

#include "http_message.hpp"
#include "sensor/dissector.hpp"

#include <cstdint>
#include <optional>

namespace linnet {

struct HttpExchange {
    HttpMessage request;
    std::optional<int> status;  ///< of the final response, as soon as its header has arrived
    HttpMessage response;       ///< where there is a status; its body is in the server's head
    bool over = false;          ///< the client has gone on, or nothing more of this can be seen
    std::size_t response_end =
        0;  ///< where there is a status: behind the response, or, if its length is unknown, its header
};

class HttpExchanges {
 public:
    explicit HttpExchanges(const Conversation& conversation);

    /// Nothing where the next request's header has not arrived, or where another protocol follows.
    std::optional<HttpExchange> next();
    /// All that next() gave have their responses: what is new can only be another request.
    [[nodiscard]] bool all_answered() const { return all_answered_; }

 private:
    [[nodiscard]] std::size_t find_request(std::size_t from) const;
    [[nodiscard]] bool is_over(const HttpMessage& request) const;
    [[nodiscard]] bool response_is_coming() const;
    std::optional<int> response_to(const HttpMessage& request, HttpMessage& response);

    const Conversation& c_;
    std::size_t client_at_, server_at_ = 0;
    bool all_answered_ = true;
};

}  // namespace linnet
