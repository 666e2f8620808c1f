// DNS answers by hand (RFC 1035, section 4.1).
#include "datagrams.hpp"
#include "dialogue_checks.hpp"
#include "sensor/dissectors.hpp"
#include "tests/sensor/frames_by_hand.hpp"

#include <doctest/doctest.h>

using namespace linnet;
using namespace linnet::test;
using namespace std::string_literals;

namespace {

const std::string name_of_site =
    "\x03www\x07"
    "Example\x03org\x00"s;  // at offset 12
const std::string same_name = "\xC0\x0C";

std::string header(unsigned flags, unsigned questions, unsigned answers) {
    return u16(0x1234) + u16(flags) + u16(questions) + u16(answers) + u16(0) + u16(0);
}
std::string question(const std::string& name, unsigned type = 1) { return name + u16(type) + u16(1); }
std::string record(const std::string& name, unsigned type, const std::string& data, unsigned its_class = 1) {
    return name + u16(type) + u16(its_class) + u32(300) + u16(static_cast<unsigned>(data.size())) + data;
}
std::string a(std::string_view ip) { return record(same_name, 1, address(ip)); }

Packet answer(std::string_view payload) { return udp(1, {"192.168.1.1", 53}, {"192.168.1.20", 40000}, payload); }

/// The one event of the message, after a sweep over all its beginnings.
NameBinding binding_of(const std::string& message) {
    sweep(dns, answer(message));
    const auto events = events_of(dns, answer(message));
    REQUIRE(events.size() == 1);
    return std::get<NameBinding>(events[0]);
}

bool is_silent(const std::string& message) { return events_of(dns, answer(message)).empty(); }

}  // namespace

TEST_CASE("DNS: name, type, addresses, who asked and who answered") {
    const auto binding = binding_of(header(0x8180, 1, 2) + question(name_of_site) + a("198.51.100.7") + a("198.51.100.8"));
    CHECK(binding == NameBinding{.at = at(1),
                                 .client = {ip("192.168.1.20"), {40000}, {}},
                                 .resolver = {ip("192.168.1.1"), {53}, {}},
                                 .name = "www.example.org",
                                 .type = 1,
                                 .rcode = 0,
                                 .addresses = {ip("198.51.100.7"), ip("198.51.100.8")}});
}

TEST_CASE("DNS: the addresses behind an alias, and IPv6 ones") {
    const std::string alias =
                          "\x03"
                          "cdn"
                          "\xC0\x10"s,
                      six = "\x20\x01\x0d\xb8" + std::string(11, '\0') + "\x07";
    const auto binding = binding_of(header(0x8180, 1, 3) + question(name_of_site, 28) + record(same_name, 5, alias) +
                                    record("\xC0\x2D"s, 28, six) + record("\xC0\x2D"s, 1, address("198.51.100.9")));
    CHECK(binding.type == 28);
    CHECK(binding.addresses == std::vector{ip("2001:db8::7"), ip("198.51.100.9")});
}

TEST_CASE("DNS: no such name, and answers of other kinds") {
    CHECK(binding_of(header(0x8183, 1, 0) + question(name_of_site)).rcode == 3);
    CHECK(
        binding_of(header(0x8180, 1, 1) + question(name_of_site, 16) + record(same_name, 16, "\x04text")).addresses.empty());
    CHECK(binding_of(header(0x8180, 1, 1) + question(name_of_site) + record(same_name, 1, address("1.2.3.4"), 3))
              .addresses.empty());
    CHECK(
        binding_of(header(0x8180, 1, 1) + question(name_of_site) + record(same_name, 1, "\x01\x02\x03")).addresses.empty());
    CHECK(binding_of(header(0x8180, 1, 0) + question("\x00"s)).name.empty());  // the root
}

TEST_CASE("DNS: at most sixteen addresses") {
    std::string message = header(0x8180, 1, 40) + question(name_of_site);
    for (int i = 0; i < 40; ++i) message += a("198.51.100." + std::to_string(i));
    CHECK(binding_of(message).addresses.size() == 16);
}

TEST_CASE("DNS: what a label holds cannot look like more labels or break a line") {
    CHECK(binding_of(header(0x8180, 1, 0) + question("\x05"
                                                     "a.b\n\xE9\x02"
                                                     "C \x00"s))
              .name == "a?b??.c?");
}

TEST_CASE("DNS: longest names") {
    std::string longest;
    for (int i = 0; i < 4; ++i) longest += "\x3D" + std::string(61, 'a');  // 4 * 62 bytes
    const auto with_last = [&](std::size_t size) {
        return header(0x8180, 1, 0) + question(longest + static_cast<char>(size) + std::string(size, 'b') + "\x00"s);
    };
    CHECK(binding_of(with_last(5)).name.size() == 253);
    CHECK(is_silent(with_last(6)));
}

TEST_CASE("DNS: pointers that lead forward, to themselves or in a circle end the reading") {
    CHECK(is_silent(header(0x8180, 1, 0) + question("\xC0\x0C"s)));
    CHECK(is_silent(header(0x8180, 1, 0) + question("\xC0\x20"s)));
    CHECK(is_silent(header(0x8180, 1, 0) + question("\x01"
                                                    "a\xC0\x0C"s)));
    CHECK(is_silent(header(0x8180, 1, 0) + question("\x80"
                                                    "a\x00"s)));
}

TEST_CASE("DNS: a record that runs over the end is left out with what follows, not what came before") {
    const auto whole = header(0x8180, 1, 2) + question(name_of_site) + a("198.51.100.7") + a("198.51.100.8");
    CHECK(binding_of(whole.substr(0, whole.size() - 1)).addresses == std::vector{ip("198.51.100.7")});
}

TEST_CASE("DNS: what is no answer to a question") {
    CHECK(is_silent(header(0x0100, 1, 0) + question(name_of_site)));  // a question
    CHECK(is_silent(header(0xA800, 1, 0) + question(name_of_site)));  // an update (RFC 2136)
    CHECK(is_silent(header(0x8180, 0, 1) + a("198.51.100.7")));
    CHECK(is_silent(header(0x8180, 2, 0) + question(name_of_site) + question(name_of_site)));
    const auto message = header(0x8180, 1, 1) + question(name_of_site) + a("198.51.100.7");
    CHECK(events_of(dns, udp(1, {"192.168.1.1", 5353}, {"192.168.1.20", 5353}, message)).empty());
    CHECK(events_of(dns, udp(1, {"192.168.1.20", 40000}, {"192.168.1.1", 53}, message)).empty());
}

TEST_CASE("DNS over TCP: each message behind its length, as soon as it is whole") {
    const auto framed = [](const std::string& message) { return u16(static_cast<unsigned>(message.size())) + message; };
    Dialogue dialogue{53};
    dialogue.client(framed(header(0x0100, 1, 0) + question(name_of_site)));
    dialogue.server(framed(header(0x8180, 1, 1) + question(name_of_site) + a("198.51.100.7")) +
                    framed(header(0x8183, 1, 0) + question(name_of_site, 28)));
    check_every_prefix(dns_over_tcp, dialogue);
    const auto notes = dialogue.read(dns_over_tcp);
    REQUIRE(notes.events.size() == 2);
    CHECK(std::get<NameBinding>(notes.events[0]).addresses == std::vector{ip("198.51.100.7")});
    CHECK(std::get<NameBinding>(notes.events[0]).resolver.port.number == 53);
    CHECK(std::get<NameBinding>(notes.events[1]).rcode == 3);
    CHECK(dialogue.read(dns_over_tcp, dialogue.size() - 1, Dialogue::End::closed).events.size() == 1);
}
