// TLS: what the hellos agreed on, the server's certificates, and whether the client went on.
#include "dialogue_checks.hpp"
#include "sensor/dissectors.hpp"
#include "sensor/dissectors/certificate_mud_url.hpp"
#include "sensor/dissectors/tls_hello.hpp"
#include "sensor/dissectors/tls_record.hpp"
#include "tls_bytes.hpp"

#include <doctest/doctest.h>

#include <optional>

using namespace linnet;
using namespace linnet::test;
using namespace std::string_view_literals;
using namespace std::string_literals;

namespace {

struct Seen {
    std::optional<TlsHandshake> hello;
    std::optional<Certificate> certificate;
};

Seen seen_in(const Notes& notes) {
    Seen seen;
    REQUIRE(notes.events.size() <= 2);
    for (const auto& event : notes.events) {
        if (const auto* hello = std::get_if<TlsHandshake>(&event)) seen.hello = *hello;
        if (const auto* certificate = std::get_if<Certificate>(&event)) seen.certificate = *certificate;
    }
    return seen;
}

/// However much has arrived, what is told is the beginning of what is told in the end.
Seen seen(const Dialogue& dialogue) {
    check_every_prefix(tls, dialogue);
    const auto whole = dialogue.read(tls).events;
    for (std::size_t bytes = 0; bytes <= dialogue.size(); ++bytes) {
        CAPTURE(bytes);
        const auto part = dialogue.read(tls, bytes, Dialogue::End::open).events;
        REQUIRE(part.size() <= whole.size());
        for (std::size_t i = 0; i < part.size(); ++i) CHECK(part[i] == whole[i]);
    }
    return seen_in(dialogue.read(tls));
}

/// In the end, the client's hello is told, and nothing of a server.
bool nothing_agreed_on(const Dialogue& dialogue) {
    const auto found = dialogue.read(tls).events;
    return found == std::vector<Event>{TlsHandshake{.sni = "cam.example", .ja4 = "t12d0202h2_84cdcbea686c_000000000000"}};
}

const std::string hello = record(handshake, client_hello(server_name("cam.example") + protocols("h2")), 0x0301);
const std::string chain = certificate({"leaf", "issuer"});

}  // namespace

TEST_CASE("TLS 1.2: version, cipher, names; the client that sends data has accepted the certificates") {
    Dialogue dialogue{8443};
    dialogue.client(hello);
    dialogue.server(record(handshake, server_hello(0x0303, 0xc02f, protocols("h2")) + chain + server_hello_done));
    dialogue.client(client_finished());
    SUBCASE("it sends data") {
        dialogue.server(record(change_cipher_spec, "\x01") + record(handshake, "finished"));
        dialogue.client(record(application_data, "GET"));
        const auto found = seen(dialogue);
        REQUIRE(found.hello);
        CHECK(found.hello->version == 0x0303);
        CHECK(found.hello->cipher == 0xc02f);
        CHECK(found.hello->sni == "cam.example");
        CHECK(found.hello->alpn == "h2");
        CHECK(found.hello->ja4 == "t12d0202h2_84cdcbea686c_000000000000");  // "002f,1301", and no other extensions
        REQUIRE(found.certificate);
        CHECK(found.certificate->outcome == Outcome::success);
        CHECK(found.certificate->sni == "cam.example");
        CHECK(found.certificate->version == 0x0303);
        CHECK(found.certificate->chain == std::vector<Der>{{"leaf"}, {"issuer"}});
    }
    SUBCASE("it sends an alert, which cannot be read any more") {
        dialogue.client(record(alert, "encrypted"));
        CHECK(seen(dialogue).certificate->outcome == Outcome::failure);
    }
    SUBCASE("nothing more was seen") { CHECK(seen(dialogue).certificate->outcome == Outcome::unknown); }
}

TEST_CASE("a client that refuses says so before it finishes; having no certificate of its own is no refusal") {
    Dialogue dialogue{443};
    dialogue.client(hello).server(record(handshake, server_hello(0x0301, 5) + chain + server_hello_done, 0x0301));
    SUBCASE("bad certificate") {
        dialogue.client(record(alert, "\x02\x2a"));
        CHECK(seen(dialogue).certificate->outcome == Outcome::failure);
        CHECK(seen(dialogue).hello->version == 0x0301);
    }
    SUBCASE("no certificate (SSL 3.0)") {
        dialogue.client(record(alert, "\x01\x29") + client_finished() + record(application_data, "x"));
        CHECK(seen(dialogue).certificate->outcome == Outcome::success);
    }
    SUBCASE("data before the change of cipher is no data") {
        dialogue.client(record(application_data, "x"));
        CHECK(seen(dialogue).certificate->outcome == Outcome::unknown);
    }
}

