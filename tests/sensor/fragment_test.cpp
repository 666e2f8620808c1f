// Datagrams in fragments (RFC 791 section 3.2, RFC 8200 section 4.5), and what is done to those who abuse them.
#include "packet_bytes.hpp"

#include <doctest/doctest.h>

using namespace linnet;
using namespace linnet::test;
using namespace std::chrono_literals;

namespace {

// A UDP datagram of 8 + 20 bytes in three fragments: 16, 8 and 4 bytes. Offsets are in units of 8 bytes.
const std::string first = "c0 00 00 35 00 1c 00 00 61 62 63 64 65 66 67 68", second = "69 6a 6b 6c 6d 6e 6f 70",
                  third = "71 72 73 74";
constexpr auto alphabet = "abcdefghijklmnopqrst";
constexpr std::size_t more = 0x2000;

std::string fragment(const std::string& data, std::size_t flags_and_offset, std::size_t id = 7) {
    return ethernet("08 00", Ipv4{.payload = data, .id = id, .flags_and_offset = flags_and_offset}.hex());
}

std::string fragment6(const std::string& data, std::size_t offset_and_more, const std::string& before = "",
                      std::size_t next = 44) {
    return ethernet("86 dd",
                    Ipv6{.payload = before + "11 00" + u16(offset_and_more) + "00 00 00 07" + data, .next = next}.hex());
}

}  // namespace

TEST_CASE("Fragments in order, and in any other order, give the datagram and its ports") {
    const std::string a = fragment(first, more | 0), b = fragment(second, more | 2), c = fragment(third, 3);
    for (const auto& order : {std::vector{a, b, c}, std::vector{c, b, a}, std::vector{b, a, c}, std::vector{c, a, b}}) {
        TestDecoder test;
        CHECK(test.decode(order[0]) == Decoded::held);
        CHECK(test.decode(order[1]) == Decoded::held);
        REQUIRE(test.decode(order[2]) == Decoded::packet);
        CHECK(test.packet.dst_port.number == 53);
        CHECK(text_of(test.packet.payload) == alphabet);
        CHECK(test.packet.wire_length == 3 * 34 + 16 + 8 + 4);
        CHECK(test.decoder.counters().fragments == 3);
        CHECK(test.decoder.counters().fragments_dropped == 0);

        // What later stages see is a whole packet: its length is right, and it is no fragment any more.
        REQUIRE(test.packet.ip_packet.size() == 48);
        CHECK(text_of(test.packet.ip_packet.subspan(2, 2)) == std::string("\x00\x30", 2));
        CHECK(text_of(test.packet.ip_packet.subspan(6, 2)) == std::string("\x00\x00", 2));
    }
}

TEST_CASE("IPv6 fragments, also behind another extension header") {
    for (const std::string before : {"", "2c 00 01 04 00 00 00 00"}) {
        const std::size_t next = before.empty() ? 44 : 60;
        TestDecoder test;
        CHECK(test.decode(fragment6(third, 24, before, next)) == Decoded::held);
        CHECK(test.decode(fragment6(first, 0 | 1, before, next)) == Decoded::held);
        REQUIRE(test.decode(fragment6(second, 16 | 1, before, next)) == Decoded::packet);
        CHECK(test.packet.proto == Proto::udp);
        CHECK(test.packet.dst_port.number == 53);
        CHECK(text_of(test.packet.payload) == alphabet);
    }
}

TEST_CASE("A fragment that is the whole datagram needs no waiting (RFC 6946)") {
    TestDecoder test;
    REQUIRE(test.decode(fragment6(udp_data, 0)) == Decoded::packet);
    CHECK(text_of(test.packet.payload) == "data");
    CHECK(test.decoder.counters().fragments == 0);
}

TEST_CASE("The same fragment twice is no harm: a mirror port may show it so") {
    TestDecoder test;
    CHECK(test.decode(fragment(first, more | 0)) == Decoded::held);
    CHECK(test.decode(fragment(first, more | 0)) == Decoded::held);
    CHECK(test.decode(fragment(second, more | 2)) == Decoded::held);
    REQUIRE(test.decode(fragment(third, 3)) == Decoded::packet);
    CHECK(text_of(test.packet.payload) == alphabet);
}

