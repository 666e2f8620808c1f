// tls-obsolete: a connection below TLS 1.2 (RFC 8996), or one whose cipher protects nothing (see cipher_weakness.hpp). About
// the server where it is at home; where it is outside, about the device that put up with it. One alert stands for one
// client, server and port; a broken cipher in TLS 1.2 is an alert of its own.
#include "analyzer/detector.hpp"
#include "cipher_weakness.hpp"
#include "conversation_finding.hpp"

#include <fmt/format.h>

namespace linnet {
namespace {

constexpr std::uint16_t ssl_3_0 = 0x0300, tls_1_2 = 0x0303;

class TlsObsolete : public Detector {
 public:
    void on_event(const Event& event, Context& context) override {
        const auto* handshake = std::get_if<TlsHandshake>(&event);
        if (handshake == nullptr || tls_version_name(handshake->version).empty()) return;
        const bool old = handshake->version < tls_1_2;
        // SSL 2.0's server hello does not say which cipher the client then took.
        const auto weakness = handshake->version < ssl_3_0 ? std::string_view{} : cipher_weakness(handshake->cipher);
        if (old || !weakness.empty()) context.episodes.report(finding(*handshake, old, weakness, context));
    }

 private:
    static Finding finding(const TlsHandshake& handshake, bool old, std::string_view weakness, const Context& context) {
        Finding finding = conversation_finding("tls-obsolete", handshake.client, handshake.server, context);
        if (!weakness.empty() || handshake.version <= ssl_3_0) finding.variant = "broken";
        finding.cause = RowKey{}
                            .add(handshake.client.ip)
                            .add(handshake.server.ip)
                            .add(handshake.server.port)
                            .add(std::uint8_t{old})
                            .text();
        finding.proto = to_string(handshake.proto);
        finding.app_proto = "tls";
        finding.tls = TlsFacts{.version = tls_version_name(handshake.version), .sni = handshake.sni, .ja4 = handshake.ja4};
        finding.first = finding.last = handshake.at;
        finding.evidence["version"] = finding.tls->version;
        finding.evidence["cipher"] = fmt::format("0x{:04x}", handshake.cipher);
        if (!weakness.empty()) finding.evidence["weakness"] = weakness;
        return finding;
    }
};

}  // namespace

std::unique_ptr<Detector> make_tls_obsolete(Thresholds&) { return std::make_unique<TlsObsolete>(); }

}  // namespace linnet
