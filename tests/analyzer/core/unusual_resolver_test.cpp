#include "home.hpp"

#include <doctest/doctest.h>

#include <array>

using namespace linnet;
using namespace linnet::test;

namespace {

const Endpoint tv = end("192.168.1.40", 40000, "b8:27:eb:00:00:23");

void offer(Core& core, const std::string& resolvers) {
    core.apply("s",
               DeviceHint{at(0), mac("00:11:22:33:44:01"), ip("192.168.1.1"), "dhcp-server", "offered-resolver", resolvers});
}

/// `count` questions about different names.
void ask(Core& core, const Endpoint& client, const std::string& resolver, int count, double seconds = 1) {
    for (int i = 0; i < count; ++i)
        core.apply("s", NameBinding{.at = at(seconds + i),
                                    .client = client,
                                    .resolver = end(resolver, 53),
                                    .name = std::to_string(i) + ".example",
                                    .type = 1,
                                    .rcode = 0,
                                    .addresses = {}});
}

Flow encrypted(const std::string& resolver, std::uint16_t port) {
    Flow f = flow(tv, end(resolver, port), "tls", 5);
    f.stage = FlowStage::end;
    return f;
}

TlsHandshake hello(const std::string& name, std::uint16_t port = 443) {
    TlsHandshake handshake;
    handshake.at = at(5);
    handshake.client = tv;
    handshake.server = end("203.0.113.9", port);
    handshake.version = 0x0303;
    handshake.cipher = 0xc02f;
    handshake.sni = name;
    return handshake;
}

}  // namespace

TEST_CASE("a device that asks somebody outside although the home has its own: quiet at two names, told of once at three") {
    Core core{{}, signatures()};
    offer(core, "192.168.1.1");
    ask(core, tv, "192.168.1.1", 20);
    ask(core, tv, "8.8.8.8", 2);
    CHECK(core.alerts().empty());
    ask(core, tv, "8.8.8.8", 9, 30);
    ask(core, tv, "198.51.100.53", 9, 60);
    REQUIRE(alerts(core, "unusual-resolver").size() == 1);
    const Alert alert = alerts(core, "unusual-resolver")[0];
    CHECK(alert.severity == Severity::worth_knowing);
    CHECK(alert.device.mac == tv.mac);
    CHECK(alert.dest == ip("8.8.8.8"));
    CHECK(alert.evidence["operated_by"].is_string());
    CHECK(alert.happened.find("Google (8.8.8.8)") != std::string::npos);
}

TEST_CASE("encrypted questions, by port, by address and by name") {
    for (const int way : {0, 1, 2, 3, 4}) {
        Core core{{}, signatures()};
        const auto go = [&] {
            if (way == 0) core.apply("s", encrypted("198.51.100.53", 853));
            if (way == 1) core.apply("s", encrypted("9.9.9.9", 443));
            if (way == 2) core.apply("s", hello("mozilla.cloudflare-dns.com"));
            if (way == 4) core.apply("s", hello("", 853));
            if (way == 3) core.apply("s", hello("a1b2c3.dns.nextdns.io"));
        };
        go();
        CHECK(core.alerts().empty());
        offer(core, "192.168.1.1");
        go();
        CHECK(alerts(core, "unusual-resolver").size() == 1);
    }
}

TEST_CASE("over QUIC it is UDP") {
    for (const std::uint16_t port : std::array<std::uint16_t, 2>{443, 853}) {
        Core core{{}, signatures()};
        offer(core, "192.168.1.1");
        auto over_quic = hello("mozilla.cloudflare-dns.com", port);
        over_quic.proto = Proto::udp;
        core.apply("s", over_quic);
        const auto alert = alerts(core, "unusual-resolver").at(0);
        CHECK(alert.proto == "UDP");
        CHECK(alert.app_proto == (port == 853 ? "doq" : "doh"));
    }
}

TEST_CASE("where no offer was seen, the home's resolver is the one inside, unless more devices ask the one outside") {
    for (const int others_outside : {0, 1}) {
        Core core{{}, signatures()};
        ask(core, tv, "8.8.8.8", 9);
        for (int i = 0; i < others_outside; ++i) ask(core, end("192.168.1.60"), "8.8.8.8", 1);
        CHECK(core.alerts().empty());
        ask(core, end("192.168.1.50"), "192.168.1.1", 1, 20);
        ask(core, tv, "8.8.8.8", 9, 30);
        CHECK(alerts(core, "unusual-resolver").size() == (others_outside == 0 ? 1 : 0));
    }
}

TEST_CASE("what goes past nobody") {
    Core core{{}, signatures()};
    offer(core, "192.168.1.1,9.9.9.9");
    SUBCASE("a resolver that the home offers, also when it is asked in another way") {
        ask(core, tv, "9.9.9.9", 20);
        core.apply("s", encrypted("9.9.9.9", 853));
        core.apply("s", hello("dns.quad9.net"));
        core.apply("s", encrypted("149.112.112.112", 443));
    }
    SUBCASE("who resolves for others asks outside by trade") { ask(core, end("192.168.1.1", 40000), "8.8.8.8", 20); }
    SUBCASE("what several devices use is the home's choice") {
        for (int i = 0; i < 2; ++i) ask(core, end("192.168.1.5" + std::to_string(i)), "8.8.8.8", 1);
        ask(core, tv, "8.8.8.8", 20);
    }
    SUBCASE("somebody else at home") { ask(core, tv, "192.168.1.5", 20); }
    SUBCASE("a server elsewhere, and other names") {
        core.apply("s", encrypted("198.51.100.53", 443));
        core.apply("s", hello("www.example.org"));
        core.apply("s", hello("notcloudflare-dns.com"));
    }
    SUBCASE("a hello that nobody answered") {
        auto unanswered = hello("mozilla.cloudflare-dns.com");
        unanswered.version = 0;
        core.apply("s", unanswered);
    }
    SUBCASE("an IPv6 resolver that may well be the home's own") { ask(core, end("fd00::40"), "2001:db8::53", 20); }
    CHECK(core.alerts().empty());
}

TEST_CASE("public resolvers are read strictly, and a name stands for those below it") {
    const auto& resolvers = signatures()->resolvers();
    REQUIRE(resolvers.at(ip("1.1.1.1")) != nullptr);
    CHECK(resolvers.at(ip("1.1.1.1"))->operated_by == "Cloudflare");
    CHECK(resolvers.at(ip("192.0.2.1")) == nullptr);
    CHECK(resolvers.named("mozilla.cloudflare-dns.com") == resolvers.at(ip("1.0.0.1")));
    CHECK(resolvers.named("cloudflare-dns.com.example") == nullptr);
    CHECK(resolvers.named("com") == nullptr);
    CHECK(resolvers.named("") == nullptr);
}
