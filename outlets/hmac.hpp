// HMAC-SHA256 (RFC 2104), for signatures of what is sent and for names that tell nothing.
#pragma once

#include <string>
#include <string_view>

namespace linnet {

/// 64 hexadecimal digits. Throws std::runtime_error where the library fails.
std::string hmac_sha256(std::string_view key, std::string_view text);

}  // namespace linnet
