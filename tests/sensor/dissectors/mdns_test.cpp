// Multicast DNS: who offers what under which name.
#include "datagrams.hpp"
#include "sensor/dissectors.hpp"
#include "tests/sensor/frames_by_hand.hpp"

#include <doctest/doctest.h>

#include <initializer_list>
#include <string>
#include <string_view>

using namespace linnet;
using namespace linnet::test;
using namespace std::string_literals;
using namespace std::string_view_literals;

namespace {

constexpr unsigned a = 1, ptr = 12, hinfo = 13, txt = 16, aaaa = 28, srv = 33, response = 0x8400, query = 0;

std::string name(std::initializer_list<std::string_view> labels) {
    std::string bytes;
    for (const auto label : labels) bytes += static_cast<char>(label.size()) + std::string{label};
    return bytes + '\0';
}

std::string record(const std::string& owner, unsigned type, const std::string& data) {
    return owner + u16(type) + u16(0x8001) + u32(120) + u16(static_cast<unsigned>(data.size())) + data;
}

struct Counts {
    unsigned questions = 0, answers = 0, authority = 0, additional = 0;
};

/// RFC 1035, section 4.1.1.
std::string message(unsigned flags, Counts counts, const std::string& rest) {
    return u16(0) + u16(flags) + u16(counts.questions) + u16(counts.answers) + u16(counts.authority) +
           u16(counts.additional) + rest;
}

Hints told(const std::string& payload, std::string_view from = "192.168.1.30") {
    return hints_in(mdns, udp(1, {from, 5353}, {"224.0.0.251", 5353}, payload));
}

const std::string hap = name({"_hap", "_tcp", "local"}), hall = name({"Hall", "_hap", "_tcp", "local"}),
                  lamp = name({"lamp", "local"});

std::string texts(std::initializer_list<std::string_view> pairs) {
    std::string bytes;
    for (const auto pair : pairs) bytes += static_cast<char>(pair.size()) + std::string{pair};
    return bytes;
}

}  // namespace

TEST_CASE("mDNS: an announcement names the host, what it offers and what it is") {
    const std::string answers =
        record(hap, ptr, hall) + record(hall, srv, u32(0) + u16(8080) + lamp) +
        record(hall, txt, texts({"md=BSB002", "CI=2", "id=AA:BB:CC:DD:EE:FF", "sn=123", "md", "=x"}));
    const std::string more = record(lamp, a, address("192.168.1.30")) + record(lamp, hinfo,
                                                                               "\x03"
                                                                               "ARM\x05LINUX");
    CHECK(told(message(response, {.answers = 3, .additional = 2}, answers + more)) ==
          Hints{"mdns hostname=lamp", "mdns service=_hap._tcp", "mdns instance=Hall._hap._tcp", "mdns txt.md=BSB002",
                "mdns txt.ci=2", "mdns hinfo=ARM LINUX"});
}

TEST_CASE("mDNS: names by way of pointers, subtypes, lists of services, and an instance with blanks, dots and capitals") {
    // At 12: "_printer._sub._HTTP._tcp.local"; "_HTTP._tcp.local" begins at 12 + 9 + 5 = 26.
    const std::string owner = name({"_printer", "_sub", "_HTTP", "_tcp", "local"});
    const std::string instance = "\x09My Mr. 2!\xC0\x1A"s;
    CHECK(told(message(response, {.answers = 1}, record(owner, ptr, instance))) ==
          Hints{"mdns service=_http._tcp", "mdns instance=My Mr. 2!._http._tcp"});
    const auto list = name({"_services", "_dns-sd", "_udp", "local"});
    CHECK(told(message(response, {.answers = 2},
                       record(list, ptr, hap) + record(list, ptr, name({"_ipp", "_tcp", "local"})))) ==
          Hints{"mdns service=_hap._tcp", "mdns service=_ipp._tcp"});
}

TEST_CASE("mDNS: the name that an address has; names that are no host's") {
    const auto reverse = name({"30", "1", "168", "192", "in-addr", "arpa"});
    CHECK(told(message(response, {.answers = 1}, record(reverse, ptr, lamp))) == Hints{"mdns hostname=lamp"});
    CHECK(told(message(response, {.answers = 1}, record(name({"lamp", "example"}), a, address("192.168.1.30")))).empty());
    CHECK(told(message(response, {.answers = 1},
                       record(name({"hap", "_tcp", "local"}), ptr, name({"x", "hap", "_tcp", "local"}))))
              .empty());
}

