#include "dashboard/models/wording.hpp"

#include <doctest/doctest.h>
#include <QTimeZone>

using namespace linnet;

namespace {

Timestamp at(const char* text) { return parse_timestamp(text).value(); }

/// Noon of Sunday, 1 March 2026, two hours east of Greenwich.
QDateTime noon() { return {QDate{2026, 3, 1}, QTime{12, 0}, QTimeZone{7200}}; }

}  // namespace

TEST_CASE("times are told as people tell them, in their own time zone") {
    CHECK(wording::moment(at("2026-03-01T09:20:59.000000Z"), noon()).toStdString() == "Today 11:20");
    // 22:30 in Greenwich is half past midnight here: already today.
    CHECK(wording::moment(at("2026-02-28T22:30:00.000000Z"), noon()).toStdString() == "Today 00:30");
    CHECK(wording::moment(at("2026-02-28T21:30:00.000000Z"), noon()).toStdString() == "Yesterday 23:30");
    CHECK(wording::moment(at("2026-02-27T21:30:00.000000Z"), noon()).toStdString() == "27 February 23:30");
    CHECK(wording::moment(at("2025-12-31T10:00:00.000000Z"), noon()).toStdString() == "31 December 2025 12:00");
    CHECK(wording::moment(Timestamp{}, noon()).toStdString() == "–");
}

TEST_CASE("lists of names stay short") {
    CHECK(wording::listed({"A"}, 3).toStdString() == "A");
    CHECK(wording::listed({"A", "B"}, 3).toStdString() == "A and B");
    CHECK(wording::listed({"A", "B", "C"}, 3).toStdString() == "A, B and C");
    CHECK(wording::listed({"A", "B", "C", "D"}, 3).toStdString() == "A, B and 2 more");
    CHECK(wording::listed({}, 3).isEmpty());
}

TEST_CASE("a device without a name is called by its key") {
    Device device;
    device.key = "192.168.1.7";
    CHECK(wording::device_name(device).toStdString() == "192.168.1.7");
    device.name = "  ";
    CHECK(wording::device_name(device).toStdString() == "192.168.1.7");
    device.name = "Lamp";
    CHECK(wording::device_name(device).toStdString() == "Lamp");
}

TEST_CASE("the other side is the end that is not the device") {
    const IpAddress camera = IpAddress::parse("192.168.1.23").value(), outside = IpAddress::parse("203.0.113.9").value();
    Alert alert;
    alert.src = camera;
    alert.src_port = Port{50'000};
    alert.dest = outside;
    alert.dest_port = Port{23};
    alert.proto = "TCP";
    CHECK(wording::peer(alert, {camera}).toStdString() == "203.0.113.9, port 23 (TCP)");
    // Somebody came to the device: the port is the device's, for the other one is of no interest.
    std::swap(alert.src, alert.dest);
    CHECK(wording::peer(alert, {camera}).toStdString() == "203.0.113.9, to port 23 here (TCP)");
    // A device without a MAC address is named by its address in the alert itself.
    alert.device.ip = camera;
    CHECK(wording::peer(alert, {}).toStdString() == "203.0.113.9, to port 23 here (TCP)");
    // A scan has many targets: none is named.
    alert.src = camera;
    alert.dest = {};
    CHECK(wording::peer(alert, {camera}).toStdString() == "many, port 23 (TCP)");
}

TEST_CASE("evidence of any shape is one line of text") {
    CHECK(wording::value(Json::parse("12345")).toStdString() == "12345");
    CHECK(wording::value(Json::parse("[23,2323]")).toStdString() == "23, 2323");
    CHECK(wording::value(Json::parse("true")).toStdString() == "yes");
    CHECK(wording::value(Json::parse("\"<b>\"")).toStdString() == "<b>");
    CHECK(wording::value(Json::parse("{\"a\":-1.5}")).toStdString() == "{\"a\":-1.5}");
    CHECK(wording::label("kernel_dropped").toStdString() == "Kernel dropped");
}
