#include "http_names.hpp"

namespace linnet {

void HttpNames::report(const HttpExchange& exchange) {
    const bool rtsp = exchange.request.start_line.ends_with("RTSP/1.0");
    const auto tell = [&](const Endpoint& device, const HttpMessage& message, const char* name, const char* key,
                          std::string_view& said) {
        if (!device.ip.is_private()) return;
        const auto value = http_field(message, name);
        if (!value || *value == said) return;
        said = *value;
        findings_.hint(device, rtsp ? "rtsp" : "http", key, said);
    };
    tell(c_.client, exchange.request, "User-Agent", "user-agent", user_agent_);
    if (exchange.status) tell(c_.server, exchange.response, "Server", "server", server_);
}

}  // namespace linnet
