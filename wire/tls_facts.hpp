// What is known of a TLS conversation, as EVE's object "tls". Names as Suricata has them; versions are "TLS 1.3" to
// "TLS 1.0", "SSL 3.0" and "SSL 2.0" throughout (Suricata writes the last three "TLSv1", "SSLv3" and "SSLv2").
#pragma once

#include "types.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>

namespace linnet {

struct TlsFacts {
    std::string version;
    std::string sni;
    std::string ja4;
    std::string subject;  ///< of the server's certificate, RFC 2253 order: "CN=ubuntu"
    std::string issuerdn;
    std::string notbefore;  ///< RFC 3339 without a zone, as Suricata: "2017-02-23T05:13:52"
    std::string notafter;
    auto operator<=>(const TlsFacts&) const = default;
};

/// "TLS 1.2" for 0x0303; "" for what is no version.
std::string tls_version_name(std::uint16_t version);

/// What is not known is left out.
nlohmann::ordered_json to_eve(const TlsFacts& facts);
/// The reverse; strangers' keys are ignored. Throws nlohmann::json::exception.
TlsFacts tls_facts_from_eve(const nlohmann::ordered_json& tls);

}  // namespace linnet