TEST_CASE("TLS 1.3 is told by supported_versions, drafts included, and hides its certificates") {
    Dialogue dialogue{443};
    SUBCASE("RFC 8446") {
        dialogue.client(hello).server(record(handshake, server_hello(0x0303, 0x1301, extension(43, be(0x0304, 2)))));
    }
    SUBCASE("draft 28") {
        dialogue.client(hello).server(record(handshake, server_hello(0x0303, 0x1301, extension(43, be(0x7f1c, 2)))));
    }
    SUBCASE("draft 18: no session, no compression") {
        dialogue.client(hello).server(
            record(handshake, message(2, be(0x7f12, 2) + random_bytes + be(0x1301, 2) + sized(2, ""))));
    }
    dialogue.server(record(change_cipher_spec, "\x01") + record(application_data, "encrypted certificates"));
    dialogue.client(record(change_cipher_spec, "\x01") + record(application_data, "x"));
    const auto found = seen(dialogue);
    REQUIRE(found.hello);
    CHECK(found.hello->version == 0x0304);
    CHECK(found.hello->cipher == 0x1301);
    CHECK_FALSE(found.certificate);
}

TEST_CASE("handshake messages may be cut into many records, and a resumed session shows no certificate") {
    const std::string flight = server_hello(0x0302, 0x002f) + chain + server_hello_done;
    std::string records;
    for (std::size_t i = 0; i < flight.size(); i += 7) records += record(handshake, flight.substr(i, 7), 0x0302);
    const auto cut =
        seen(Dialogue{443}.client(hello).server(records).client(client_finished() + record(application_data, "x")));
    REQUIRE(cut.certificate);
    CHECK(cut.certificate->chain.size() == 2);
    CHECK(cut.hello->version == 0x0302);
    Dialogue resumed{443};
    resumed.client(hello).server(record(handshake, server_hello(0x0302, 0x002f)) + record(change_cipher_spec, "\x01"));
    CHECK(seen(resumed).hello);
    CHECK_FALSE(seen(resumed).certificate);
}

TEST_CASE("TLS begins behind what another protocol said: STARTTLS and the like") {
    Dialogue dialogue{25};
    dialogue.server("220 mail\r\n")
        .client("EHLO me\r\n")
        .server("250 STARTTLS\r\n")
        .client("STARTTLS\r\n")
        .server("220 go\r\n");
    dialogue.client(hello).server(record(handshake, server_hello(0x0301, 0x0005) + chain));
    dialogue.client(client_finished() + record(application_data, "x"));
    const auto found = seen_in(dialogue.read(tls));
    REQUIRE(found.hello);
    CHECK(found.hello->version == 0x0301);
    CHECK(found.hello->sni == "cam.example");
    CHECK(found.certificate->outcome == Outcome::success);
}

TEST_CASE("OpenVPN over TCP carries TLS in packets of its own") {
    const auto packet = [](int operation, std::string_view acks, std::string_view payload) {
        std::string fields = static_cast<char>(operation << 3) + std::string(8, 's');
        fields += static_cast<char>(acks.size() / 4);
        if (!acks.empty()) fields += std::string{acks} + std::string(8, 'r');
        return sized(2, fields + be(1, 4) + std::string{payload});
    };
    const auto answer = record(handshake, server_hello(0x0301, 0x0039) + chain + server_hello_done, 0x0301);
    Dialogue dialogue{1194};
    dialogue.client(packet(7, "", "")).server(packet(8, be(0, 4), ""));
    dialogue.client(packet(4, be(0, 4), hello));
    for (std::size_t i = 0; i < answer.size(); i += 20)
        dialogue.server(packet(4, i == 0 ? be(0, 4) + be(1, 4) : "", answer.substr(i, 20)));
    dialogue.client(packet(4, "", client_finished() + record(application_data, "x")));
    const auto found = seen(dialogue);
    REQUIRE(found.certificate);
    CHECK(found.hello->version == 0x0301);
    CHECK(found.certificate->chain.size() == 2);
    CHECK(found.certificate->outcome == Outcome::success);
}

