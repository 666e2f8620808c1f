// QUIC's first packets: the example of RFC 9001, appendix A, and connections by hand.
#include "quic_bytes.hpp"
#include "sensor/dissectors/quic_hello.hpp"
#include "tests/sensor/hex.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

using namespace linnet;
using namespace linnet::test;
using namespace std::string_literals;

namespace {

std::string text_of(const std::vector<std::byte>& bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
std::string hex(std::string_view text) { return text_of(from_hex(text)); }
Bytes bytes(std::string_view text) { return std::as_bytes(std::span{text.data(), text.size()}); }

const QuicVersion quic_1{1, hex("38762cf7f55934b34d179ae6a4c80cadccbb7f0a"), "quic", 0};
const QuicVersion quic_2{0x6b3343cf, hex("0dede3def700a6db819381be6e269dcbf9bd2ed9"), "quicv2", 1};
const QuicVersion draft_29{0xff00001d, hex("afbfec289993d24c9e9786f19c6111e04390a899"), "quic", 0};
const QuicVersion draft_27{0xff00001b, hex("c3eef712c72ebb5a11a7d2432bb46365bef9f502"), "quic", 0};
const std::string id = hex("8394c8f03e515708");

/// Appendix A.2: the client's hello, with a server name, "alpn" and seven signature algorithms.
const std::string rfc_hello =
    hex("010000ed0303ebf8fa56f12939b9584a3896472ec40bb863cfd3e86804fe3a47f06a2b69484c00000413011302010000c000000010000e"
        "00000b6578616d706c652e636f6dff01000100000a00080006001d0017001800100007000504616c706e00050005010000000000330026"
        "0024001d00209370b2c9caa47fbabaf4559fedba753de171fa71f50f1ce15d43e994ec74d748002b0003020304000d0010000e04030503"
        "06030203080408050806002d00020101001c00024001003900320408ffffffffffffffff05048000ffff07048000ffff08011001048000"
        "75300901100f088394c8f03e51570806048000ffff");
/// Of "1301,1302" and of "0005,000a,000d,001c,002b,002d,0033,0039,ff01_0403,0503,0603,0203,0804,0805,0806".
constexpr auto rfc_ja4 = "q13d0211an_62ed6f6ca7ad_4d634acda6c0";

/// Appendix A.3: the server's hello.
const std::string rfc_answer =
    hex("020000560303eefce7f7b37ba1d1632e96677825ddf73988cfc79825df566dc5430b9a045a1200130100002e0033"
        "0024001d00209d3c940d89690b84d08a60993c144eca684d1081287c834d5311bcf32bb9da1a002b00020304");

std::string from_client(std::string frames, const QuicVersion& version = quic_1, std::string_view destination = id) {
    return sealed_initial(version, id, "client in", destination, "", 2, std::move(frames), 1200);
}
std::string from_server(std::string frames, const QuicVersion& version = quic_1) {
    return sealed_initial(version, id, "server in", "", "", 1, std::move(frames), 0);
}

/// What a conversation's datagrams tell, each in a buffer of exactly its size.
class Conversation {
 public:
    Conversation& client(const std::string& datagram) { return read(datagram, QuicSide::client); }
    Conversation& server(const std::string& datagram) { return read(datagram, QuicSide::server); }
    [[nodiscard]] const TlsHandshake& told() const { return hello_.handshake(); }
    [[nodiscard]] bool over() const { return over_; }
    [[nodiscard]] const StreamMemory& memory() const { return memory_; }

 private:
    Conversation& read(const std::string& datagram, QuicSide sender) {
        const std::vector<char> exact(datagram.begin(), datagram.end());
        if (!over_) over_ = hello_.read(std::as_bytes(std::span{exact}), sender);
        return *this;
    }
    StreamMemory memory_;
    QuicHello hello_{memory_};
    bool over_ = false;
};

}  // namespace

TEST_CASE("RFC 9001, appendix A: the packet as it is printed there, both hellos") {
    // The frame's offset has one byte there.
    const auto packet = from_client("\x06\x00"s + quic_number(rfc_hello.size()) + rfc_hello);
    CHECK(packet.starts_with(
        hex("c000000001088394c8f03e5157080000449e7b9aec34d1b1c98dd7689fb8ec11d242b123dc9bd8bab936b47d92ec356c")));
    CHECK(packet.ends_with(hex("e221af44860018ab0856972e194cd934")));
    Conversation quic;
    quic.client(packet);
    CHECK(quic.told().ja4 == rfc_ja4);
    CHECK(quic.told().sni == "example.com");
    CHECK(quic.told().alpn == "alpn");
    CHECK(quic.told().proto == Proto::udp);
    CHECK(quic.told().version == 0);
    CHECK_FALSE(quic.over());
    quic.server(from_server(hex("0200000000") + crypto_frame(0, rfc_answer)));
    CHECK(quic.over());
    CHECK(quic.told().version == 0x0304);
    CHECK(quic.told().cipher == 0x1301);
}

TEST_CASE("RFC 9001, appendix A.3: the server's packet to the last bit") {
    const auto printed =
        hex("cf000000010008f067a5502a4262b5004075c0d95a482cd0991cd25b0aac406a5816b6394100f37a1c69797554780bb38cc5a99f5ede4cf"
            "73c3ec2"
            "493a1839b3dbcba3f6ea46c5b7684df3548e7ddeb9c3bf9c73cc3f3bded74b562bfb19fb84022f8ef4cdd93795d77d06edbb7aaf2f58891"
            "850ab"
            "bdca3d20398c276456cbc42158407dd074ee");
    Conversation quic;
    quic.client(from_client(crypto_frame(0, rfc_hello))).server(printed);
    CHECK(quic.told().version == 0x0304);
    CHECK(quic.told().cipher == 0x1301);
}

TEST_CASE("every version that is known; others are none") {
    for (const auto& version : {quic_1, quic_2, draft_29, draft_27}) {
        CAPTURE(version.number);
        Conversation quic;
        quic.client(from_client(crypto_frame(0, rfc_hello), version));
        CHECK(quic.told().ja4 == rfc_ja4);
        quic.server(from_server(crypto_frame(0, rfc_answer), version));
        CHECK(quic.told().version == 0x0304);
    }
    for (const std::uint32_t number : {0xff000022U, 0xff000016U, 0xfaceb001U, 0xfaceb002U}) CHECK(is_known_quic(number));
    for (const std::uint32_t number : {0U, 2U, 0x0a0a0a0aU, 0xff000015U, 0xff000023U, 0x51303436U})
        CHECK_FALSE(is_known_quic(number));
    // The server may go over to another version that it shares with the client (RFC 9368).
    Conversation quic;
    quic.client(from_client(crypto_frame(0, rfc_hello))).server(from_server(crypto_frame(0, rfc_answer), quic_2));
    CHECK(quic.told().version == 0x0304);
}

TEST_CASE("a hello in pieces: several frames in any order, several packets, several in one datagram, among other frames") {
    const auto piece = [](std::size_t from, std::size_t size) { return crypto_frame(from, rfc_hello.substr(from, size)); };
    const auto acknowledgement = "\x02\x05\x00\x01\x00\x01\x02"s, with_counts = "\x03\x05\x00\x00\x00\x01\x02\x03"s,
               ping = "\x01"s;
    Conversation quic;
    SUBCASE("twelve frames from the last to the first") {
        std::string frames;
        for (std::size_t i = 12; i-- > 0;) frames += ping + piece(i * 21, 21) + std::string(3, '\0');
        quic.client(from_client(acknowledgement + with_counts + frames));
    }
    SUBCASE("two packets, the second one first; the later one bears the server's ID") {
        quic.client(from_client(piece(100, 200)));
        CHECK(quic.told().ja4.empty());
        quic.client(from_client(piece(0, 100), quic_1, "server's"));
    }
    SUBCASE("two packets in one datagram, and one of another kind before them") {
        const auto first = sealed_initial(quic_1, id, "client in", id, "", 0, piece(0, 100), 0);
        const auto zero_rtt = "\xd0"s + be(1, 4) + sized(1, id) + sized(1, "") + quic_number(50) + std::string(50, 'z');
        quic.client(zero_rtt + first + from_client(piece(100, 200)));
    }
    SUBCASE("what came first stays") {
        quic.client(from_client(piece(0, 150)));
        quic.client(from_client(crypto_frame(0, std::string(150, 'x')) + piece(140, 200)));
    }
    CHECK(quic.told().ja4 == rfc_ja4);
}

TEST_CASE("a Retry: the client begins anew, with a token and another connection ID") {
    const std::string chosen = "by server";
    Conversation quic;
    quic.client(from_client(crypto_frame(0, rfc_hello.substr(0, 100))));
    quic.client(
        sealed_initial(quic_1, chosen, "client in", chosen, std::string(60, 't'), 3, crypto_frame(0, rfc_hello), 1200));
    CHECK(quic.told().ja4 == rfc_ja4);
    quic.server(sealed_initial(quic_1, chosen, "server in", "", "", 0, crypto_frame(0, rfc_answer), 0));
    CHECK(quic.told().version == 0x0304);
}

TEST_CASE("what is no hello ends it, and so does patience") {
    SUBCASE("another message") {
        Conversation quic;
        quic.client(from_client(crypto_frame(0, "\x0b" + rfc_hello.substr(1))));
        CHECK(quic.over());
        CHECK(quic.told().ja4.empty());
    }
    SUBCASE("a hello longer than 4 KiB") {
        Conversation quic;
        quic.client(from_client(crypto_frame(0, "\x01\x00\x20\x00"s)));
        CHECK(quic.over());
    }
    SUBCASE("a server that says something else") {
        Conversation quic;
        quic.client(from_client(crypto_frame(0, rfc_hello))).server(from_server(crypto_frame(0, "\x01")));
        CHECK(quic.over());
        CHECK(quic.told().version == 0);
        CHECK(quic.told().ja4 == rfc_ja4);
    }
    SUBCASE("a client that never says it all; a server that cannot be read") {
        Conversation quic;
        for (unsigned i = 0; i < QuicHello::patience; ++i) quic.client(from_client(crypto_frame(9, "x")));
        CHECK_FALSE(quic.over());
        CHECK(quic.client(from_client(crypto_frame(9, "x"))).over());
        Conversation answered;
        answered.client(from_client(crypto_frame(0, rfc_hello)));
        for (unsigned i = 0; i <= QuicHello::patience; ++i) answered.server("handshake");
        CHECK(answered.over());
    }
    SUBCASE("frames far behind, and frames that no Initial packet holds") {
        Conversation quic;
        quic.client(from_client("\x06"s + hex("ffffffffffffffff") + quic_number(1) + "x" + crypto_frame(4095, "xy")));
        quic.client(from_client("\x08"s + crypto_frame(0, rfc_hello)));
        CHECK(quic.told().ja4.empty());
        CHECK(quic.client(from_client(crypto_frame(0, rfc_hello))).told().ja4 == rfc_ja4);
    }
}

TEST_CASE("only what a client may begin with begins: size, form, version, kind") {
    const auto packet = from_client(crypto_frame(0, rfc_hello));
    REQUIRE(packet.size() == 1200);
    CHECK(QuicHello::begins_with(bytes(packet)));
    CHECK_FALSE(QuicHello::begins_with(bytes(packet).first(1199)));
    for (const auto& [at, value] : {std::pair{0, '\x40'}, {0, '\xf0'}, {4, '\x02'}, {5, '\x15'}}) {
        auto other = packet;
        other[static_cast<std::size_t>(at)] = value;
        CHECK_FALSE(QuicHello::begins_with(bytes(other)));
    }
}

TEST_CASE("no cut and no changed bit tells anything wrong") {
    const auto packet = from_client(crypto_frame(0, rfc_hello));
    const auto tells_nothing = [](const std::string& datagram) {
        Conversation quic;
        return quic.client(datagram).told().ja4.empty();
    };
    for (std::size_t size = 0; size < packet.size(); ++size) REQUIRE(tells_nothing(packet.substr(0, size)));
    for (std::size_t at = 0; at < packet.size(); ++at) {
        auto changed = packet;
        changed[at] = static_cast<char>(changed[at] ^ 0x10);
        REQUIRE(tells_nothing(changed));
    }
}

TEST_CASE("it counts its memory, and gives it back") {
    StreamMemory memory;
    CHECK(QuicHello::has_room(memory));
    {
        const QuicHello one{memory};
        CHECK(memory.used == sizeof(QuicHello));
        memory.limit = 2 * sizeof(QuicHello) - 1;
        CHECK_FALSE(QuicHello::has_room(memory));
    }
    CHECK(memory.used == 0);
}
