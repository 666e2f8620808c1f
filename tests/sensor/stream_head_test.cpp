#include "sensor/stream_head.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace linnet;

namespace {

Bytes bytes(std::string_view text) { return std::as_bytes(std::span{text.data(), text.size()}); }

struct Head {
    StreamMemory memory;
    StreamHead head{memory};
    explicit Head(std::uint32_t base = 1000) { head.begin_at(base); }
    void put(std::uint32_t sequence, std::string_view text) { head.insert(sequence, bytes(text)); }
    [[nodiscard]] std::string text() const { return std::string{head.contiguous()}; }
};

}  // namespace

TEST_CASE("segments in order are read in order") {
    Head s;
    s.put(1000, "USER ");
    s.put(1005, "anna\r\n");
    CHECK(s.text() == "USER anna\r\n");
}

TEST_CASE("a segment that comes too early waits until the hole before it is filled") {
    Head s;
    s.put(1005, "anna\r\n");
    CHECK(s.text().empty());
    s.put(1000, "USER ");
    CHECK(s.text() == "USER anna\r\n");
}

TEST_CASE("several holes are filled in any order") {
    Head s;
    s.put(1008, "89");
    s.put(1004, "45");
    s.put(1000, "01");
    CHECK(s.text() == "01");
    s.put(1006, "67");
    CHECK(s.text() == "01");
    s.put(1002, "23");
    CHECK(s.text() == "0123456789");
}

TEST_CASE("what came first stays: an overlapping retransmission cannot rewrite it") {
    // Ptacek and Newsham, 1998: a sensor that lets later bytes win can be shown something else than the server reads.
    Head s;
    s.put(1000, "PASS x");
    s.put(1002, "ZZZZ\r\n");
    CHECK(s.text() == "PASS x\r\n");

    Head early;
    early.put(1003, "d");
    early.put(1000, "abcXe");
    CHECK(early.text() == "abcde");
}

TEST_CASE("a segment that spans islands fills only what is missing") {
    Head s;
    s.put(1002, "c");
    s.put(1005, "f");
    s.put(1000, "ABXDEYGH");
    CHECK(s.text() == "ABcDEfGH");
}

TEST_CASE("sequence numbers wrap around") {
    Head s{0xfffffffeU};
    s.put(0xfffffffeU, "ab");
    s.put(0, "cd");
    CHECK(s.text() == "abcd");
}

TEST_CASE("bytes from before the beginning are cut off, a keep-alive adds nothing") {
    Head s;
    s.put(998, "zzab");
    s.put(999, "z");
    CHECK(s.text() == "ab");
}

TEST_CASE("without a SYN, the first segment seen is the beginning") {
    StreamMemory memory;
    StreamHead head{memory};
    head.insert(77'000, bytes("middle"));
    CHECK(head.contiguous() == "middle");
}

TEST_CASE("only the first 4096 bytes are kept") {
    Head s;
    s.put(1000, std::string(4000, 'a'));
    s.put(5000, std::string(200, 'b'));
    CHECK(s.text().size() == 4096);
    CHECK(s.head.full());
    s.put(5200, "c");
    CHECK(s.text().size() == 4096);
}

TEST_CASE("a lost segment: nothing is given up before the receiver acknowledged bytes behind the hole") {
    Head s;
    s.put(1000, "USER anna\r\n");
    s.put(1021, "LIST\r\n");  // ten bytes are missing

    SUBCASE("the acknowledgement covers only what was seen: the segment may still come") {
        s.head.give_up_before(1011);
        s.put(1011, "PASS abc\r\n");
        CHECK(s.text() == "USER anna\r\nPASS abc\r\nLIST\r\n");
    }
    SUBCASE("the receiver has everything: it will not be sent again, and offsets stay true") {
        s.head.give_up_before(1027);
        CHECK(s.text() == "USER anna\r\n" + std::string(10, '\0') + "LIST\r\n");
    }
}

TEST_CASE("an acknowledgement that overtakes its segment loses nothing") {
    Head s;
    s.head.give_up_before(1005);
    s.put(1000, "hello");
    CHECK(s.text() == "hello");
}

TEST_CASE("more holes than it can remember: the segment is dropped, a retransmission is welcome") {
    Head s;
    for (std::uint32_t i = 1; i <= 6; ++i) s.put(1000 + 10 * i, "x");
    s.put(1000, std::string(10, 'a'));
    CHECK(s.text() == std::string(10, 'a') + "x");
}

TEST_CASE("memory is counted and bounded") {
    StreamMemory memory{.limit = 512};
    {
        StreamHead one{memory}, two{memory}, three{memory};
        one.begin_at(0);
        two.begin_at(0);
        three.begin_at(0);
        one.insert(0, bytes("a"));
        two.insert(0, bytes("b"));
        CHECK(memory.used == 512);
        three.insert(0, bytes("c"));
        CHECK(three.contiguous().empty());
    }
    CHECK(memory.used == 0);
}

TEST_CASE("a stream that begins anew behind what was read goes on in the same memory") {
    Head s;
    s.put(1000, "first request|second");
    s.head.drop_before(14);
    CHECK(s.text() == "second");
    s.put(1020, " goes on");
    CHECK(s.text() == "second goes on");
}

TEST_CASE("it may begin anew at bytes that have not been seen yet: what comes before them is passed over") {
    // A long body fills the head; what follows it is at offset 10,000.
    Head s;
    s.put(1000, std::string(4096, 'b'));
    CHECK(s.head.full());
    s.head.drop_before(10'000);
    CHECK(s.text().empty());
    s.put(5096, std::string(1460, 'b'));
    CHECK(s.text().empty());
    s.put(10'900, std::string(100, 'b') + "next");
    CHECK(s.text() == "next");
}

TEST_CASE("a full head still knows how far the stream has come") {
    Head s;
    s.put(1000, std::string(4000, 'a'));
    CHECK(s.head.reach() == 4000);
    s.put(5000, std::string(1000, 'a'));
    s.put(6000, std::string(1000, 'a'));
    CHECK(s.text().size() == 4096);
    CHECK(s.head.reach() == 6000);
}
