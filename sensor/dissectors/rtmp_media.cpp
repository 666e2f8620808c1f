// RTMP (Adobe's Real-Time Messaging Protocol, specification 1.0 of 2012): pictures and sound in clear once one side asked to
// publish or to play and the server went along. Nothing of the stream's name is told: it often is its secret.
#include "sensor/dissectors.hpp"

#include <array>

namespace linnet {
namespace {

constexpr char version = 3;                         // section 5.2.2; 6 is the encrypted kind
constexpr std::size_t handshake = 1 + 1536 + 1536;  // sections 5.2.2 to 5.2.4, of each side

using namespace std::string_view_literals;
constexpr std::array<std::string_view, 2> commands{"\x02\x00\x04play"sv, "\x02\x00\x07publish"sv};  // as AMF0 strings
constexpr auto result = "\x02\x00\x07_result"sv;

bool wants(const Conversation& c) {
    return c.client_head.starts_with(version) && (c.server.port.number == 1935 || c.app_proto == "rtmp") &&
           (c.server_head.empty() || c.server_head.starts_with(version));
}

void inspect(const Conversation& c, Findings& findings) {
    if (c.client_head.size() <= handshake || c.server_head.size() <= handshake) return;
    if (c.server_head.find(result, handshake) == std::string_view::npos) return;
    for (const auto command : commands) {
        if (c.client_head.find(command, handshake) == std::string_view::npos) continue;
        Observation seen;
        seen.kind = ObservationKind::media_stream;
        seen.protocol = "rtmp";
        return findings.tell(std::move(seen));
    }
}

}  // namespace

const StreamDissector rtmp_media{"rtmp-media", wants, inspect};

}  // namespace linnet
