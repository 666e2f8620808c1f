// JA4, the fingerprint of TLS clients, as FoxIO published it under the BSD 3-clause licence (technical_details/JA4.md of
// github.com/FoxIO-LLC/ja4). The other fingerprints of that family are under another licence and have no place here.
//
//   t13d1516h2_8daaf6152771_e5627efa2ab1
//   | | |  | |  |            +- SHA-256 of the sorted extensions (without server name and ALPN) and the signature algorithms
//   | | |  | |  +- SHA-256 of the sorted cipher suites; both cut to 12 characters, and 000000000000 where there is none
//   | | |  | +- first and last character of the first ALPN value; 00 = none
//   | | |  +- cipher suites (15), extensions (16); 99 at most
//   | | +- d: a server name was given; i: none
//   | +- version: 13, 12, 11, 10, s3; DTLS: d1, d2, d3; 00 = another
//   +- t: TLS over TCP; q: QUIC; d: DTLS
//
// Values that only keep servers tolerant (GREASE, RFC 8701) count nowhere.
#pragma once

#include "tls_hello.hpp"

#include <string>

namespace linnet {

enum class Ja4Transport : char { tcp = 't', quic = 'q', dtls = 'd' };

/// Always 36 characters.
std::string ja4(const TlsClientHello& hello, Ja4Transport transport);

}  // namespace linnet
