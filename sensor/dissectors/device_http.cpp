// What devices at home are told and asked over HTTP: doors in the router and descriptions (UPnP), switches and settings
// without signing in, moving pictures; and over RTSP, which looks the same, pictures and sound. One walk over the exchanges
// serves all of them. HTTP servers elsewhere are nobody's device.
#include "http_control.hpp"
#include "http_exchange.hpp"
#include "http_media.hpp"
#include "sensor/dissectors.hpp"
#include "upnp_description.hpp"
#include "upnp_mapping.hpp"

namespace linnet {
namespace {

bool wants(const Conversation& c) {
    if (c.app_proto == "rtsp" || c.client_head.find(" rtsp://") != std::string_view::npos) return true;
    return c.server.ip.is_private() && (c.app_proto == "http" || starts_like_http_request(c.client_head));
}

void inspect(const Conversation& c, Findings& findings) {
    HttpExchanges exchanges{c};
    while (const auto exchange = exchanges.next()) {
        if (!exchange->status && !exchange->over && !c.closing) return;
        // What has been told is not taken back: where more bytes could change the answer, they are waited for.
        if (!report_upnp_mapping(*exchange, c, findings) || !report_upnp_description(*exchange, c, findings) ||
            !report_http_media(*exchange, c, findings))
            return;
        report_http_control(*exchange, findings);
        const std::size_t end = exchange->request.end;
        if (exchange->over) findings.done(end, server_bytes_before(c, end));
    }
    if (exchanges.all_answered()) findings.settled();
}

}  // namespace

const StreamDissector device_http{"device-http", wants, inspect};

}  // namespace linnet
