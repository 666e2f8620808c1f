// The published examples of each function.
#include "sensor/crypto.hpp"
#include "tests/sensor/hex.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstring>
#include <string>
#include <vector>

using namespace linnet;
using namespace linnet::test;

namespace {

template <std::size_t Size>
std::array<std::uint8_t, Size> array_of(std::string_view hex) {
    const auto bytes = from_hex(hex);
    REQUIRE(bytes.size() == Size);
    std::array<std::uint8_t, Size> array{};
    std::memcpy(array.data(), bytes.data(), Size);
    return array;
}

std::string hex_of(std::span<const std::uint8_t> bytes) {
    std::string text;
    for (const auto byte : bytes) text += fmt::format("{:02x}", byte);
    return text;
}

}  // namespace

TEST_CASE("SHA-256: FIPS 180-4's examples") {
    CHECK(hex_of(sha256("")) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(hex_of(sha256("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("HKDF: RFC 9001, appendix A.1") {
    const auto salt = array_of<20>("38762cf7f55934b34d179ae6a4c80cadccbb7f0a");
    const auto connection = from_hex("8394c8f03e515708");
    const auto initial = extract_secret(salt, connection);
    CHECK(hex_of(initial) == "7db5df06e7a69e432496adedb00851923595221596ae2ae9fb8115c1e9ed0a44");
    Digest client{};
    expand_label(initial, "client in", client);
    CHECK(hex_of(client) == "c00cf151ca5be075ed0ebfb5c80323c42d6b7db67881289af4008f1f6c357aea");
    AesKey key{};
    expand_label(client, "quic key", key);
    CHECK(hex_of(key) == "1f369613dd76d5467730efcbe3b1a22d");
    GcmNonce iv{};
    expand_label(client, "quic iv", iv);
    CHECK(hex_of(iv) == "fa044b2f42a3fd3b46fb255c");
}

TEST_CASE("AES-128: FIPS 197, appendix C.1") {
    const auto sealed =
        encrypt_block(array_of<16>("000102030405060708090a0b0c0d0e0f"), array_of<16>("00112233445566778899aabbccddeeff"));
    CHECK(hex_of(sealed) == "69c4e0d86a7b0430d8cdb78070b4c55a");
}

TEST_CASE("AES-128-GCM: test case 4 of McGrew and Viega's specification") {
    const auto key = array_of<16>("feffe9928665731c6d6a8f9467308308");
    const auto nonce = array_of<12>("cafebabefacedbaddecaf888");
    const auto associated = array_of<20>("feedfacedeadbeeffeedfacedeadbeefabaddad2");
    auto sealed = from_hex(
        "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa05"
        "1ba30b396a0aac973d58e091"
        "5bc94fbc3221a5db94fae95ae7121a47");
    std::vector<std::uint8_t> opened(sealed.size() - 16);
    const auto opens = [&] { return open_sealed(key, nonce, associated, sealed, opened); };
    REQUIRE(opens());
    CHECK(hex_of(opened) ==
          "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525"
          "b16aedf5aa0de657ba637b39");
    SUBCASE("one bit is another") {
        sealed[17] ^= std::byte{1};
        CHECK_FALSE(opens());
    }
    SUBCASE("the tag is cut") {
        sealed.resize(15);
        opened.clear();
        CHECK_FALSE(opens());
    }
}
