// The tables. QAbstractItemModelTester watches every signal and ends the program at the first that contradicts the model.
#include "dashboard/models/home.hpp"
#include "dashboard/models/roles.hpp"
#include "dashboard/models/search_proxy.hpp"
#include "dashboard/models/status_line.hpp"
#include "demo_home.hpp"

#include <doctest/doctest.h>
#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTimeZone>

using namespace linnet;
using std::chrono::minutes;

namespace {

const Timestamp now = parse_timestamp("2026-03-01T18:20:11.000000Z").value();

Alert alert(std::uint64_t id, Severity severity = Severity::important, int device = 23,
            const char* title = "Telnet in use") {
    return alert_from_eve(demo::alert(id, device, "Hall camera", severity, title, now + minutes{static_cast<int>(id)}));
}

Device device(int n, const char* name, Timestamp seen = now) { return device_from_eve(demo::device(n, name, seen)); }

std::vector<std::uint64_t> ids(const AlertModel& model) {
    std::vector<std::uint64_t> found;
    for (const Alert& alert : model.rows()) found.push_back(alert.id);
    return found;
}

using Ids = std::vector<std::uint64_t>;

std::vector<std::string> column(const QAbstractItemModel& model, int which) {
    std::vector<std::string> found;
    for (int row = 0; row < model.rowCount(); ++row)
        found.push_back(model.index(row, which).data().toString().toStdString());
    return found;
}

using Texts = std::vector<std::string>;

auto watch(QAbstractItemModel& model) {
    return std::make_unique<QAbstractItemModelTester>(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
}

FeedUpdate snapshot(const Json& home) { return read_update(home, UpdateKind::snapshot); }

}  // namespace

TEST_CASE("what is new is inserted in its place, what has changed is replaced, and nothing is reset") {
    AlertModel model;
    const auto watched = watch(model);
    QSignalSpy reset{&model, &QAbstractItemModel::modelReset}, inserted{&model, &QAbstractItemModel::rowsInserted},
        changed{&model, &QAbstractItemModel::dataChanged};
    model.upsert({alert(5), alert(2), alert(9)});
    CHECK(ids(model) == Ids{2, 5, 9});
    CHECK(inserted.size() == 1);  // one gap, one signal
    Alert more = alert(5);
    more.count = 41;
    model.upsert({more, alert(7), alert(1)});
    CHECK(ids(model) == Ids{1, 2, 5, 7, 9});
    CHECK(model.row(2).count == 41);
    CHECK(inserted.size() == 3);  // before 2, and between 5 and 9
    CHECK(changed.size() == 1);
    CHECK(reset.isEmpty());
}

TEST_CASE("of two values for one key in one message the later counts") {
    AlertModel model;
    Alert later = alert(5);
    later.count = 2;
    model.upsert({alert(5), later});
    CHECK(ids(model) == Ids{5});
    CHECK(model.row(0).count == 2);
}

TEST_CASE("a snapshot removes what is gone and keeps what stays, so that a selection survives it") {
    AlertModel model;
    const auto watched = watch(model);
    model.upsert({alert(1), alert(2), alert(3), alert(4), alert(5)});
    const QPersistentModelIndex chosen = model.index(3, 0);  // alert 4
    QSignalSpy removed{&model, &QAbstractItemModel::rowsRemoved}, reset{&model, &QAbstractItemModel::modelReset};
    model.replace({alert(6), alert(4)});
    CHECK(ids(model) == Ids{4, 6});
    CHECK(removed.size() == 2);  // 5, and the run 1 to 3
    CHECK(chosen.isValid());
    CHECK(chosen.row() == 0);
    CHECK(reset.isEmpty());
    model.replace({});
    CHECK(model.rowCount() == 0);
}

TEST_CASE("a table that is full lets the least recently seen go") {
    DeviceModel model;
    std::vector<Device> crowd;
    for (std::size_t i = 0; i < DeviceModel::most_devices; ++i) {
        Device one;
        one.key = "k" + std::to_string(i);
        one.last_seen = now + minutes{i == 4'000 ? -1 : 1};  // this one was seen longest ago
        crowd.push_back(one);
    }
    model.upsert(crowd);
    CHECK(model.row_of(std::string{"k4000"}) >= 0);
    Device late;
    late.key = "late";
    late.last_seen = now;
    model.upsert({late});
    CHECK(model.rows().size() == DeviceModel::most_devices);
    CHECK(model.row_of(std::string{"k4000"}) == -1);
    CHECK(model.row_of(std::string{"late"}) >= 0);
}

TEST_CASE("alerts are sorted by urgency, the newest first among equals") {
    AlertModel model;
    SearchProxy proxy;
    proxy.setSourceModel(&model);
    const auto watched = watch(proxy);
    proxy.sort(AlertModel::severity);
    model.upsert({alert(1, Severity::worth_knowing), alert(2, Severity::act_now), alert(3, Severity::act_now),
                  alert(4, Severity::important)});
    CHECK(column(proxy, AlertModel::severity) == Texts{"Act now", "Act now", "Important", "Worth knowing"});
    CHECK(proxy.mapToSource(proxy.index(0, 0)).row() == 2);  // id 3 before id 2
    // An update moves a row only where its urgency changes.
    model.upsert({alert(1, Severity::act_now)});
    CHECK(column(proxy, AlertModel::severity) == Texts{"Act now", "Act now", "Act now", "Important"});
}

TEST_CASE("counts are sorted as numbers and addresses as addresses") {
    AlertModel alerts;
    Alert ten = alert(1), nine = alert(2);
    ten.count = 10;
    nine.count = 9;
    alerts.upsert({ten, nine});
    SearchProxy by_count;
    by_count.setSourceModel(&alerts);
    by_count.sort(AlertModel::count);
    CHECK(column(by_count, AlertModel::count) == Texts{"9", "10"});

    DeviceModel devices;
    devices.upsert({device(9, "nine"), device(23, "twenty-three"), device(100, "hundred")});
    SearchProxy by_address;
    by_address.setSourceModel(&devices);
    by_address.sort(DeviceModel::address);
    CHECK(column(by_address, DeviceModel::address) == Texts{"192.168.1.9", "192.168.1.23", "192.168.1.100"});
}

TEST_CASE("search finds every word, in any order and case, in anything that a person may remember") {
    DeviceModel model;
    Device camera = device(23, "Hall camera");
    camera.maker = "Brightlens";
    model.upsert({camera, device(24, "Doorbell"), device(30, "Hall lamp")});
    SearchProxy proxy;
    proxy.setSourceModel(&model);
    const auto watched = watch(proxy);
    const auto found = [&proxy](const char* text) {
        proxy.set_search(text);
        return proxy.rowCount();
    };
    CHECK(found("hall") == 2);
    CHECK(found("CAMERA hall") == 1);
    CHECK(found("bright") == 1);
    CHECK(found("192.168.1.24") == 1);
    CHECK(found("00:00:5e:00:53:1e") == 1);
    CHECK(found("  ") == 3);
    CHECK(found("hall doorbell") == 0);
    // What arrives while people search is searched too.
    CHECK(found("garage") == 0);
    model.upsert({device(77, "Garage door")});
    CHECK(proxy.rowCount() == 1);
}

TEST_CASE("only the alerts of one device") {
    AlertModel model;
    model.upsert({alert(1, Severity::important, 2), alert(2, Severity::important, 23), alert(3, Severity::important, 2)});
    SearchProxy proxy;
    proxy.setSourceModel(&model);
    proxy.set_device(QString::fromStdString(demo::key(2)));
    CHECK(proxy.rowCount() == 2);
    proxy.set_device({});
    CHECK(proxy.rowCount() == 3);
}

TEST_CASE("devices know how many alerts they have, and the worst comes first") {
    Home home;
    const auto watched = watch(home.devices());
    home.apply(snapshot(demo::home(now)), now);
    SearchProxy proxy;
    proxy.setSourceModel(&home.devices());
    proxy.sort(DeviceModel::alerts);
    CHECK(proxy.index(0, DeviceModel::name).data().toString().toStdString() == "Hall camera");
    CHECK(proxy.index(0, DeviceModel::alerts).data().toString().toStdString() == "3 alerts");
    CHECK(proxy.index(0, 0).data(role::severity).toInt() == 1);
    CHECK(proxy.index(11, DeviceModel::alerts).data().toString().toStdString() == "None");
    CHECK(proxy.index(11, 0).data(role::severity).toInt() == 0);
}

TEST_CASE("the home's verdict follows its alerts") {
    Home home;
    QSignalSpy changed{&home, &Home::changed};
    home.set_connection(Connection::connected);
    home.apply(snapshot(demo::quiet_home(now)), now);
    CHECK(home.verdict().sentence.toStdString() == "All quiet: 12 devices, nothing to do.");
    home.apply(read_update({{"alerts", {demo::alert(1, 23, "Hall camera", Severity::act_now, "Mirai-style scanning", now)}}},
                           UpdateKind::changes),
               now);
    CHECK(home.verdict().sentence.toStdString() == "1 device needs you now: Hall camera.");
    CHECK(changed.size() == 3);
}

TEST_CASE("an alert about a device that is in no list still counts") {
    Home home;
    home.set_connection(Connection::connected);
    home.apply(read_update({{"alerts", {demo::alert(1, 99, "Old camera", Severity::act_now, "Scanning", now)}}},
                           UpdateKind::snapshot),
               now);
    CHECK(home.verdict().sentence.toStdString() == "1 device needs you now: Old camera.");
}

TEST_CASE("a record that cannot be read is counted, and the others are shown") {
    Json home_json = demo::home(now);
    home_json["alerts"].push_back({{"event_type", "alert"}});
    home_json["devices"].push_back("nonsense");
    home_json["alerts"][0]["linnet"]["first_seen"] = "yesterday";
    Home home;
    home.set_connection(Connection::connected);
    home.apply(snapshot(home_json), now);
    CHECK(home.unreadable() == 3);
    CHECK(home.alerts().rowCount() == 5);
    CHECK(home.devices().rowCount() == 12);
    const QDateTime at = QDateTime::fromSecsSinceEpoch(std::chrono::system_clock::to_time_t(now), QTimeZone::utc());
    CHECK(status_line(home, at).updated.toStdString() == "Last update 18:20:11 · 3 records not understood");
    // The next snapshot begins anew.
    home.apply(snapshot(demo::home(now)), now);
    CHECK(home.unreadable() == 0);
}

TEST_CASE("the status line adds the sensors up") {
    Home home;
    const QDateTime at = QDateTime::fromSecsSinceEpoch(std::chrono::system_clock::to_time_t(now), QTimeZone::utc());
    CHECK(status_line(home, at).analyzer.toStdString() == "Connecting to the analyzer…");
    CHECK(status_line(home, at).sensors.isEmpty());
    Json state = demo::home(now);
    state["status"]["sensors"].push_back(
        {{"id", "attic"}, {"source", "wlan0"}, {"connected", false}, {"packets", 447}, {"kernel_dropped", 12}, {"lost", 1}});
    home.set_connection(Connection::connected);
    home.apply(snapshot(state), now);
    const StatusLine line = status_line(home, at);
    CHECK(line.analyzer.toStdString() == "Connected to linnet-analyzer 0.1.0");
    CHECK(line.sensors.toStdString() == "2 sensors · 8,205,000 packets, 12 dropped, 1 event lost");
    CHECK(line.details.toStdString() ==
          "sensor-1 (eth0), connected: 8,204,553 packets, none dropped\n"
          "attic (wlan0), not connected: 447 packets, 12 dropped, 1 event lost");
}

TEST_CASE("a status of any shape is read without harm") {
    CHECK(read_status(Json::parse("[]")).sensors.empty());
    CHECK(read_status(Json::parse(R"({"version":7,"sensors":{"a":1}})")).version.isEmpty());
    CHECK(read_status(Json::parse(R"({"sensors":[{"packets":-1,"connected":"yes"},3]})")).sensors.size() == 1);
    CHECK(read_update(Json::parse("7"), UpdateKind::changes).devices.empty());
}