TEST_CASE("Fragments that overlap condemn their datagram, and what comes after them (RFC 5722)") {
    TestDecoder test;
    CHECK(test.decode(fragment(first, more | 0)) == Decoded::held);
    SUBCASE("from the left") { CHECK(test.decode(fragment(second, more | 1)) == Decoded::held); }
    SUBCASE("the same place, other bytes") { CHECK(test.decode(fragment(repeat("58", 16), more | 0)) == Decoded::held); }
    SUBCASE("from the right") {
        CHECK(test.decode(fragment(third, 3)) == Decoded::held);
        CHECK(test.decode(fragment(repeat("58", 16), more | 2)) == Decoded::held);
        CHECK(test.decoder.counters().fragments_dropped == 3);
        return;
    }
    CHECK(test.decode(fragment(second, more | 2)) == Decoded::held);
    CHECK(test.decode(fragment(third, 3)) == Decoded::held);
    CHECK(test.decoder.counters().fragments == 4);
    CHECK(test.decoder.counters().fragments_dropped == 4);
}

TEST_CASE("Two ends of one datagram, and a piece behind its end, are contradictions") {
    TestDecoder test;
    CHECK(test.decode(fragment(third, 3)) == Decoded::held);
    SUBCASE("another end") { CHECK(test.decode(fragment(third, 2)) == Decoded::held); }
    SUBCASE("a piece behind it") { CHECK(test.decode(fragment(second, more | 5)) == Decoded::held); }
    CHECK(test.decoder.counters().fragments_dropped == 2);
}

TEST_CASE("An end before pieces that came already is a contradiction") {
    TestDecoder test;
    CHECK(test.decode(fragment(second, more | 5)) == Decoded::held);
    CHECK(test.decode(fragment(third, 3)) == Decoded::held);
    CHECK(test.decoder.counters().fragments_dropped == 2);
}

TEST_CASE("Fragments that no sender may send") {
    TestDecoder test;
    CHECK(test.decode(fragment(third, more | 0)) == Decoded::malformed);  // not a multiple of 8 bytes, and not the last
    CHECK(test.decode(fragment("", 3)) == Decoded::malformed);            // nothing in it
    CHECK(test.decode(fragment6(third, 1)) == Decoded::malformed);
    // Behind byte 65535: the "ping of death". It is dropped and counted like an overlap.
    CHECK(test.decode(fragment(repeat("58", 16), 0x1fff)) == Decoded::held);
    CHECK(test.decoder.counters().fragments_dropped == 1);
}

TEST_CASE("Fragments of other datagrams are kept apart: by number, and by protocol") {
    TestDecoder test;
    CHECK(test.decode(fragment(first, more | 0, 7)) == Decoded::held);
    CHECK(test.decode(fragment(second, more | 2, 8)) == Decoded::held);
    CHECK(test.decode(fragment(third, 3, 7)) == Decoded::held);
    CHECK(test.decode(fragment(second, more | 2, 7)) == Decoded::packet);
    CHECK(test.decoder.counters().fragments_dropped == 0);
}

TEST_CASE("A datagram has 30 seconds of packet time, from its first fragment on") {
    const auto complete_after = [](Duration time, TestDecoder& test) {
        test.decode(fragment(first, more | 0), DLT_EN10MB, Timestamp{1000s});
        test.decode(fragment(second, more | 2), DLT_EN10MB, Timestamp{1000s});
        return test.decode(fragment(third, 3), DLT_EN10MB, Timestamp{1000s} + time);
    };
    TestDecoder in_time, too_late, in_the_past;
    CHECK(complete_after(30s, in_time) == Decoded::packet);
    CHECK(complete_after(30s + 1us, too_late) == Decoded::held);
    CHECK(too_late.decoder.counters().fragments_dropped == 2);
    CHECK(complete_after(-31s, in_the_past) == Decoded::held);
    CHECK(in_the_past.decoder.counters().fragments_dropped == 2);
}

