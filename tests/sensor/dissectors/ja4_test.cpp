// JA4 by FoxIO's specification: its own examples, and hellos of which the hashed text was written down by hand (the digests
// are those of `printf TEXT | sha256sum`).
#include "sensor/dissectors/ja4.hpp"
#include "tls_bytes.hpp"

#include <doctest/doctest.h>

#include <initializer_list>

using namespace linnet;
using namespace linnet::test;
using namespace std::string_literals;

namespace {

std::string numbers(std::initializer_list<unsigned> values) {
    std::string list;
    for (const auto value : values) list += be(value, 2);
    return list;
}

/// The body of a hello as read_client_hello() is handed it.
std::string hello_body(std::string_view ciphers, std::string_view extensions, std::uint16_t version = 0x0303) {
    return be(version, 2) + random_bytes + sized(1, "") + sized(2, ciphers) + sized(1, std::string(1, '\0')) +
           sized(2, extensions);
}

std::string ja4_of(const std::string& body, Ja4Transport transport = Ja4Transport::tcp) {
    const auto hello = read_client_hello(body);
    REQUIRE(hello);
    return ja4(*hello, transport);
}

std::string versions(std::initializer_list<unsigned> values) { return extension(43, sized(1, numbers(values))); }
std::string algorithms(std::initializer_list<unsigned> values) { return extension(13, sized(2, numbers(values))); }

/// What stands before the first underscore.
std::string first_part(const std::string& extensions, std::uint16_t version = 0x0303) {
    return ja4_of(hello_body(numbers({0x1301}), extensions, version)).substr(0, 10);
}

}  // namespace

TEST_CASE("the example of the specification, with GREASE wherever a client puts it") {
    const auto ciphers = numbers({0x3a3a, 0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc013,
                                  0xc014, 0x009c, 0x009d, 0x002f, 0x0035});
    const auto signatures = algorithms({0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601});
    std::string extensions = extension(0x7a7a, "") + extension(0x001b, "") + server_name("a.example") +
                             extension(0x0033, "") + protocols("h2") + extension(0x4469, "") + extension(0x0017, "") +
                             versions({0x8a8a, 0x0304, 0x0303});
    for (const auto type : {0x0005U, 0x0023U, 0x0012U, 0x002dU, 0xff01U, 0x000bU, 0x000aU, 0x0015U})
        extensions += extension(type, "");
    SUBCASE("as it is") {
        extensions += signatures + extension(0x1a1a, "");
        CHECK(ja4_of(hello_body(ciphers, extensions)) == "t13d1516h2_8daaf6152771_e5627efa2ab1");
        CHECK(ja4_of(hello_body(ciphers, extensions), Ja4Transport::quic) == "q13d1516h2_8daaf6152771_e5627efa2ab1");
    }
    SUBCASE("without algorithms, the text has no underscore at its end") {
        extensions += extension(13, sized(2, ""));
        CHECK(ja4_of(hello_body(ciphers, extensions)) == "t13d1516h2_8daaf6152771_6d807ffa2a79");
    }
}

TEST_CASE("algorithms stay in their order, ciphers and extensions do not") {
    // "002f,1301", "000a,000d_0804,0403" and "000a,000d_0403,0804"
    const auto some = extension(10, "") + algorithms({0x0804, 0x0403});
    CHECK(ja4_of(hello_body(numbers({0x1301, 0x002f}), some)) == "t12i020200_84cdcbea686c_0fc99f9789f0");
    CHECK(ja4_of(hello_body(numbers({0x002f, 0x1301}), algorithms({0x0804, 0x0403}) + extension(10, ""))) ==
          "t12i020200_84cdcbea686c_0fc99f9789f0");
    CHECK(ja4_of(hello_body(numbers({0x002f, 0x1301}), algorithms({0x0403, 0x0804}) + extension(10, ""))) ==
          "t12i020200_84cdcbea686c_4e0be11b965e");
}

TEST_CASE("what is not there is zeros: ciphers, extensions; server name and ALPN alone are none") {
    CHECK(ja4_of(hello_body("", "")) == "t12i000000_000000000000_000000000000");
    CHECK(ja4_of(hello_body(numbers({0x0a0a}), extension(0xfafa, ""))) == "t12i000000_000000000000_000000000000");
    CHECK(ja4_of(hello_body("", server_name("x.example") + protocols("h2"))) == "t12d0002h2_000000000000_000000000000");
    const auto old = be(0x0300, 2) + random_bytes + sized(1, "") + sized(2, numbers({0x000a})) + sized(1, "\0"s);
    CHECK(ja4_of(old) == "ts3i010000_a8f3e973773c_000000000000");  // "000a"
}

TEST_CASE("the version is the newest that is offered, or the field where there is no list") {
    CHECK(first_part("", 0x0301) == "t10i010000");
    CHECK(first_part("", 0x0302) == "t11i010000");
    CHECK(first_part(versions({0x0303, 0x0304, 0x0302})) == "t13i010100");
    CHECK(first_part(versions({0x0302, 0x0301})) == "t11i010100");
    CHECK(first_part(versions({0xfafa})) == "t12i010100");  // no version at all
    CHECK(first_part(versions({0x0305})) == "t00i010100");
    TlsClientHello hello{.version = 0xfefd};
    CHECK(ja4(hello, Ja4Transport::dtls).substr(0, 3) == "dd2");
    hello.version = 0xfeff;
    CHECK(ja4(hello, Ja4Transport::dtls).substr(0, 3) == "dd1");
    const auto offered = numbers({0xfefd, 0xfefc});
    hello.versions = offered;
    CHECK(ja4(hello, Ja4Transport::dtls).substr(0, 3) == "dd3");
}

TEST_CASE("a server name makes it a domain, even an empty one") {
    CHECK(first_part(extension(0, "")) == "t12d010100");
    CHECK(first_part(extension(1, "")) == "t12i010100");
}

TEST_CASE("ALPN: the ends of the first value, or of its hexadecimal digits") {
    const auto ends = [](const std::string& value) { return first_part(protocols(value)).substr(8); };
    CHECK(ends("h2") == "h2");
    CHECK(ends("http/1.1") == "h1");
    CHECK(ends("Zz9") == "Z9");
    CHECK(ends("c") == "cc");
    CHECK(ends("") == "00");
    CHECK(ends("\xab") == "ab");
    CHECK(ends("\xab\xcd") == "ad");
    CHECK(ends("0\xab") == "3b");
    CHECK(ends("01\xab\xcd") == "3d");
    CHECK(ends("0\xab\xcd"
               "1") == "01");
    CHECK(ends("-x") == "28");
    CHECK(first_part(extension(16, sized(2, sized(1, "h3") + sized(1, "h2")))).substr(8) == "h3");
    CHECK(first_part(extension(16, "")).substr(8) == "00");
}

TEST_CASE("counts stop at 99; half a cipher at the end is none") {
    std::string ciphers, extensions;
    for (unsigned i = 1; i <= 100; ++i) {
        ciphers += be(i, 2);
        extensions += extension(100 + i, "");
    }
    CHECK(ja4_of(hello_body(ciphers, extensions)).substr(0, 10) == "t12i999900");
    CHECK(ja4_of(hello_body(numbers({0x1301}) + "\x13", "")).substr(0, 10) == "t12i010000");
}