TEST_CASE("mDNS: a question says nothing of who asks; what it knows already is somebody else's; a probe is its own") {
    const std::string question = hap + u16(ptr) + u16(1);
    CHECK(told(message(query, {.questions = 1}, question)).empty());
    CHECK(told(message(query, {.questions = 1, .answers = 1}, question + record(hap, ptr, hall))).empty());
    const std::string probe = hall + u16(255) + u16(1);
    CHECK(told(message(query, {.questions = 1, .answers = 1, .authority = 1},
                       probe + record(hap, ptr, name({"Other", "_hap", "_tcp", "local"})) +
                           record(hall, srv, u32(0) + u16(80) + lamp))) ==
          Hints{"mdns service=_hap._tcp", "mdns instance=Hall._hap._tcp", "mdns hostname=lamp"});
}

TEST_CASE("mDNS: who passes on what others say is not what they are") {
    const auto with = [](const std::string& addresses, unsigned count, std::string_view from) {
        return told(message(response, {.answers = 1, .additional = count}, record(hap, ptr, hall) + addresses), from);
    };
    const std::string other = record(lamp, a, address("192.168.1.99")), own = record(lamp, a, address("192.168.1.30"));
    const std::string link_local = record(lamp, aaaa, "\xFE\x80"s + std::string(13, '\0') + "\x07");
    CHECK(with(other, 1, "192.168.1.30").empty());
    CHECK(with(other + own, 2, "192.168.1.30").size() == 3);
    CHECK(with(link_local, 1, "192.168.1.30").size() == 3);  // of another kind: says nothing either way
    CHECK(with(link_local, 1, "fe80::7").size() == 3);
    CHECK(with(link_local, 1, "fe80::8").empty());
}

TEST_CASE("mDNS: RAOP's kinds of data are no model; a stranger's text is made harmless") {
    const auto raop = name({"x", "_raop", "_tcp", "local"});
    CHECK(told(message(response, {.answers = 1}, record(raop, txt, texts({"md=0,1,2", "am=AppleTV5,3"})))) ==
          Hints{"mdns service=_raop._tcp", "mdns instance=x._raop._tcp", "mdns txt.am=AppleTV5,3"});
    CHECK(told(message(response, {.answers = 1}, record(name({"a\nb\xFF", "local"}), a, address("192.168.1.30")))) ==
          Hints{"mdns hostname=a\xEF\xBF\xBD"
                "b\xEF\xBF\xBD"});
}

TEST_CASE("mDNS: routers, storage and hubs tell their model under keys of their own; addresses and serial numbers stay") {
    const auto service = name({"x", "_dhnap", "_tcp", "local"});
    CHECK(
        told(message(response, {.answers = 1},
                     record(service, txt,
                            texts({"mac=02:00:00:00:00:01", "Model_Number=DIR-868L", "displaymodel=TS-1", "serial=77"})))) ==
        Hints{"mdns service=_dhnap._tcp", "mdns instance=x._dhnap._tcp", "mdns txt.model_number=DIR-868L",
              "mdns txt.displaymodel=TS-1"});
}

TEST_CASE("mDNS: what is no message of this kind, and a sender elsewhere") {
    const auto answer = record(hap, ptr, hall);
    CHECK(told(message(response | 0x0800, {.answers = 1}, answer)).empty());                // another opcode
    CHECK(told(message(response | 3, {.answers = 1}, answer)).empty());                     // an error
    CHECK(told(message(response, {.answers = 1}, record(hap, ptr, "\xC0\x0E"s))).empty());  // a pointer that leads forward
    const auto sent = [&](Side from, Side to) {
        return hints_in(mdns, udp(1, from, to, message(response, {.answers = 1}, answer)));
    };
    CHECK(sent({"203.0.113.9", 5353}, {"192.168.1.30", 40000}).empty());
    CHECK(sent({"192.168.1.30", 5353}, {"192.168.1.20", 40000}).size() == 2);
    CHECK(sent({"192.168.1.30", 5354}, {"224.0.0.251", 5353}).empty());
}

TEST_CASE("mDNS: more records than anybody needs") {
    std::string many;
    for (int i = 0; i < 500; ++i) many += record(name({"h" + std::to_string(i), "local"}), ptr, name({"h", "local"}));
    const auto payload = message(response, {.answers = 500}, many);
    CHECK(events_of(mdns, udp(1, {"192.168.1.30", 5353}, {"224.0.0.251", 5353}, payload)).size() == 128);
}
