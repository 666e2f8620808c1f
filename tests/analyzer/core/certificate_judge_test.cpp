// The judge: each flaw by a certificate that has it and one that has not.
#include "analyzer/certificate_judge.hpp"

#include "certificates_by_hand.hpp"
#include "home.hpp"

#include <doctest/doctest.h>

using namespace linnet;
using namespace linnet::test;

namespace {

using Flaw = CertificateFlaw;
using Flaws = std::vector<Flaw>;

/// A root that is believed, and one that is not.
struct Authorities {
    Paper root{.subject = "Root", .authority = true}, maker{.subject = "Maker root", .authority = true};
    X509Ptr root_certificate = self_signed(root), maker_certificate = self_signed(maker);
    std::shared_ptr<const TrustStore> trust =
        std::make_shared<const TrustStore>(TrustStore::of_pem("# roots\n" + pem_of(root_certificate)));
    [[nodiscard]] Issuer by_root() const { return {root.subject, root.key}; }
    [[nodiscard]] Issuer by_maker() const { return {maker.subject, maker.key}; }
};

const Authorities& authorities() {
    static const Authorities all;
    return all;
}

Certificate shown(std::vector<Der> chain, const std::string& sni = "") {
    Certificate event;
    event.at = at(0);  // 2026-03-01
    event.sni = sni;
    event.chain = std::move(chain);
    return event;
}

Flaws flaws(const Certificate& event) {
    CertificateJudge judge{authorities().trust};
    const auto verdict = judge.judge(event);
    REQUIRE(verdict);
    return verdict->list();
}
Flaws flaws_of(const Paper& paper, const std::string& sni = "") {
    return flaws(shown({der_of(sign(paper, authorities().by_root()))}, sni));
}

}  // namespace

TEST_CASE("a good certificate has no flaw, and its facts can be read") {
    CertificateJudge judge{authorities().trust};
    const auto verdict = judge.judge(shown({der_of(sign({.subject = "cam, \"one\""}, authorities().by_root()))}));
    REQUIRE(verdict);
    CHECK(verdict->list().empty());
    CHECK(verdict->facts.subject == R"(CN=cam\, \"one\",O=Lab)");
    CHECK(verdict->facts.issuer == "CN=Root,O=Lab");
    TlsFacts facts;
    put(verdict->facts, facts);
    CHECK(facts.notbefore == "2025-01-01T00:00:00");
    CHECK(facts.notafter == "2027-01-01T00:00:00");
}

TEST_CASE("validity is judged at the time of the event, also for a chain that is remembered") {
    CHECK(flaws_of({.subject = "a", .not_after = "20260301115959Z"}) == Flaws{Flaw::expired});
    CHECK(flaws_of({.subject = "a", .not_after = "20260301120000Z"}).empty());
    CHECK(flaws_of({.subject = "a", .not_before = "20260301120001Z"}) == Flaws{Flaw::not_yet_valid});
    CHECK(flaws_of({.subject = "a", .not_before = "19491231000000Z", .not_after = "99991231235959Z"}).empty());
    CertificateJudge judge{authorities().trust};
    auto event = shown({der_of(sign({.subject = "a"}, authorities().by_root()))});
    CHECK(judge.judge(event)->list().empty());
    event.at = at(365.0 * 86400);
    CHECK(judge.judge(event)->list() == Flaws{Flaw::expired});
    event.at = at(0);
    CHECK(judge.judge(event)->list().empty());
}

TEST_CASE("self-signed") { CHECK(flaws(shown({der_of(self_signed({.subject = "cam"}))})) == Flaws{Flaw::self_signed}); }

TEST_CASE("names: alternative names go before the common name; a wildcard stands for one label (RFC 9525, section 6)") {
    const Paper paper{.subject = "common.example", .names = "DNS:a.example,DNS:*.b.example"};
    CHECK(flaws_of(paper, "a.example").empty());
    CHECK(flaws_of(paper, "A.Example.").empty());
    CHECK(flaws_of(paper, "x.b.example").empty());
    CHECK(flaws_of(paper, "x.y.b.example") == Flaws{Flaw::wrong_name});
    CHECK(flaws_of(paper, "b.example") == Flaws{Flaw::wrong_name});
    CHECK(flaws_of(paper, "common.example") == Flaws{Flaw::wrong_name});
    CHECK(flaws_of(paper, "").empty());
    CHECK(flaws_of({.subject = "common.example"}, "common.example").empty());
}

