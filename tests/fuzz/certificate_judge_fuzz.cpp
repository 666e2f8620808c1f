// A server's chain of certificates: length (2 bytes) and DER, one after the other. Judged, or not a certificate.
#include "analyzer/certificate_judge.hpp"
#include "sensor/byte_reader.hpp"
#include "tests/analyzer/core/certificates_by_hand.hpp"

#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace linnet;
    static const auto trust = std::make_shared<const TrustStore>(
        TrustStore::of_pem(test::pem_of(test::self_signed({.subject = "Root", .authority = true}))));
    Certificate event;
    event.at = Timestamp{} + std::chrono::hours{490'000};
    event.sni = "cloud.example";
    ByteReader in{std::as_bytes(std::span{data, size})};
    std::size_t bytes = 0;
    while (!in.at_end() && event.chain.size() < Certificate::max_chain) {
        const auto der = in.text(in.u16());
        bytes += der.size();
        if (!in.ok() || bytes > Certificate::max_bytes) break;
        event.chain.push_back({std::string{der}});
    }
    CertificateJudge judge{trust};
    if (const auto verdict = judge.judge(event)) {
        if (verdict->facts.subject.size() > 255 || verdict->list().size() > flaw_count) __builtin_trap();
        TlsFacts facts;
        put(verdict->facts, facts);
        static_cast<void>(to_eve(facts).dump());
    }
    return 0;
}
