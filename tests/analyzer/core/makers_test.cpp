#include "analyzer/makers.hpp"

#include <doctest/doctest.h>

#include <filesystem>

using namespace linnet;

namespace {

std::string_view maker(const Makers& makers, const char* mac) { return makers.of(MacAddress::parse(mac).value()); }

}  // namespace

TEST_CASE("the registry's lines are RFC 4180: quotes, commas and quotes inside") {
    Makers makers;
    makers.add_csv(
        "Registry,Assignment,Organization Name,Organization Address\r\n"
        "MA-L,B827EB,Raspberry Pi Foundation,Mitchell Wood House\r\n"
        "MA-L,001132,\"Synology, \"\"the\"\" Incorporated\",\"Two\r\nlines, one field\"\r\n"
        "MA-L,0017F2,Apple,1 Infinite Loop\r\n");
    makers.finish();
    CHECK(maker(makers, "b8:27:eb:00:00:23") == "Raspberry Pi Foundation");
    CHECK(maker(makers, "00:11:32:ff:ff:ff") == "Synology, \"the\" Incorporated");
    CHECK(maker(makers, "00:17:f2:00:00:00") == "Apple");
    CHECK(maker(makers, "00:17:f3:00:00:00").empty());
}

TEST_CASE("the smallest block wins; a divided block alone says nothing") {
    Makers makers;
    makers.add_csv(
        "Registry,Assignment,Organization Name,Organization Address\n"
        "MA-L,70B3D5,IEEE Registration Authority,Piscataway\n"
        "MA-M,70B3D51,Medium,There\n"
        "MA-S,70B3D5123,Small,Here\n");
    makers.finish();
    CHECK(maker(makers, "70:b3:d5:12:34:56") == "Small");
    CHECK(maker(makers, "70:b3:d5:12:44:56") == "Medium");
    CHECK(maker(makers, "70:b3:d5:22:44:56").empty());
}

TEST_CASE("random, group and unknown addresses have no maker") {
    Makers makers;
    makers.add_csv("h,h,h,h\nMA-L,02AAAA,Nobody,x\nMA-L,01AAAA,Nobody,x\nMA-L,000000,XEROX CORPORATION,x\n");
    makers.finish();
    CHECK(maker(makers, "02:aa:aa:00:00:01").empty());
    CHECK(maker(makers, "01:aa:aa:00:00:01").empty());
    CHECK(maker(makers, "00:00:00:00:00:00").empty());
    CHECK(maker(makers, "00:00:00:00:00:01") == "XEROX CORPORATION");
}

TEST_CASE("people leave the form of a company away") {
    CHECK(short_name("Raspberry Pi Trading Ltd") == "Raspberry Pi");
    CHECK(short_name("Raspberry Pi Foundation") == "Raspberry Pi");
    CHECK(short_name("Apple, Inc.") == "Apple");
    CHECK(short_name("TP-LINK TECHNOLOGIES CO.,LTD.") == "TP-LINK");
    CHECK(short_name("AVM GmbH") == "AVM");
    CHECK(short_name("Technologies") == "Technologies");  // something must be left
    CHECK(short_name("").empty());
}

TEST_CASE("Debian's ieee-data can be read") {
    if (!std::filesystem::exists("/usr/share/ieee-data/oui.csv")) return;
    const Makers makers = Makers::read("/usr/share/ieee-data");
    CHECK(maker(makers, "b8:27:eb:00:00:01") == "Raspberry Pi Foundation");
}

TEST_CASE("where there is no registry, nobody is known") {
    CHECK(maker(Makers::read("/nowhere"), "b8:27:eb:00:00:01").empty());
}