TEST_CASE("one direction, or the middle, tells what it can") {
    Dialogue server_only{443};
    server_only.server(record(handshake, server_hello(0x0301, 0x000a) + chain + server_hello_done, 0x0301));
    CHECK(seen(server_only).hello->version == 0x0301);
    CHECK(seen(server_only).certificate->outcome == Outcome::unknown);
    Dialogue certificate_only{443};
    certificate_only.server(record(handshake, chain, 0x0302));
    CHECK_FALSE(seen(certificate_only).hello);
    CHECK(seen(certificate_only).certificate->version == 0x0302);
    Dialogue without_hellos{443};
    without_hellos.server(record(handshake, chain, 0x0302)).client(client_finished() + record(application_data, "x"));
    CHECK(seen(without_hellos).certificate->outcome == Outcome::success);
    const auto client_only = Dialogue{443}.client(hello);
    CHECK(nothing_agreed_on(client_only));
    CHECK(client_only.read(tls, client_only.size(), Dialogue::End::open).events.empty());
    CHECK(
        Dialogue{443}.client(record(application_data, "x")).server(record(application_data, "y")).read(tls).events.empty());
}

TEST_CASE("SSL 2.0: its hellos, and its form of hello for later versions") {
    const std::string ciphers = "\x01\x00\x80"s, challenge(16, 'c'), connection(16, 'i');
    const auto ssl2 = [](std::string_view body) { return be(0x8000 | body.size(), 2) + std::string{body}; };
    const auto old_hello = [&](std::uint16_t version) {
        return ssl2('\x01' + be(version, 2) + be(3, 2) + be(0, 2) + be(16, 2) + ciphers + challenge);
    };
    const std::string answer =
        ssl2("\x04\x00\x01"s + be(2, 2) + be(4, 2) + be(3, 2) + be(16, 2) + "leaf" + ciphers + connection);
    const auto found = seen(Dialogue{443}.client(old_hello(2)).server(answer));
    REQUIRE(found.hello);
    CHECK(found.hello->version == 2);
    CHECK(found.certificate->chain == std::vector<Der>{{"leaf"}});
    Dialogue later{443};
    later.client(old_hello(0x0301)).server(record(handshake, server_hello(0x0300, 0x0004) + chain, 0x0300));
    later.client(client_finished() + record(application_data, "x"));
    CHECK(seen(later).hello->version == 0x0300);
    CHECK(seen(later).certificate->outcome == Outcome::success);
}

TEST_CASE("what only looks like TLS says nothing") {
    CHECK(nothing_agreed_on(Dialogue{443}.client(hello).server("HTTP/1.1 400 Bad Request\r\n")));
    CHECK(nothing_agreed_on(Dialogue{443}.client(hello).server(record(handshake, server_hello(0x0401, 1)))));
    CHECK(nothing_agreed_on(Dialogue{443}.client(hello).server(record(handshake, "\x02\xff\xff\xff\x03\x03"))));
    CHECK(Dialogue{443}.client(hello.substr(0, hello.size() - 1)).read(tls).events.empty());
    // A chain whose lengths lie gives what is whole in it.
    const std::string lie = message(11, be(100, 3) + sized(3, "leaf") + be(90, 3) + "short");
    const auto found =
        seen_in(Dialogue{443}.client(hello).server(record(handshake, server_hello(0x0303, 5) + lie)).read(tls));
    CHECK(found.certificate->chain == std::vector<Der>{{"leaf"}});
}

TEST_CASE("a chain keeps to its limits") {
    const auto long_chain = certificate(std::vector<std::string>(20, "der"));
    const auto found =
        seen_in(Dialogue{443}.client(hello).server(record(handshake, server_hello(0x0303, 5) + long_chain)).read(tls));
    CHECK(found.certificate->chain.size() == Certificate::max_chain);
}

