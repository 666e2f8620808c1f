// LLMNR: who answers to a name has it.
#include "datagrams.hpp"
#include "sensor/dissectors.hpp"
#include "tests/sensor/frames_by_hand.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace linnet;
using namespace linnet::test;
using namespace std::string_literals;

namespace {

std::string message(unsigned flags, unsigned answers, unsigned type) {
    const std::string name = "\x05laura\x00"s;
    return u16(7) + u16(flags) + u16(1) + u16(answers) + u16(0) + u16(0) + name + u16(type) + u16(1) + "\xC0\x0C" +
           u16(type) + u16(1) + u32(30) + u16(4) + address("192.168.1.30");
}
Hints told(const std::string& payload, std::uint16_t from = 5355) {
    return hints_in(llmnr, udp(1, {"192.168.1.30", from}, {"192.168.1.20", 50000}, payload));
}

}  // namespace

TEST_CASE("LLMNR: an answer is its sender's name, a question is not") {
    CHECK(told(message(0x8000, 1, 1)) == Hints{"llmnr hostname=laura"});
    CHECK(told(message(0x8000, 1, 28)) == Hints{"llmnr hostname=laura"});
    CHECK(told(message(0x0000, 0, 1)).empty());
    CHECK(told(message(0x8000, 0, 1)).empty());   // no answer
    CHECK(told(message(0x8100, 1, 1)).empty());   // tentative
    CHECK(told(message(0x8003, 1, 1)).empty());   // an error
    CHECK(told(message(0x8000, 1, 12)).empty());  // the name of an address
    CHECK(told(message(0x8000, 1, 1), 5356).empty());
}
