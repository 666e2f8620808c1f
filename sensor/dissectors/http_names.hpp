// What the programs at both ends of HTTP and RTSP call themselves. Hints, source "http" or "rtsp": user-agent (of the
// client's device; RFC 9110, section 10.1.5) and server (section 10.2.4).
#pragma once

#include "http_exchange.hpp"

#include <string_view>

namespace linnet {

/// One conversation's walk: what the exchange before has said already is not said again.
class HttpNames {
 public:
    HttpNames(const Conversation& conversation, Findings& findings) : c_{conversation}, findings_{findings} {}
    void report(const HttpExchange& exchange);

 private:
    const Conversation& c_;
    Findings& findings_;
    std::string_view user_agent_, server_;
};

}  // namespace linnet
