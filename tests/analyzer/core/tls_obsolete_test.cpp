// tls-obsolete: below TLS 1.2, or a cipher that protects nothing.
#include "home.hpp"

#include <doctest/doctest.h>

using namespace linnet;
using namespace linnet::test;

namespace {

const Endpoint plug = end("192.168.1.23", 40000, "b8:27:eb:00:00:23");
const Endpoint laptop = end("192.168.1.10", 50000, "00:11:22:33:44:55");
const Endpoint cloud = end("203.0.113.9", 8443, "00:aa:bb:cc:dd:ee");
constexpr std::uint16_t good_cipher = 0xc02f, rc4 = 0x0005;

TlsHandshake hello(const Endpoint& client, const Endpoint& server, std::uint16_t version, std::uint16_t cipher = good_cipher,
                   double seconds = 0) {
    TlsHandshake handshake;
    handshake.at = at(seconds);
    handshake.client = client;
    handshake.server = server;
    handshake.version = version;
    handshake.cipher = cipher;
    handshake.sni = "cloud.example";
    return handshake;
}

Alert only_alert(const Core& core) {
    REQUIRE(alerts(core, "tls-obsolete").size() == 1);
    return alerts(core, "tls-obsolete")[0];
}

}  // namespace

TEST_CASE("TLS 1.2 and 1.3 are quiet; TLS 1.1 fires once and counts up") {
    Core core{{}, signatures()};
    core.apply("s", hello(plug, cloud, 0x0303));
    core.apply("s", hello(plug, cloud, 0x0304, 0x1301));
    core.apply("s", hello(plug, cloud, 0x0303, 0x000a));  // triple DES is no MUST NOT
    core.apply("s", hello(plug, cloud, 0x1234));          // no version at all
    CHECK(core.alerts().empty());
    for (int i = 0; i < 3; ++i) core.apply("s", hello(plug, cloud, 0x0302, good_cipher, i));
    const Alert alert = only_alert(core);
    CHECK(alert.count == 3);
    CHECK(alert.severity == Severity::worth_knowing);
    CHECK(alert.src == plug.ip);
    CHECK(alert.dest == cloud.ip);
    CHECK(alert.dest_port.number == 8443);
    CHECK(alert.device.mac == plug.mac);
    CHECK(alert.happened ==
          "Raspberry Pi 00:23 protected its connection to 203.0.113.9 on the internet with an outdated kind of encryption "
          "(TLS 1.1), 3 times so far.");
    const Json eve = to_eve(alert);
    CHECK(dump(eve["tls"]) == R"({"version":"TLS 1.1","sni":"cloud.example"})");
    CHECK(eve["linnet"]["service"] == "TLS 1.1");
    CHECK(dump(eve["linnet"]["evidence"]) == R"({"version":"TLS 1.1","cipher":"0xc02f"})");
}

TEST_CASE("about the server where it is at home") {
    Core core{{}, signatures()};
    Endpoint server = plug;
    server.port = {443};
    core.apply("s", hello(laptop, server, 0x0301));
    CHECK(only_alert(core).device.mac == plug.mac);
    CHECK(only_alert(core).src == laptop.ip);
    CHECK(only_alert(core).happened.starts_with("192.168.1.10 and Raspberry Pi 00:23"));
}

TEST_CASE("a cipher that protects nothing is important, in any version, and an alert of its own in TLS 1.2") {
    Core core{{}, signatures()};
    core.apply("s", hello(plug, cloud, 0x0303, rc4));
    CHECK(only_alert(core).severity == Severity::important);
    CHECK(only_alert(core).evidence["weakness"] == "RC4");
    CHECK(only_alert(core).signature == "Broken encryption in use");
    core.apply("s", hello(plug, cloud, 0x0301, good_cipher));
    CHECK(alerts(core, "tls-obsolete").size() == 2);
    core.apply("s", hello(plug, cloud, 0x0301, rc4));  // the same client, server and port below TLS 1.2
    CHECK(alerts(core, "tls-obsolete").size() == 2);
}

TEST_CASE("SSL is broken whatever the cipher; SSL 2.0 does not say which") {
    for (const std::uint16_t version : {std::uint16_t{0x0002}, std::uint16_t{0x0300}}) {
        Core core{{}, signatures()};
        core.apply("s", hello(plug, cloud, version, version == 2 ? 0 : 0x0035));
        CHECK(only_alert(core).severity == Severity::important);
        CHECK_FALSE(only_alert(core).evidence.contains("weakness"));
    }
}

TEST_CASE("one alert for each client, server and port") {
    Core core{{}, signatures()};
    core.apply("s", hello(plug, cloud, 0x0301));
    core.apply("s", hello(laptop, cloud, 0x0301));
    Endpoint other_port = cloud;
    other_port.port = {443};
    core.apply("s", hello(plug, other_port, 0x0301));
    CHECK(alerts(core, "tls-obsolete").size() == 3);
}

TEST_CASE("weaknesses by IANA's numbers") {
    const auto weakness = [](std::uint16_t cipher) {
        Core core{{}, signatures()};
        core.apply("s", hello(plug, cloud, 0x0303, cipher));
        const auto found = alerts(core, "tls-obsolete");
        return found.empty() ? "" : found[0].evidence.value("weakness", "");
    };
    CHECK(weakness(0x003b) == "NULL");       // TLS_RSA_WITH_NULL_SHA256
    CHECK(weakness(0xc010) == "NULL");       // TLS_ECDHE_RSA_WITH_NULL_SHA
    CHECK(weakness(0x00a6) == "anonymous");  // TLS_DH_anon_WITH_AES_128_GCM_SHA256
    CHECK(weakness(0x0003) == "EXPORT");     // TLS_RSA_EXPORT_WITH_RC4_40_MD5
    CHECK(weakness(0x0009) == "DES");        // TLS_RSA_WITH_DES_CBC_SHA
    CHECK(weakness(0xc011) == "RC4");        // TLS_ECDHE_RSA_WITH_RC4_128_SHA
    CHECK(weakness(0x000a).empty());         // TLS_RSA_WITH_3DES_EDE_CBC_SHA
    CHECK(weakness(0x0035).empty());         // TLS_RSA_WITH_AES_256_CBC_SHA
    CHECK(weakness(0x1303).empty());         // TLS_CHACHA20_POLY1305_SHA256
}