TEST_CASE("When there are too many unfinished datagrams the oldest goes") {
    TestDecoder test{DecoderLimits{.max_fragmented = 2}};
    CHECK(test.decode(fragment(first, more | 0, 1)) == Decoded::held);
    CHECK(test.decode(fragment(first, more | 0, 2)) == Decoded::held);
    CHECK(test.decoder.counters().fragments_dropped == 0);
    CHECK(test.decode(fragment(first, more | 0, 3)) == Decoded::held);
    CHECK(test.decoder.counters().fragments_dropped == 1);
    CHECK(test.decode(fragment(second, more | 2, 2)) == Decoded::held);
    CHECK(test.decode(fragment(third, 3, 2)) == Decoded::packet);
}

TEST_CASE("When unfinished datagrams are too large together the oldest goes, and one that is too large alone does, too") {
    TestDecoder test{DecoderLimits{.max_fragment_bytes = 4000}};
    const std::string large = repeat("41", 1480);
    CHECK(test.decode(fragment(large, more | 0, 1)) == Decoded::held);
    CHECK(test.decode(fragment(large, more | 0, 2)) == Decoded::held);
    CHECK(test.decoder.counters().fragments_dropped == 0);
    CHECK(test.decode(fragment(large, more | 0, 3)) == Decoded::held);
    CHECK(test.decoder.counters().fragments_dropped == 1);

    TestDecoder alone{DecoderLimits{.max_fragment_bytes = 1000}};
    CHECK(alone.decode(fragment(large, more | 0, 1)) == Decoded::held);
    CHECK(alone.decoder.counters().fragments_dropped == 1);
}

TEST_CASE("Finished and dropped datagrams leave their room to others") {
    TestDecoder test{DecoderLimits{.max_fragmented = 4, .max_fragment_bytes = 2000}};
    for (std::size_t id = 0; id < 20; ++id) {
        CAPTURE(id);
        const std::string eight = "c0 00 00 35 03 f0 00 00";
        CHECK(test.decode(fragment(eight + repeat("41", 992), more | 0, id)) == Decoded::held);
        if (id % 2 == 0) {
            CHECK(test.decode(fragment(repeat("42", 8), 125, id)) == Decoded::packet);
        } else {
            CHECK(test.decode(fragment(repeat("42", 8), more | 1, id)) == Decoded::held);  // overlaps
        }
    }
    CHECK(test.decoder.counters().fragments_dropped == 20);
}

TEST_CASE("A fragment that the capture cut short cannot be put together") {
    TestDecoder test;
    CHECK(test.decode_cut(fragment(first, more | 0), 14 + 20 + 12) == Decoded::held);
    CHECK(test.decode(fragment(second, more | 2)) == Decoded::held);
    CHECK(test.decode(fragment(third, 3)) == Decoded::held);
    CHECK(test.decoder.counters().fragments_dropped == 3);
}

TEST_CASE("Fragments in a tunnel that is itself in fragments") {
    // The inner datagram's second fragment is small; its first one, with 20 bytes of header, is cut in two by the outer.
    const std::string inner_first = Ipv4{.payload = first, .id = 9, .flags_and_offset = more}.hex();
    const std::string inner_rest = Ipv4{.payload = second + third, .id = 9, .flags_and_offset = 2}.hex();
    const auto outer = [](const std::string& data, std::size_t flags_and_offset, std::size_t id) {
        return Ipv4{.payload = data, .protocol = 4, .id = id, .flags_and_offset = flags_and_offset}.hex();
    };
    std::string digits;
    for (const char c : inner_first)
        if (c != ' ') digits += c;
    TestDecoder test;
    CHECK(test.decode(outer(digits.substr(0, 48), more | 0, 1), DLT_RAW) == Decoded::held);
    CHECK(test.decode(outer(digits.substr(48), 3, 1), DLT_RAW) == Decoded::held);
    REQUIRE(test.decode(outer(inner_rest, 0, 2), DLT_RAW) == Decoded::packet);
    CHECK(text_of(test.packet.payload) == alphabet);
}
