// What is wrong with a server's certificates: the checks that every client should make (RFC 5280, section 6; names by RFC
// 9525).
//
// The chain is read once and remembered by its SHA-256 together with the name that was asked for, so that a server that is
// visited all day long costs one look; at most `remembered` chains, the one used least recently gives way.
#pragma once

#include "analyzer/state_table.hpp"
#include "analyzer/trust_store.hpp"
#include "analyzer/x509.hpp"

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace linnet {

/// Of the server's own certificate, unless it says otherwise.
enum class CertificateFlaw : std::uint8_t {
    expired = 0,
    not_yet_valid = 1,
    self_signed = 2,
    wrong_name = 3,      ///< the client asked for a name that it does not have; where no name was asked for, nobody can tell
    weak_key = 4,        ///< RSA and DSA below 2048 bits, elliptic curves below 224 (NIST SP 800-131A)
    weak_signature = 5,  ///< MD5 or SHA-1; of its issuers nobody knows which of them the client needed
    private_root = 6,    ///< the server showed the root itself, and it is none that this computer trusts
    unknown_issuer = 7,  ///< the way to a trusted root is incomplete, which is often only the server's untidiness
};
constexpr std::size_t flaw_count = 8;
std::string_view to_string(CertificateFlaw flaw);  ///< "self-signed"

struct CertificateVerdict {
    CertificateFacts facts;
    std::uint8_t flaws = 0;  ///< a bit for each CertificateFlaw
    [[nodiscard]] bool has(CertificateFlaw flaw) const { return (flaws >> static_cast<unsigned>(flaw) & 1U) != 0; }
    void add(CertificateFlaw flaw) { flaws = static_cast<std::uint8_t>(flaws | 1U << static_cast<unsigned>(flaw)); }
    [[nodiscard]] std::vector<CertificateFlaw> list() const;
};

class CertificateJudge {
 public:
    static constexpr std::size_t remembered = 1024;

    /// Without a store, or with an empty one, nothing is said about issuers.
    explicit CertificateJudge(std::shared_ptr<const TrustStore> trust) : trust_{std::move(trust)} {}

    /// At the time of the event; nothing where the server's certificate cannot be read.
    std::optional<CertificateVerdict> judge(const Certificate& event);

 private:
    /// What does not depend on the time.
    struct Known {
        std::optional<CertificateVerdict> verdict;
        [[nodiscard]] Json to_state() const { return nullptr; }  // a memory that may be lost
        static Known from_state(const Json&) { return {}; }
    };

    [[nodiscard]] std::optional<CertificateVerdict> look(const Certificate& event) const;
    void look_for_issuer(X509& server, const std::vector<X509Ptr>& others, CertificateVerdict& verdict) const;

    std::shared_ptr<const TrustStore> trust_;
    StateTable<Known> known_{"certificates", remembered};
};

}  // namespace linnet
