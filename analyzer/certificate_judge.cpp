#include "certificate_judge.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>

namespace linnet {
namespace {

constexpr std::array<std::string_view, flaw_count> names{"expired",  "not-yet-valid",  "self-signed",  "wrong-name",
                                                         "weak-key", "weak-signature", "private-root", "unknown-issuer"};

/// Whatever OpenSSL put on its list of errors is of no interest, and must not grow.
struct ForgetErrors {
    ForgetErrors() = default;
    ~ForgetErrors() { ERR_clear_error(); }
    ForgetErrors(const ForgetErrors&) = delete;
    ForgetErrors& operator=(const ForgetErrors&) = delete;
};

struct FreeStack {
    void operator()(STACK_OF(X509) * stack) const { sk_X509_free(stack); }  // the certificates belong to somebody else
};
struct FreeContext {
    void operator()(X509_STORE_CTX* context) const { X509_STORE_CTX_free(context); }
};

bool is_self_signed(const X509& certificate) {
    return X509_NAME_cmp(X509_get_subject_name(&certificate), X509_get_issuer_name(&certificate)) == 0;
}

bool has_weak_key(const X509& certificate) {
    const EVP_PKEY* key = X509_get0_pubkey(&certificate);
    if (key == nullptr) return false;  // of a kind that is newer than this OpenSSL
    const int bits = EVP_PKEY_get_bits(key);
    switch (EVP_PKEY_get_base_id(key)) {
        case EVP_PKEY_RSA:
        case EVP_PKEY_RSA_PSS:
        case EVP_PKEY_DSA: return bits < 2048;
        case EVP_PKEY_EC: return bits < 224;
        default: return false;
    }
}

bool has_weak_signature(X509& certificate) {
    int digest = NID_undef;
    if (X509_get_signature_info(&certificate, &digest, nullptr, nullptr, nullptr) != 1 && digest == NID_undef) return false;
    return digest == NID_md5 || digest == NID_sha1 || digest == NID_md5_sha1;
}

/// A name, not an address: only names stand in the hello (RFC 6066, section 3).
bool has_wrong_name(X509& certificate, std::string_view asked) {
    while (asked.ends_with('.')) asked.remove_suffix(1);
    if (asked.empty()) return false;
    return X509_check_host(&certificate, asked.data(), asked.size(), X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS, nullptr) == 0;
}

std::string digest_of(const Certificate& event) {
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{EVP_MD_CTX_new(), EVP_MD_CTX_free};
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    const auto add = [&](std::string_view bytes) {
        const std::uint64_t length = bytes.size();  // told apart by their lengths
        EVP_DigestUpdate(context.get(), &length, sizeof length);
        EVP_DigestUpdate(context.get(), bytes.data(), bytes.size());
    };
    EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr);
    add(event.sni);
    for (const auto& der : event.chain) add(der.bytes);
    EVP_DigestFinal_ex(context.get(), digest.data(), &size);
    return {reinterpret_cast<const char*>(digest.data()), size};
}

}  // namespace

std::string_view to_string(CertificateFlaw flaw) { return names.at(static_cast<std::size_t>(flaw)); }

std::vector<CertificateFlaw> CertificateVerdict::list() const {
    std::vector<CertificateFlaw> found;
    for (std::size_t i = 0; i < flaw_count; ++i)
        if (has(static_cast<CertificateFlaw>(i))) found.push_back(static_cast<CertificateFlaw>(i));
    return found;
}

std::optional<CertificateVerdict> CertificateJudge::judge(const Certificate& event) {
    if (event.chain.empty()) return std::nullopt;
    const auto key = digest_of(event);
    const bool fresh = known_.find(key) == nullptr;
    Known& known = known_.touch(key);
    if (fresh) known.verdict = look(event);
    auto verdict = known.verdict;
    if (!verdict) return verdict;
    const auto at = std::chrono::floor<std::chrono::seconds>(event.at);
    if (at > verdict->facts.not_after) verdict->add(CertificateFlaw::expired);
    if (at < verdict->facts.not_before) verdict->add(CertificateFlaw::not_yet_valid);
    return verdict;
}

std::optional<CertificateVerdict> CertificateJudge::look(const Certificate& event) const {
    const ForgetErrors forget;
    const auto server = read_x509(event.chain.front().bytes);
    const auto facts = server ? facts_of(*server) : std::nullopt;
    if (!facts) return std::nullopt;
    CertificateVerdict verdict{.facts = *facts};
    std::vector<X509Ptr> others;
    for (std::size_t i = 1; i < event.chain.size() && i < Certificate::max_chain; ++i)
        if (auto other = read_x509(event.chain[i].bytes)) others.push_back(std::move(other));
    if (is_self_signed(*server)) verdict.add(CertificateFlaw::self_signed);
    if (has_wrong_name(*server, event.sni)) verdict.add(CertificateFlaw::wrong_name);
    if (has_weak_key(*server)) verdict.add(CertificateFlaw::weak_key);
    if (has_weak_signature(*server)) verdict.add(CertificateFlaw::weak_signature);
    if (!verdict.has(CertificateFlaw::self_signed)) look_for_issuer(*server, others, verdict);
    return verdict;
}

void CertificateJudge::look_for_issuer(X509& server, const std::vector<X509Ptr>& others, CertificateVerdict& verdict) const {
    if (!trust_ || trust_->size() == 0) return;
    const std::unique_ptr<STACK_OF(X509), FreeStack> stack{sk_X509_new_null()};
    const std::unique_ptr<X509_STORE_CTX, FreeContext> context{X509_STORE_CTX_new()};
    if (!stack || !context) return;
    for (const auto& other : others) sk_X509_push(stack.get(), other.get());
    if (X509_STORE_CTX_init(context.get(), trust_->handle(), &server, stack.get()) != 1) return;
    // Only the way to a root is asked for: times, strength and purpose are looked at elsewhere, or nobody's business.
    X509_VERIFY_PARAM* parameters = X509_STORE_CTX_get0_param(context.get());
    X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_NO_CHECK_TIME | X509_V_FLAG_TRUSTED_FIRST);
    X509_VERIFY_PARAM_set_auth_level(parameters, 0);
    X509_VERIFY_PARAM_set_depth(parameters, static_cast<int>(Certificate::max_chain));
    if (X509_verify_cert(context.get()) == 1) return;
    const bool private_root = X509_STORE_CTX_get_error(context.get()) == X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN;
    verdict.add(private_root ? CertificateFlaw::private_root : CertificateFlaw::unknown_issuer);
}

}  // namespace linnet
