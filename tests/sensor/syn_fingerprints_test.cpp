#include "sensor/syn_fingerprints.hpp"
#include "hex.hpp"
#include "packets_by_hand.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace linnet;
using namespace linnet::test;

namespace {

constexpr Side phone{"192.168.1.20", 40'000}, server{"203.0.113.9", 443};
const Endpoint client{ip("192.168.1.20"), {40'000}, mac("02:00:00:00:00:01")};

/// What a SYN with these options gives, and again with what stands behind each of their bytes cut off.
std::string form_of(std::string_view options, std::uint8_t ttl = 64, std::uint16_t window = 65'535) {
    const auto bytes = from_hex(options);
    std::string text;
    for (std::size_t size = 0; size <= bytes.size(); ++size) {
        const std::vector<std::byte> exact(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
        Packet syn = tcp(1, phone, server, tcp_flag::syn, 1000);
        syn.ttl = ttl;
        syn.tcp.window = window;
        syn.tcp.options = exact;
        SynFingerprints forms;
        forms.note(syn);
        text = forms.completed(FlowKey::of(syn), client, at(2)).value().value;
    }
    return text;
}

}  // namespace

TEST_CASE("TTL, window, MSS, scale, and the options in their order") {
    CHECK(form_of("020405b4 0402 080a0000000100000000 01 030308") == "64:65535:1460:8:MSTNW");
    CHECK(form_of("020405b4 01 030306 01 01 080a0000000100000000 0402 00 00") == "64:65535:1460:6:MNWNNTSE");
    CHECK(form_of("020405b4 01 030308 01 01 0402", 128, 64'240) == "128:64240:1460:8:MNWNNS");
    CHECK(form_of("", 255, 5'840) == "255:5840:0:-:");
    CHECK(form_of("02040218 2202 fd02", 250) == "255:65535:536:-:MFU");
}

TEST_CASE("routers on the way do not change it") {
    for (const auto& [seen, first] : {std::pair{1, "32"}, {32, "32"}, {33, "64"}, {63, "64"}, {100, "128"}, {200, "255"}})
        CHECK(form_of("", static_cast<std::uint8_t>(seen)).starts_with(std::string{first} + ":"));
}

TEST_CASE("lengths that lie end the list; more options than any system sends are cut") {
    CHECK(form_of("0201ff") == "64:65535:0:-:M");
    CHECK(form_of("0200") == "64:65535:0:-:M");
    CHECK(form_of("03ff00") == "64:65535:0:-:W");
    CHECK(form_of("030202 0402") == "64:65535:0:-:WM");  // no value: then "02" is the next kind
    CHECK(form_of(std::string(80, '0').replace(0, 80, [] {
              std::string noops;
              for (int i = 0; i < 40; ++i) noops += "01";
              return noops;
          }())) == "64:65535:0:-:NNNNNNNNNNNNNNNN");
}

TEST_CASE("once for each connection, and only for those that were noted") {
    SynFingerprints forms;
    const Packet syn = tcp(1, phone, server, tcp_flag::syn, 1000);
    forms.note(syn);
    CHECK_FALSE(forms.completed(FlowKey::of(tcp(1, {"192.168.1.20", 40'001}, server, tcp_flag::syn)), client, at(2)));
    const auto hint = forms.completed(FlowKey::of(syn), client, at(2));
    REQUIRE(hint);
    CHECK(hint->source == "tcp");
    CHECK(hint->key == "syn");
    CHECK(hint->mac == client.mac);
    CHECK(hint->ip == client.ip);
    CHECK(hint->at == at(2));
    CHECK_FALSE(forms.completed(FlowKey::of(syn), client, at(3)));
}
