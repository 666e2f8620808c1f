// An EVE object as a syslog message (RFC 5424), and its frame for TLS (RFC 5425 section 4.3, octet counting). No I/O, no
// clock.
//
//   <129>1 2026-11-22T11:59:06.724658Z pi linnet - alert [linnet@32473 id="1" detector="mirai-scan" …] {"timestamp": …}
//
// The message behind the structured data is the EVE object in pure ASCII, so that no receiver has to guess. What names
// something (host, message id) is of printable ASCII; values are plain text, cut and escaped. 32473 is the enterprise number
// that RFC 5612 sets aside for those who have none.
#pragma once

#include "wire/alert.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace linnet {

struct SyslogSender {
    std::uint8_t facility = 16;     ///< 0 to 23; 16 = local0
    std::string host;               ///< empty = not known
    std::size_t max_bytes = 8'192;  ///< of a message; RFC 5425 section 4.3.1 asks receivers for 2,048, better 8,192
};

/// "local0" → 16.
std::optional<std::uint8_t> parse_facility(std::string_view name);

/// Where all of it would be longer than max_bytes, the EVE object is one that only says which one it is.
std::string syslog_message(const SyslogSender& sender, const Json& eve);

/// "5 <1>1 …".
std::string octet_counted(std::string_view message);

}  // namespace linnet
