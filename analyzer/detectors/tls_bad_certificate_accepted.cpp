// tls-bad-certificate-accepted: the server could not prove who it is, and the device sent it its data all the same. About
// devices at home and servers outside: at home, certificates that nobody has signed are what routers and printers have.
//
// Only what the wire shows: certificates up to TLS 1.2, and that application data followed. One alert stands for one client
// and one server by name, or by address where it asked for none.
#include "analyzer/certificate_judge.hpp"
#include "conversation_finding.hpp"

#include <algorithm>

namespace linnet {
namespace {

using Flaw = CertificateFlaw;
using namespace std::chrono_literals;

// Since when weak ones are refused: RSA below 2048 bits by NIST SP 800-131A, SHA-1 by the browsers (CA/Browser Forum, ballot
// 118).
constexpr Timestamp no_short_keys = std::chrono::sys_days{2014y / 1 / 1}, no_sha1 = std::chrono::sys_days{2017y / 1 / 1};

class TlsBadCertificateAccepted : public Detector {
 public:
    explicit TlsBadCertificateAccepted(Thresholds& thresholds)
        : clock_doubt_{thresholds.seconds("tls-bad-certificate-accepted.clock_doubt_seconds")} {}

    void on_event(const Event& event, Context& context) override {
        const auto* certificate = std::get_if<Certificate>(&event);
        if (certificate == nullptr || certificate->outcome != Outcome::success) return;
        const auto& locality = context.household.locality();
        if (locality.is_local(certificate->server.ip, certificate->client.ip) ||
            !locality.is_local(certificate->client.ip, certificate->server.ip))
            return;
        const auto verdict = context.certificates.judge(*certificate);
        if (!verdict) return;
        if (const auto kind = kind_of(*certificate, *verdict)) report(*certificate, *verdict, *kind, context);
    }

 private:
    struct Kind {
        std::string_view variant;
        Confidence confidence = Confidence::confirmed;
    };

    /// Nothing where a careful client would have accepted it, too.
    [[nodiscard]] std::optional<Kind> kind_of(const Certificate& event, const CertificateVerdict& verdict) const {
        // A certificate that begins to be valid only in years says that our own clock is wrong, or the capture's.
        const auto early = verdict.facts.not_before - event.at;
        if (verdict.has(Flaw::not_yet_valid) && early > clock_doubt_) return std::nullopt;
        if (verdict.has(Flaw::expired) || verdict.has(Flaw::not_yet_valid) || verdict.has(Flaw::self_signed) ||
            verdict.has(Flaw::wrong_name))
            return Kind{""};
        if ((verdict.has(Flaw::weak_key) && event.at >= no_short_keys) ||
            (verdict.has(Flaw::weak_signature) && event.at >= no_sha1))
            return Kind{"weak"};
        // Makers run authorities of their own, and their devices may well check against those.
        if (verdict.has(Flaw::private_root)) return Kind{"private", Confidence::possible};
        return std::nullopt;  // an issuer that was not shown, and is not known here, may be all right
    }

    static void report(const Certificate& event, const CertificateVerdict& verdict, const Kind& kind,
                       const Context& context) {
        const std::string server = event.sni.empty() ? to_string(event.server.ip) : event.sni;
        Finding finding = conversation_finding("tls-bad-certificate-accepted", event.client, event.server, context);
        finding.variant = kind.variant;
        finding.cause = RowKey{}.add(event.client.ip).add(event.server.port).add(std::string_view{server}).text();
        finding.confidence = kind.confidence;
        finding.proto = "TCP";
        finding.app_proto = "tls";
        finding.outcome = event.outcome;
        finding.tls = TlsFacts{.version = tls_version_name(event.version), .sni = event.sni};
        put(verdict.facts, *finding.tls);
        finding.first = finding.last = event.at;
        for (const auto flaw : verdict.list()) finding.evidence["flaws"].push_back(to_string(flaw));
        finding.peer = server;
        context.episodes.report(std::move(finding));
    }

    Duration clock_doubt_;
};

}  // namespace

std::unique_ptr<Detector> make_tls_bad_certificate_accepted(Thresholds& thresholds) {
    return std::make_unique<TlsBadCertificateAccepted>(thresholds);
}

}  // namespace linnet
