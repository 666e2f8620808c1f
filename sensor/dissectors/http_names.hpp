// What the programs at both ends of HTTP and RTSP call themselves. Hints, source "http" or "rtsp": user-agent (of the
// client's device; RFC 9110, section 10.1.5) and server (section 10.2.4). And "http" only, of the client's device: host, the
// name of the server that it asks (section 7.2; no addresses, no port), and model, where it tells its own in what it asks
// for ("/query?model=DIR-600_Ax": as devices do that look for new firmware; letters, digits, - and . up to another).
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
    void tell(const Endpoint& device, std::string_view source, std::string_view key, std::string_view value,
              std::string_view& said);

    const Conversation& c_;
    Findings& findings_;
    std::string_view user_agent_, server_, host_, model_;
};

}  // namespace linnet
