// Requests with their responses, in the heads of one HTTP/1 conversation: one after the other or pipelined, with bodies.
#pragma once

#include "http_message.hpp"
#include "sensor/dissector.hpp"

#include <optional>

namespace linnet {

struct HttpExchange {
    HttpMessage request;
    std::optional<int> status;  ///< of the final response, as soon as its header has arrived
};

class HttpExchanges {
 public:
    explicit HttpExchanges(const Conversation& conversation) : c_{conversation} {}

    /// Nothing where the next request's header has not arrived, where it is no request, or where another protocol follows.
    std::optional<HttpExchange> next();

 private:
    std::optional<int> response_to(const HttpMessage& request);

    const Conversation& c_;
    std::size_t client_at_ = 0, server_at_ = 0;
};

}  // namespace linnet
