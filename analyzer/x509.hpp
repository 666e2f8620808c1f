// X.509 certificates (RFC 5280), read by OpenSSL: the one place where the analyzer parses what an attacker wrote. Sizes are
// bounded by the event (Certificate::max_chain, max_bytes); what OpenSSL cannot read is no certificate, without a word.
#pragma once

#include "wire/event.hpp"
#include "wire/tls_facts.hpp"

#include <openssl/x509.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace linnet {

struct FreeX509 {
    void operator()(X509* certificate) const { X509_free(certificate); }
};
using X509Ptr = std::unique_ptr<X509, FreeX509>;

/// Null where it is none, or where anything follows it.
X509Ptr read_x509(std::string_view der);

/// Wider than Timestamp: certificates may begin before 1970 and end in 9999. Seconds since 1970.
using CertificateTime = std::chrono::sys_seconds;

struct CertificateFacts {
    std::string subject, issuer;  ///< RFC 4514, at most 255 bytes of UTF-8: "CN=ubuntu"
    CertificateTime not_before{}, not_after{};
};
/// Nothing where its dates make no sense.
std::optional<CertificateFacts> facts_of(const X509& certificate);

/// As EVE has them: times as "2017-02-23T05:13:52".
void put(const CertificateFacts& facts, TlsFacts& into);

}  // namespace linnet
