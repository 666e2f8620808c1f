#include "http_media.hpp"

#include "http_proof.hpp"

#include <string_view>

namespace linnet {
namespace {

bool begins(const HttpMessage& response, std::string_view type) {
    return starts_with_text(http_field(response, "Content-Type").value_or(""), type);
}

/// The response's header, as far as it has arrived.
HttpMessage response_of(const HttpExchange& exchange, const Conversation& c) {
    auto from = server_bytes_before(c, exchange.request.body - 1);
    while (const auto response = read_http_message(c.server_head, from)) {
        if (http_status(response->start_line) == exchange.status) return *response;
        if (response->body <= from) break;
        from = response->body;
    }
    return {};
}

struct Medium {
    std::string_view name{};  ///< empty: neither pictures nor sound
    bool settled = true;
};

Medium medium_of(const HttpExchange& exchange, const Conversation& c) {
    constexpr std::size_t longest_part_header = 512;
    if (exchange.status != 200) return {};
    const auto& start = exchange.request.start_line;
    if (start.ends_with("RTSP/1.0")) return {start.starts_with("PLAY ") ? "rtsp" : ""};
    if (!start.starts_with("GET ") && !start.starts_with("POST ")) return {};
    const auto response = response_of(exchange, c);
    if (begins(response, "application/x-rtsp-tunnelled")) return {"rtsp"};
    if (!begins(response, "multipart/x-mixed-replace")) return {};
    const auto first_part = c.server_head.substr(response.body, longest_part_header);
    if (first_part.find("image/jpeg") != std::string_view::npos) return {"mjpeg"};
    return {"", first_part.size() == longest_part_header || c.closing};
}

}  // namespace

bool report_http_media(const HttpExchange& exchange, const Conversation& c, Findings& findings) {
    const auto medium = medium_of(exchange, c);
    if (medium.name.empty()) return medium.settled;
    Observation seen;
    seen.kind = ObservationKind::media_stream;
    seen.protocol = medium.name;
    seen.subject = shows_who_asks(exchange.request) ? "" : "for anybody";
    findings.tell(std::move(seen));
    return true;
}

}  // namespace linnet
