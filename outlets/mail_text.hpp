// A message as Internet mail: RFC 5322 (form), RFC 2047 (other than ASCII in headers), RFC 2045 section 6.7
// (quoted-printable text), RFC 3834 (Auto-Submitted). Every line ends with CRLF; none has more than 78 characters, but a
// line of addresses.
#pragma once

#include "message.hpp"
#include "policy.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace linnet {

struct Envelope {
    std::string from;             ///< an address: "linnet@example.org"
    std::vector<std::string> to;  ///< addresses
};

/// Like NAME@HOST, in printable ASCII, with nothing that means something in a header.
bool is_mail_address(std::string_view text);

std::string mail_text(const Message& message, const Envelope& envelope, const UtcOffset& offset);

/// A header's text as it is where it is short ASCII, else as encoded words of at most 75 characters, one a line; no line has
/// more than 76, with the `before` characters that the header's name takes of the first one.
std::string header_text(std::string_view text, std::size_t before);

/// Lines of at most 76 characters; "\n" becomes CRLF.
std::string quoted_printable(std::string_view text);

/// "Sun, 01 Mar 2026 19:20:11 +0100".
std::string mail_date(Timestamp at, std::chrono::minutes offset);

}  // namespace linnet
