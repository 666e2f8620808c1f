// Which cipher suites of TLS protect nothing any more, by their IANA numbers ("TLS Cipher Suites"; the 0x0060s and 0xfe..
// are old drafts and Netscape's own).
//
//   no encryption        NULL, and RFC 9150's two for TLS 1.3               RFC 9325, section 4.1: MUST NOT
//   nobody is checked    anonymous Diffie-Hellman                           RFC 5246, appendix A.5
//   export-grade         40 and 56 bits                                     RFC 9325: MUST NOT (less than 112 bits)
//   DES                  56 bits                                            the same
//   RC4                                                                     RFC 7465
//
// Triple DES (112 bits) is a SHOULD NOT of RFC 9325 and is left alone: it breaks only where very much is sent in one
// connection.
#pragma once

#include <cstdint>
#include <string_view>

namespace linnet {

/// The worst that is wrong with it: "NULL", "anonymous", "EXPORT", "DES", "RC4"; empty = nothing of these.
std::string_view cipher_weakness(std::uint16_t cipher);

}  // namespace linnet