TEST_CASE("the client's hello gives all that a fingerprint needs") {
    const auto whole = client_hello(server_name("a.example") + protocols("http/1.1") +
                                    extension(43, sized(1, be(0x0304, 2) + be(0x0303, 2))) +
                                    extension(13, sized(2, be(0x0403, 2))) + extension(0x0a0a, ""));
    const auto read = read_client_hello(std::string_view{whole}.substr(4));
    REQUIRE(read);
    CHECK(read->version == 0x0303);
    CHECK(read->ciphers == be(0x1301, 2) + be(0x002f, 2));
    CHECK(read->sni == "a.example");
    CHECK(read->alpn == "http/1.1");
    CHECK(read->versions == be(0x0304, 2) + be(0x0303, 2));
    CHECK(read->signature_algorithms == be(0x0403, 2));
    std::vector<int> types;
    TlsExtensions extensions{read->extensions};
    while (const auto extension = extensions.next()) types.push_back(extension->type);
    CHECK(types == std::vector<int>{0, 16, 43, 13, 0x0a0a});
}

TEST_CASE("a hello in the middle of other bytes has to fit in all its lengths") {
    CHECK(is_tls_hello(hello));
    CHECK_FALSE(is_tls_hello(record(application_data, client_hello(""))));
    CHECK_FALSE(is_tls_hello(record(handshake, message(1, "short"))));
    CHECK(find_tls_hello("220 go\r\n" + hello, TlsMessageType::client_hello) == 8);
    CHECK_FALSE(find_tls_hello("220 go\r\n" + hello, TlsMessageType::server_hello));
    CHECK_FALSE(find_tls_hello("\x16\x03\x16\x03\x01\xff\xff\x01"sv, TlsMessageType::client_hello));
}

namespace {

/// RFC 8520, section 11, between what else a certificate holds.
std::string with_mud_url(const std::string& url, const std::string& critical = "") {
    const std::string text = '\x16' + sized(1, url);
    return "before" + "\x06\x08\x2b\x06\x01\x05\x05\x07\x01\x19"s + critical + '\x04' + sized(1, text) + "behind";
}
const std::string lamp_url = "https://maker.example/lamp.json";

}  // namespace

TEST_CASE("the MUD URL of a certificate: its extension, critical or not, of a length in one byte or in two") {
    CHECK(mud_url_in(with_mud_url(lamp_url)) == lamp_url);
    CHECK(mud_url_in(with_mud_url(lamp_url, "\x01\x01\xff"s)) == lamp_url);
    const std::string long_url = lamp_url + std::string(120, 'x');
    const std::string text = "\x16\x81"s + sized(1, long_url);
    CHECK(mud_url_in("\x06\x08\x2b\x06\x01\x05\x05\x07\x01\x19\x04\x81"s + sized(1, text)) == long_url);
    CHECK(mud_url_in("\x06\x08\x2b\x06\x01\x05\x05\x07\x01\x19\x04\x02\x0c\x00"s).empty());   // another kind of text
    CHECK(mud_url_in("\x06\x08\x2b\x06\x01\x05\x05\x07\x01\x1a\x04\x03\x16\x01x"s).empty());  // its signer (section 11)
    CHECK(mud_url_in("").empty());
    const std::string whole = with_mud_url(lamp_url).substr(0, 6 + 10 + 4 + lamp_url.size());
    for (std::size_t size = 0; size < whole.size(); ++size) CHECK(mud_url_in(std::string{whole, 0, size}).empty());
}

TEST_CASE("a device at home that shows a certificate with a MUD URL, as server or as client, names it") {
    const std::string certificate_request = message(13, "\1\1"s + sized(2, "") + sized(2, ""));
    for (const bool by_client : {false, true}) {
        CAPTURE(by_client);
        Dialogue dialogue{8883};
        dialogue.client(hello);
        dialogue.server(record(handshake, server_hello(0x0303, 0xc02f) +
                                              certificate({by_client ? "leaf" : with_mud_url(lamp_url)}) +
                                              certificate_request + server_hello_done));
        dialogue.client(record(handshake, certificate({by_client ? with_mud_url(lamp_url) : "leaf"})) + client_finished() +
                        record(application_data, "x"));
        check_every_prefix(tls, dialogue);
        const auto events = dialogue.read(tls).events;
        REQUIRE(events.size() == 3);
        const auto& hint = std::get<DeviceHint>(events[1]);
        CHECK(hint.ip == IpAddress::parse(by_client ? "192.168.1.20" : "192.168.1.30"));
        CHECK(hint.source == "tls");
        CHECK(hint.key == "mud-url");
        CHECK(hint.value == lamp_url);
        CHECK(std::get<Certificate>(events[2]).outcome == Outcome::success);
    }
}
