#include "sensor/open_questions.hpp"
#include "packets_by_hand.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace linnet;
using namespace linnet::test;

namespace {

constexpr Side device{"192.168.1.23", 3072}, resolver{"192.168.1.1", 53};
const MacAddress its_mac = mac("02:00:00:00:00:01");

/// RFC 1035, section 4.1: id, flags, one question, and no records. `type` and class in two bytes each.
std::string message(const std::string& id, const std::string& flags, const std::string& type = std::string("\0\1\0\1", 4)) {
    return id + flags + std::string("\0\1\0\0\0\0\0\0", 8) + std::string("\x03WWW\x06maker1\x03org\0", 16) + type;
}
const std::string recursion{"\x01\0", 2}, answered{"\x81\x80", 2};

struct Table {
    OpenQuestions questions{};
    std::vector<DeviceHint> told{};
    OpenQuestions::Tell tell = [this](DeviceHint&& hint) { told.push_back(std::move(hint)); };

    void ask(double seconds, const std::string& bytes, Side from = device, Side to = resolver) {
        Packet packet = udp(seconds, from, to, bytes);
        packet.src_mac = its_mac;
        REQUIRE(OpenQuestions::wants(packet));
        questions.note(packet, packet.at);
    }
    std::size_t told_at(double seconds) {
        questions.advance(at(seconds), tell);
        return told.size();
    }
};

}  // namespace

TEST_CASE("a question without an answer is told after five seconds, once") {
    Table table;
    table.ask(1, message("AB", recursion));
    CHECK(table.told_at(5.9) == 0);
    REQUIRE(table.told_at(6) == 1);
    CHECK(table.told[0] == DeviceHint{at(1), its_mac, ip("192.168.1.23"), "dns", "question", "www.maker1.org"});
    CHECK(table.told_at(60) == 1);
}

TEST_CASE("what was answered is not told; the answer is to that device, port and number") {
    Table table;
    table.ask(1, message("AB", recursion));
    table.ask(1.1, message("AB", answered), resolver, device);
    CHECK(table.told_at(60) == 0);
    table.ask(61, message("AB", recursion));
    table.ask(62, message("AC", answered), resolver, device);
    table.ask(62, message("AB", answered), resolver, {"192.168.1.23", 3073});
    table.ask(62, message("AB", answered), resolver, {"192.168.1.24", 3072});
    CHECK(table.told_at(70) == 1);
}

TEST_CASE("asking again is the same question; at the end those that wait are told") {
    Table table;
    table.ask(1, message("AB", recursion));
    table.ask(2, message("AB", recursion));
    table.ask(3, message("AC", recursion));
    table.questions.flush(table.tell);
    CHECK(table.told.size() == 2);
    table.questions.flush(table.tell);
    CHECK(table.told.size() == 2);
}

TEST_CASE("only questions for addresses, of devices at home; whatever is cut off is none") {
    Table table;
    for (const std::string& type : {std::string("\0\x0c\0\1", 4), std::string("\0\1\0\3", 4), std::string("\0\xff\0\1", 4)})
        table.ask(1, message("AB", recursion, type));       // PTR, CHAOS, ANY
    table.ask(1, message("AB", std::string("\x28\0", 2)));  // an update (RFC 2136)
    table.ask(1, message("AB", answered));                  // a response that goes the wrong way
    table.ask(1, message("AB", recursion), {"203.0.113.9", 3072});
    const std::string whole = message("AB", recursion);
    for (std::size_t size = 0; size < whole.size(); ++size) table.ask(1, whole.substr(0, size));
    CHECK(table.told_at(60) == 0);
    for (const std::string& type : {std::string("\0\x1c\0\1", 4), std::string("\0\x41\0\1", 4)})  // AAAA, HTTPS
        table.ask(61, message(type.substr(0, 2), recursion, type));
    CHECK(table.told_at(70) == 2);
}

TEST_CASE("a flood of questions pushes each other out, and nothing is told of what was pushed out") {
    Table table;
    for (int i = 0; i < 10'000; ++i) {
        const std::string id{static_cast<char>(i & 0xFF), static_cast<char>(i >> 8)};
        table.ask(1, message(id, recursion));
    }
    CHECK(table.told_at(60) == OpenQuestions::most);
}
