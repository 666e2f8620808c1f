#include "cli/report.hpp"

#include "cli/text.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <ctime>

using namespace linnet;

namespace {

constexpr Timestamp evening{std::chrono::seconds{1'772'389'211}};  // 2026-03-01T18:20:11Z

Alert alert(Severity severity, const std::string& title) {
    Alert alert;
    alert.id = 1;
    alert.detector = "mirai-scan";
    alert.severity = severity;
    alert.signature = title;
    alert.device = {.mac = {}, .ip = *IpAddress::parse("192.168.1.23"), .name = "Hall camera"};
    alert.count = 412;
    alert.first_seen = alert.last_seen = evening;
    alert.happened = "Hall camera knocked at 398 doors.";
    alert.meaning = "It is infected.";
    alert.advice = "Pull its plug.";
    return alert;
}

Device camera() {
    Device device;
    device.key = "192.168.1.23";
    device.ips = {*IpAddress::parse("192.168.1.23")};
    device.name = "Hall camera";
    device.first_seen = device.last_seen = evening;
    return device;
}

CaptureResult result(const std::vector<Alert>& alerts, std::size_t devices) {
    setenv("TZ", "UTC", 1);
    tzset();
    CaptureResult result;
    for (const Alert& one : alerts) result.alerts.push_back(to_eve(one));
    for (std::size_t i = 0; i < devices; ++i) result.devices.push_back(to_eve(camera()));
    result.stats = to_eve(SensorStats{});
    return result;
}

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

}  // namespace

TEST_CASE("report: one sentence first, for who reads no further") {
    using enum Severity;
    const Terminal file;
    CHECK(first_line(report(result({}, 7), file)) == "7 devices. Nothing was found that needs your attention.");
    CHECK(first_line(report(result({alert(act_now, "a")}, 1), file)) == "1 device, 1 thing to act on now.");
    CHECK(first_line(
              report(result({alert(act_now, "a"), alert(worth_knowing, "b"), alert(act_now, "c"), alert(important, "d")}, 7),
                     file)) == "7 devices, 2 things to act on now, 1 important thing, 1 thing worth knowing.");
}

TEST_CASE("report: what happened, what it means and what to do, then the devices") {
    CHECK(report(result({alert(Severity::act_now, "A device is scanning the Internet")}, 1), Terminal{}) ==
          "1 device, 1 thing to act on now.\n"
          "\n"
          "!! Act now\n"
          "\n"
          "   A device is scanning the Internet\n"
          "   Hall camera (192.168.1.23), 2026-03-01 18:20:11, 412 times\n"
          "   Hall camera knocked at 398 doors.\n"
          "   It is infected.\n"
          "   Pull its plug.\n"
          "\n"
          "Devices\n"
          "\n"
          "NAME         KIND  MAKER  MODEL  ADDRESSES     LAST SEEN\n"
          "Hall camera                      192.168.1.23  2026-03-01 18:20:11\n");
}

TEST_CASE("report: the most severe first, whatever the order in which they happened") {
    const std::string text = report(result({alert(Severity::worth_knowing, "third"), alert(Severity::important, "second"),
                                            alert(Severity::act_now, "first")},
                                           1),
                                    Terminal{});
    CHECK(text.find("first") < text.find("second"));
    CHECK(text.find("second") < text.find("third"));
    CHECK(text.find("\n!  Important\n") != std::string::npos);
    CHECK(text.find("\ni  Worth knowing\n") != std::string::npos);
}

TEST_CASE("report: sentences fit the window, but never run wider than is good to read") {
    Alert wordy = alert(Severity::act_now, "title");
    for (int i = 0; i < 50; ++i) wordy.happened += " and more";
    for (const std::size_t columns : {std::size_t{40}, std::size_t{80}, std::size_t{300}}) {
        CAPTURE(columns);
        const std::string text = report(result({wordy}, 0), {.interactive = true, .colours = false, .columns = columns});
        std::size_t widest = 0;
        for (std::size_t begin = 0, end = 0; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1)
            widest = std::max(widest, display_width(text.substr(begin, end - begin)));
        CHECK(widest <= std::min<std::size_t>(columns, 100));
        CHECK(widest > std::min<std::size_t>(columns, 100) - 9);  // no word is longer than "doors.": lines are full
    }
}

TEST_CASE("report: colours only where wanted, and beside the word") {
    const CaptureResult one = result({alert(Severity::act_now, "title")}, 1);
    CHECK(report(one, Terminal{}).find('\x1b') == std::string::npos);
    CHECK(report(one, {.interactive = true, .colours = true, .columns = 80}).find("\x1b[31m!! Act now\x1b[0m") !=
          std::string::npos);
}

TEST_CASE("report: what strangers wrote is shown and not obeyed") {
    Alert hostile = alert(Severity::act_now, "title \x1b[2J");
    hostile.device.name = "cam\u202Egpj";
    hostile.happened = "\x1b]0;owned\x07";
    const std::string text = report(result({hostile}, 0), Terminal{});
    CHECK(text.find('\x1b') == std::string::npos);
    CHECK(text.find('\x07') == std::string::npos);
    CHECK(text.find("cam\\u202Egpj") != std::string::npos);
}
