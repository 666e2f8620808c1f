// tls-bad-certificate-accepted: a flaw and the data that followed.
#include "analyzer/trust_store.hpp"
#include "certificates_by_hand.hpp"
#include "home.hpp"

#include <doctest/doctest.h>

using namespace linnet;
using namespace linnet::test;

namespace {

constexpr auto detector = "tls-bad-certificate-accepted";
const Endpoint plug = end("192.168.1.23", 40000, "b8:27:eb:00:00:23");
const Endpoint cloud = end("203.0.113.9", 443, "00:aa:bb:cc:dd:ee");

Certificate accepted(const X509Ptr& certificate, const std::string& sni = "cloud.example", double seconds = 0) {
    Certificate event;
    event.at = at(seconds);
    event.client = plug;
    event.server = cloud;
    event.version = 0x0303;
    event.outcome = Outcome::success;
    event.sni = sni;
    event.chain = {der_of(certificate)};
    return event;
}

struct Home {
    Paper root{.subject = "Root", .authority = true};
    Core core{{.trust = std::make_shared<const TrustStore>(TrustStore::of_pem(pem_of(self_signed(root))))}, signatures()};
    [[nodiscard]] X509Ptr good(Paper paper) const { return sign(paper, {root.subject, root.key}); }
    [[nodiscard]] Alert only_alert() const {
        REQUIRE(alerts(core, detector).size() == 1);
        return alerts(core, detector)[0];
    }
};

}  // namespace

TEST_CASE("a good certificate is quiet, a self-signed one fires once and counts up") {
    Home home;
    home.core.apply("s", accepted(home.good({.subject = "cloud.example"})));
    CHECK(home.core.alerts().empty());
    const auto own = self_signed({.subject = "cloud.example"});
    home.core.apply("s", accepted(own));
    home.core.apply("s", accepted(own, "cloud.example", 60));
    const Alert alert = home.only_alert();
    CHECK(alert.count == 2);
    CHECK(alert.severity == Severity::important);
    CHECK(alert.confidence == Confidence::confirmed);
    CHECK(alert.device.mac == plug.mac);
    CHECK(alert.dest == cloud.ip);
    const Json eve = to_eve(alert);
    CHECK(
        dump(eve["tls"]) ==
        R"({"version":"TLS 1.2","sni":"cloud.example","subject":"CN=cloud.example,O=Lab","issuerdn":"CN=cloud.example,O=Lab",)"
        R"("notbefore":"2025-01-01T00:00:00","notafter":"2027-01-01T00:00:00"})");
    CHECK(dump(eve["linnet"]["evidence"]) == R"({"flaws":["self-signed"]})");
    CHECK(eve["linnet"]["outcome"] == "success");
    CHECK(alert.happened.starts_with("Raspberry Pi 00:23 sent data to cloud.example, twice so far"));
}

TEST_CASE("without data that followed nobody knows whether the device minded") {
    Home home;
    for (const auto outcome : {Outcome::unknown, Outcome::failure}) {
        auto event = accepted(self_signed({.subject = "x"}));
        event.outcome = outcome;
        home.core.apply("s", event);
    }
    CHECK(home.core.alerts().empty());
}

TEST_CASE("servers at home may sign for themselves; strangers' conversations are none of ours") {
    Home home;
    auto inside = accepted(self_signed({.subject = "router"}));
    inside.server = end("192.168.1.1", 443, "00:aa:bb:cc:dd:ee");
    home.core.apply("s", inside);
    auto inwards = accepted(self_signed({.subject = "camera"}));
    inwards.client = end("198.51.100.7", 5);
    inwards.server = plug;
    home.core.apply("s", inwards);
    CHECK(home.core.alerts().empty());
}

TEST_CASE("out of date, made out to somebody else: important") {
    Home home;
    home.core.apply("s", accepted(home.good({.subject = "cloud.example", .not_after = "20260201000000Z"})));
    CHECK(home.only_alert().severity == Severity::important);
    home.core.apply("s", accepted(home.good({.subject = "cloud.example"}), "other.example"));
    CHECK(alerts(home.core, detector).size() == 2);
}

TEST_CASE("valid from tomorrow on is a flaw; valid in years is our own clock") {
    Home home;
    home.core.apply("s", accepted(home.good({.subject = "cloud.example", .not_before = "20280301000000Z"})));
    CHECK(home.core.alerts().empty());
    home.core.apply("s", accepted(home.good({.subject = "cloud.example", .not_before = "20260302000000Z"})));
    CHECK(home.only_alert().evidence["flaws"] == Json::array({"not-yet-valid"}));
}

TEST_CASE("weak ones are worth knowing, since they are refused elsewhere") {
    Home home;
    auto event = accepted(home.good({.subject = "cloud.example", .not_before = "20100101000000Z", .digest = EVP_sha1()}));
    event.at = *parse_timestamp("2016-12-31T23:59:59.000000Z");
    home.core.apply("s", event);
    CHECK(home.core.alerts().empty());
    event.at = *parse_timestamp("2017-01-01T00:00:00.000000Z");
    home.core.apply("s", event);
    CHECK(home.only_alert().severity == Severity::worth_knowing);
    CHECK(home.only_alert().evidence["flaws"] == Json::array({"weak-signature"}));
}

TEST_CASE("a maker's own authority is only possible, an issuer that was not shown is nothing") {
    Home home;
    const Paper maker{.subject = "Maker", .authority = true};
    auto event = accepted(sign({.subject = "cloud.example"}, {maker.subject, maker.key}));
    home.core.apply("s", event);
    CHECK(home.core.alerts().empty());
    event.chain.push_back(der_of(self_signed(maker)));
    home.core.apply("s", event);
    CHECK(home.only_alert().severity == Severity::worth_knowing);
    CHECK(home.only_alert().confidence == Confidence::possible);
}

TEST_CASE("one alert for a server by its name, wherever it is; by its address without one") {
    Home home;
    const auto own = self_signed({.subject = "cloud.example"});
    home.core.apply("s", accepted(own));
    auto elsewhere = accepted(own);
    elsewhere.server.ip = ip("203.0.113.10");
    home.core.apply("s", elsewhere);
    CHECK(alerts(home.core, detector).size() == 1);
    elsewhere.sni.clear();
    home.core.apply("s", elsewhere);
    CHECK(alerts(home.core, detector).size() == 2);
}