TEST_CASE("keys and signatures that are too weak") {
    CHECK(flaws_of({.subject = "a", .key = rsa_key(1024)}) == Flaws{Flaw::weak_key});
    CHECK(flaws_of({.subject = "a", .key = rsa_key(2048)}).empty());
    CHECK(flaws_of({.subject = "a", .key = ec_key("P-192")}) == Flaws{Flaw::weak_key});
    CHECK(flaws_of({.subject = "a", .digest = EVP_sha1()}) == Flaws{Flaw::weak_signature});
    // Above the server's own, one that nobody needs may be among them: an old name of a root that is believed by itself.
    const Paper between{.subject = "Between", .authority = true, .digest = EVP_sha1()};
    const auto server = sign({.subject = "a"}, {between.subject, between.key});
    CHECK(flaws(shown({der_of(server), der_of(sign(between, authorities().by_root()))})).empty());
}

TEST_CASE("issuers: a way to a trusted root, a root that nobody trusts, or no way at all") {
    const Paper between{.subject = "Between", .authority = true};
    const auto between_certificate = sign(between, authorities().by_root());
    const auto server = sign({.subject = "a"}, {between.subject, between.key});
    CHECK(flaws(shown({der_of(server), der_of(between_certificate)})).empty());
    CHECK(flaws(shown({der_of(server)})) == Flaws{Flaw::unknown_issuer});
    const auto by_maker = sign({.subject = "a"}, authorities().by_maker());
    CHECK(flaws(shown({der_of(by_maker), der_of(authorities().maker_certificate)})) == Flaws{Flaw::private_root});
    CHECK(flaws(shown({der_of(by_maker)})) == Flaws{Flaw::unknown_issuer});
    // somebody who took the root's name, but not its key
    CHECK(flaws(shown({der_of(sign({.subject = "a"}, {authorities().root.subject, authorities().maker.key}))})) ==
          Flaws{Flaw::unknown_issuer});
    for (const auto& trust :
         {std::shared_ptr<const TrustStore>{}, std::make_shared<const TrustStore>(TrustStore::of_pem(""))}) {
        CertificateJudge judge{trust};
        CHECK(judge.judge(shown({der_of(by_maker)}))->list().empty());
    }
}

TEST_CASE("the same chain for another name is another verdict") {
    CertificateJudge judge{authorities().trust};
    const auto der = der_of(sign({.subject = "a.example"}, authorities().by_root()));
    CHECK(judge.judge(shown({der}, "a.example"))->list().empty());
    CHECK(judge.judge(shown({der}, "b.example"))->list() == Flaws{Flaw::wrong_name});
    CHECK(judge.judge(shown({der}, "a.example"))->list().empty());
}

TEST_CASE("what is no certificate has no verdict: cut at every byte, with anything behind it, or none") {
    CertificateJudge judge{authorities().trust};
    const auto der = der_of(sign({.subject = "a", .names = "DNS:a.example"}, authorities().by_root()));
    CHECK_FALSE(judge.judge(shown({})));
    for (std::size_t size = 0; size < der.bytes.size(); ++size)
        CHECK_FALSE(judge.judge(shown({{der.bytes.substr(0, size)}})));
    CHECK_FALSE(judge.judge(shown({{der.bytes + "x"}})));
    // Damage behind the server's own certificate is not its fault.
    CHECK(judge.judge(shown({der, {"garbage"}}))->list().empty());
    for (std::size_t i = 0; i < der.bytes.size(); ++i) {
        auto damaged = der;
        damaged.bytes[i] = static_cast<char>(damaged.bytes[i] ^ 0x20);
        static_cast<void>(judge.judge(shown({damaged}, "a.example")));  // whatever it is, it comes back
    }
}
