// Two programs that do not know each other yet (wire/pairing.hpp). The expected values were computed apart from this code,
// with Python's hashlib and Z85 written after RFC 32 of ZeroMQ.
#include "wire/pairing.hpp"

#include "wire/keys.hpp"

#include <doctest/doctest.h>

#include <set>

using namespace linnet;
using namespace linnet::pairing;

namespace {

const std::string host_key = "009c61o!#m2NH?C3>iWS5d]J*6CRx17-skh9337x";   // bytes 0 to 31
const std::string guest_key = "wmYv=xLzi%y&a6dAb/]tBAI+JCZjQZE0{D[FpSr8";  // bytes 100 to 131

Number filled(std::uint8_t with) {
    Number number{};
    number.fill(with);
    return number;
}

std::string hex(const Bytes& bytes) {
    std::string text;
    for (const auto byte : bytes) {
        constexpr std::string_view digits = "0123456789abcdef";
        text += digits[std::to_integer<unsigned>(byte) >> 4U];
        text += digits[std::to_integer<unsigned>(byte) & 15U];
    }
    return text;
}

struct Pair {
    Host host{host_key, filled(0x11)};
    Guest guest{guest_key, "attic", filled(0x22)};
};

}  // namespace

TEST_CASE("both get the other's key, and the same digits, by the published computation") {
    Pair p;
    const auto commitment = p.host.on_ask(p.guest.ask());
    REQUIRE(commitment);
    CHECK(hex(*commitment) ==
          "0102"
          "9205db2adfdeb4e7ab3150b58b77e22e4210b554fecf070146e8d9ccf077b75f");
    const auto offer = p.guest.on_commitment(*commitment);
    REQUIRE(offer);
    const auto reveal = p.host.on_offer(*offer);
    REQUIRE(reveal);
    REQUIRE(p.guest.on_reveal(*reveal));
    CHECK(p.host.guest_key() == guest_key);
    CHECK(p.guest.host_key() == host_key);
    CHECK(p.host.guest_name() == "attic");
    CHECK(p.host.digits() == "389071");
    CHECK(p.guest.digits() == "389071");
    CHECK(Guest::on_verdict(Host::verdict(true)) == true);
    CHECK(Guest::on_verdict(Host::verdict(false)) == false);
}

TEST_CASE("somebody in between has other digits on either side") {
    Pair honest;
    Host to_guest{KeyPair::make().public_key, filled(0x33)};
    Guest to_host{KeyPair::make().public_key, "attic", filled(0x44)};
    REQUIRE(honest.guest.on_reveal(
        to_guest.on_offer(honest.guest.on_commitment(to_guest.on_ask(honest.guest.ask()).value()).value()).value()));
    REQUIRE(to_host.on_reveal(
        honest.host.on_offer(to_host.on_commitment(honest.host.on_ask(to_host.ask()).value()).value()).value()));
    CHECK(honest.guest.digits() != honest.host.digits());
}

TEST_CASE("a host that reveals something else than it was bound to is found out") {
    for (const std::size_t byte : {2U, 33U, 34U, 65U}) {  // the first and the last of the key and of the number
        Pair p;
        auto reveal = p.host.on_offer(p.guest.on_commitment(p.host.on_ask(p.guest.ask()).value()).value()).value();
        reveal.at(byte) ^= std::byte{1};
        CHECK_FALSE(p.guest.on_reveal(reveal));
        CHECK(p.guest.digits().empty());
        CHECK(p.guest.host_key().empty());
    }
}

TEST_CASE("no message counts twice or out of turn: each would be a guess without a try") {
    Pair p;
    const auto early = Guest{guest_key, "attic", filled(1)}.on_commitment(p.host.on_ask(p.guest.ask()).value()).value();
    CHECK_FALSE(p.host.on_ask(p.guest.ask()));
    REQUIRE(p.host.on_offer(early));
    CHECK_FALSE(p.host.on_offer(early));
    Host fresh{host_key, filled(1)};
    CHECK_FALSE(fresh.on_offer(early));
}

TEST_CASE("what is cut, too long or of another kind is no message") {
    Pair p;
    const auto ask = p.guest.ask();
    const auto commitment = Host{host_key, filled(1)}.on_ask(ask).value();
    for (std::size_t size = 0; size < commitment.size(); ++size)
        CHECK_FALSE(Guest{guest_key, "attic", filled(1)}.on_commitment(std::span{commitment}.first(size)));
    CHECK_FALSE(p.host.on_ask(std::span{ask}.first(1)));
    CHECK_FALSE(p.host.on_ask(commitment));
    CHECK_FALSE(p.host.on_ask(Bytes(max_message + 1, std::byte{1})));
    CHECK_FALSE(p.host.on_ask(Guest{guest_key, "no such/name", filled(1)}.ask()));
    CHECK_FALSE(Guest::on_verdict(ask));
    CHECK_FALSE(Guest::on_verdict({}));
}

TEST_CASE("numbers come from the system and are never the same") {
    std::set<Number> seen;
    for (int i = 0; i < 100; ++i) seen.insert(random_number());
    CHECK(seen.size() == 100);
}
