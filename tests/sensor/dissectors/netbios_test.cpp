// NetBIOS names, and the announcements of the network neighbourhood.
#include "datagrams.hpp"
#include "sensor/dissectors.hpp"
#include "tests/sensor/frames_by_hand.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace linnet;
using namespace linnet::test;
using namespace std::string_literals;

namespace {

std::string padded(std::string text, std::size_t size, char with) {
    text.resize(size, with);
    return text;
}

/// RFC 1001, section 14.1.
std::string name(const std::string& text, char usage) {
    std::string letters;
    for (const char c : padded(text, 15, ' ') + usage) {
        const auto byte = static_cast<unsigned char>(c);
        letters += {static_cast<char>('A' + (byte >> 4)), static_cast<char>('A' + (byte & 15))};
    }
    return "\x20" + letters + '\0';
}

/// RFC 1002, section 4.2.2; the opcode stands in the flags.
std::string registration(const std::string& text, char usage, unsigned name_flags, unsigned flags = 0x2910,
                         std::string_view of = "192.168.1.30") {
    return u16(1) + u16(flags) + u16(1) + u16(0) + u16(0) + u16(1) + name(text, usage) + u16(0x20) + u16(1) + "\xC0\x0C" +
           u16(0x20) + u16(1) + u32(300'000) + u16(6) + u16(name_flags) + address(of);
}
std::string answer(const std::string& text, char usage, unsigned type, const std::string& data, unsigned flags = 0x8500) {
    return u16(1) + u16(flags) + u16(0) + u16(1) + u16(0) + u16(0) + name(text, usage) + u16(type) + u16(1) + u32(0) +
           u16(static_cast<unsigned>(data.size())) + data;
}
Hints told(const std::string& payload) {
    return hints_in(netbios_names, udp(1, {"192.168.1.30", 137}, {"192.168.1.255", 137}, payload));
}

struct Announcement {
    char command = 1;
    std::string name = "LAURA", comment = "in the attic";
    std::string_view origin = "192.168.1.30", slot = "\\MAILSLOT\\BROWSE";
    unsigned signature = 0x55AA;  // as the bytes AA 55 read from the left, here the other way round
};

/// [MS-BRWS], section 2.2.1, in an SMB transaction ([MS-MAIL], section 2.2.1) in a datagram (RFC 1002, section 4.4.2).
std::string datagram(const Announcement& a) {
    const std::string browse = std::string{a.command} + "\x03" + "\x80\xA9\x03\x00"s + padded(a.name, 16, '\0') +
                               "\x06\x01" + "\x03\x96\x01\x00"s + "\x0F\x01" + u16(a.signature) + a.comment + '\0';
    const std::string slot = std::string{a.slot} + '\0';
    const auto le = [](std::size_t n) { return std::string{static_cast<char>(n & 255), static_cast<char>(n >> 8)}; };
    const std::size_t at = 32 + 1 + 34 + 2 + slot.size();
    const std::string words = le(0) + le(browse.size()) + le(0) + le(0) + "\0\0"s + le(0) + std::string(4, '\0') + le(0) +
                              le(0) + le(at) + le(browse.size()) + le(at) + "\x03\0"s + le(1) + le(1) + le(2);
    const std::string smb =
        "\xFFSMB\x25" + std::string(27, '\0') + "\x11" + words + le(slot.size() + browse.size()) + slot + browse;
    return "\x11\x02"s + u16(7) + address(a.origin) + u16(138) + u16(0) + u16(0) + name("LAURA", '\0') +
           name("HOME", '\x1D') + smb;
}
Hints announced(const Announcement& a) {
    return hints_in(smb_browser, udp(1, {"192.168.1.30", 138}, {"192.168.1.255", 138}, datagram(a)));
}

}  // namespace

TEST_CASE("NetBIOS: what a computer registers, refreshes and releases is its own name and its workgroup") {
    for (const unsigned flags : {0x2910U, 0x4010U, 0x4810U, 0x3010U, 0x7910U}) {
        CAPTURE(flags);
        CHECK(told(registration("LAURA", '\0', 0, flags)) == Hints{"netbios hostname=LAURA"});
    }
    CHECK(told(registration("LAURA", '\x20', 0x6000)) == Hints{"netbios hostname=LAURA"});
    CHECK(told(registration("HOME", '\0', 0x8000)) == Hints{"netbios workgroup=HOME"});
    CHECK(told(registration("HOME", '\x1E', 0xE000)) == Hints{"netbios workgroup=HOME"});
}

TEST_CASE("NetBIOS: names of people, of roles, of others, and questions") {
    CHECK(told(registration("LAURA SMITH", '\x03', 0)).empty());
    CHECK(told(registration("\x01\x02__MSBROWSE__\x02", '\x01', 0x8000)).empty());
    CHECK(told(registration("HOME", '\x1D', 0)).empty());
    CHECK(told(registration("LAURA", '\0', 0, 0x2910, "192.168.1.31")).empty());
    CHECK(told(registration("LAURA", '\0', 0, 0x0110)).empty());  // a query
    auto wrong_letter = registration("LAURA", '\0', 0);
    wrong_letter[13] = 'Q';
    CHECK(told(wrong_letter).empty());
}

TEST_CASE("NetBIOS: an answer to a query, and the list of a computer's names") {
    CHECK(told(answer("LAURA", '\0', 0x20, u16(0) + address("192.168.1.30"))) == Hints{"netbios hostname=LAURA"});
    CHECK(told(answer("LAURA", '\0', 0x20, u16(0) + address("192.168.1.31"))).empty());
    CHECK(told(answer("LAURA", '\0', 0x20, u16(0) + address("192.168.1.30"), 0x8503)).empty());
    const auto entry = [](const std::string& text, char usage, unsigned flags) {
        return padded(text, 15, ' ') + usage + u16(flags);
    };
    const std::string list =
        "\x03" + entry("LAURA", '\0', 0x0400) + entry("HOME", '\0', 0x8400) + entry("ANNA", '\x03', 0x0400);
    CHECK(told(answer("*", '\0', 0x21, list, 0x8400)).empty());  // the name asked for is filled up with zeros, not blanks
    auto padded_with_zeros = answer("X", '\0', 0x21, list + std::string(46, '\0'), 0x8400);
    CHECK(told(padded_with_zeros) == Hints{"netbios hostname=LAURA", "netbios workgroup=HOME"});
}

TEST_CASE("network neighbourhood: a computer announces its name, system, roles and comment") {
    const Hints laura{"smb hostname=LAURA", "smb os-version=6.1", "smb server-type=0x00019603", "smb comment=in the attic"};
    CHECK(announced({}) == laura);
    CHECK(announced({.command = 15}) == laura);
    CHECK(announced({.command = 12, .name = "HOME"}) == Hints{"netbios workgroup=HOME"});
}

TEST_CASE("network neighbourhood: what is none") {
    CHECK(announced({.command = 8}).empty());
    CHECK(announced({.origin = "192.168.1.31"}).empty());
    CHECK(announced({.slot = "\\MAILSLOT\\NET\\NETLOGON"}).empty());
    CHECK(announced({.signature = 0x1234}).empty());
}
