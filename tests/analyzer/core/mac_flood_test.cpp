// A million invented MACs: who lives here stays, memory is bounded, and one alert says so.
#include "analyzer/household.hpp"
#include "home.hpp"

#include <doctest/doctest.h>
#include <malloc.h>

#include <algorithm>
#include <string>

using namespace linnet;
using namespace linnet::test;

namespace {

constexpr double day = 86'400;
constexpr int residents = 30;

MacAddress invented(std::uint32_t n) {
    // Spread over all of the address, as macof's are; never a group.
    std::uint64_t x = n * 0x9e3779b97f4a7c15ULL;
    x ^= x >> 29;
    MacAddress mac;
    for (auto& byte : mac.bytes) byte = static_cast<std::uint8_t>(x), x >>= 8;
    mac.bytes[0] &= 0xfe;
    return mac;
}

Endpoint resident(int n) {
    return end("192.168.1." + std::to_string(10 + n), 40'000,
               "b8:27:eb:00:01:" + std::string(n < 10 ? "0" : "") + std::to_string(n));
}

/// Two days of an ordinary home.
void live(Core& core) {
    for (int hour = 0; hour < 48; ++hour)
        for (int n = 0; n < residents; ++n)
            core.apply("s", flow(resident(n), end("203.0.113.9", 443, "00:aa:bb:cc:dd:ee"), "tls", hour * 3600.0 + n));
}

std::size_t known(const Core& core) {
    const auto devices = core.devices();
    return static_cast<std::size_t>(std::count_if(
        devices.begin(), devices.end(), [](const Device& device) { return device.key.starts_with("b8:27:eb:00:01:"); }));
}

#ifdef LINNET_SANITIZED
constexpr std::uint32_t macs = 200'000;  // a sanitizer is fifteen times slower
#else
constexpr std::uint32_t macs = 1'000'000;
#endif

std::size_t heap_in_use() { return mallinfo2().uordblks; }

/// As they come: a claim of an address, a packet that nobody answers, a name for a DHCP server, each from a new MAC.
void flood(Core& core, std::uint32_t from, std::uint32_t to) {
    for (std::uint32_t n = from; n < to; ++n) {
        const double seconds = 2 * day + n * 0.002;
        const auto mac = invented(n);
        if (n % 4 == 3) {
            core.apply("s", DeviceHint{at(seconds), mac, {}, "dhcp", "hostname", "host-" + std::to_string(n)});
        } else if (n % 2 == 0) {
            core.apply("s", AddressBinding{at(seconds), mac, IpAddress::v4(0xc0a80100 + n % 254), "arp"});
        } else {
            Probe syn = probe("10.0.0.1", "192.168.1.1", 80, seconds);
            syn.mac = mac;
            syn.source = IpAddress::v4(0x0a000000 + n);
            core.apply("s", syn);
        }
        if (n % 500 == 0)  // the home goes on
            core.apply("s", flow(resident(static_cast<int>(n / 500) % residents), end("203.0.113.9", 443), "tls", seconds));
        if (n % 4096 == 0) {
            core.take_changes();
            core.save_changes([](StateRow&&) {});
        }
    }
}

}  // namespace

TEST_CASE("a million invented MACs: known devices stay, memory is bounded, and one alert says so") {
    Core core{{}, signatures()};
    live(core);
    CHECK(core.household().name_device(to_string(resident(3).mac), {"Hall camera", {}, {}}, at(2 * day)).empty());
    core.take_changes();
    core.save_changes([](StateRow&&) {});
    flood(core, 0, 100'000);
    const std::size_t early = heap_in_use();
    flood(core, 100'000, macs);
    const std::size_t late = heap_in_use();
    MESSAGE("heap after 100,000: ", early / 1024, " KiB; after ", macs, ": ", late / 1024, " KiB");
    CHECK(late <= early + early / 10);  // under a sanitizer, whose heap nobody can ask, both are 0
    CHECK(late < 64U << 20);

    CHECK(known(core) == residents);
    CHECK(core.devices().size() <= 4096);
    CHECK(core.household().find(to_string(resident(3).mac))->name == "Hall camera");
    const auto spoofed = alerts(core, "address-spoof");
    REQUIRE(spoofed.size() == 1);
    CHECK(spoofed[0].signature == "Flood of invented devices");
    CHECK(spoofed[0].device.name == "Your home");
    CHECK(spoofed[0].count > macs / 2);
    for (const auto& alert : core.alerts()) {
        CAPTURE(alert.happened);
        CHECK((alert.detector == "address-spoof" || alert.detector == "new-device"));
    }
    CHECK(alerts(core, "new-device").size() <= 20);
}

TEST_CASE("visitors are no flood: forty telephones within ten minutes") {
    Core core{{}, signatures()};
    live(core);
    for (std::uint32_t n = 0; n < 40; ++n)
        core.apply("s", AddressBinding{at(2 * day + n * 15), invented(n), IpAddress::v4(0xc0a80140 + n), "dhcp"});
    CHECK(alerts(core, "address-spoof").empty());
}
