#include "analyzer/store.hpp"

#include "analyzer/household.hpp"
#include "analyzer/signatures.hpp"
#include "tests/analyzer/synthetic_events.hpp"
#include "tests/temporary_folder.hpp"
#include "wire/data_directory.hpp"

#include <doctest/doctest.h>

#include <fstream>

using namespace linnet;
using namespace std::chrono_literals;

namespace {

const Timestamp noon = *parse_timestamp("2026-03-01T12:00:00.000000Z");

std::shared_ptr<const Signatures> signatures() {
    static const auto read = std::make_shared<const Signatures>(Signatures::read(signatures_directory()));
    return read;
}

/// A store with a core beside it. Making another one at the same file is a restart.
struct Lab {
    Store store;
    Core core{{}, signatures()};

    explicit Lab(const std::filesystem::path& file, const Retention& retention = {}) : store{file, retention} {
        store.restore(core);
    }
    Source& source(std::uint64_t epoch = 1) { return store.source({"pi", epoch}, "eth0"); }
    [[nodiscard]] std::uint64_t committed(std::uint64_t epoch) const {
        const auto* source = store.find({"pi", epoch});
        return source == nullptr ? 0 : source->committed;
    }
    void add(const Event& event, std::uint64_t epoch = 1) {
        core.apply("pi", event);
        store.add(source(epoch), event);
    }
    void commit(Timestamp now = noon) { store.commit(core.take_changes(), core, now); }
};

Flow flow_at(std::uint64_t id, Timestamp at) {
    auto flow = test::synthetic_flow(id, FlowStage::start, at);
    flow.first_seen = at;
    return flow;
}

Login login_at(Timestamp at, std::string user) {
    Login login;
    login.at = at;
    login.client = {test::device_ip(23), Port{40'000}, test::device_mac(23)};
    login.server = {IpAddress::v4(0xcb007109), Port{21}, {}};
    login.service = Service::ftp;
    login.user = std::move(user);
    return login;
}

/// The sentence with which opening is refused, without the file's name.
std::string refusal(const std::filesystem::path& file) {
    try {
        const Store store{file, {}};
    } catch (const DatabaseError& error) {
        std::string what = error.what();
        if (const auto at = what.find(file.string()); at != std::string::npos)
            what.replace(at, file.string().size(), "FILE");
        return what;
    }
    return "";
}

}  // namespace

TEST_CASE("what is committed is there after a restart, what is not is not") {
    const test::TemporaryFolder folder;
    const auto file = folder.file("linnet.db");
    {
        Lab lab{file};
        lab.add(flow_at(1, noon));
        lab.commit();
        lab.add(flow_at(2, noon));
        CHECK(lab.source().accepted == 2);
        CHECK(lab.source().committed == 1);
    }
    Lab lab{file};
    CHECK(lab.committed(1) == 1);
    CHECK(lab.source().accepted == 1);
    CHECK(lab.store.find({"pi", 2}) == nullptr);
    CHECK(lab.store.find({"attic", 1}) == nullptr);
    CHECK(lab.store.flows({}).size() == 1);
    CHECK(lab.store.counts().flows == 1);
    CHECK(lab.store.counts().events == 1);
}

TEST_CASE("a flow is one row for sensor, epoch and id, in its newest form") {
    Lab lab{":memory:"};
    const auto start = test::synthetic_flow(7, FlowStage::start, noon);
    auto end = start;
    end.stage = FlowStage::end;
    end.reason = FlowEndReason::idle;
    end.last_seen = noon + 5s;
    end.packets_to_client = ~0ULL;
    end.app_proto = "http";
    end.client.ip = *IpAddress::parse("2001:db8::7");  // who a flow is between does not change: the first word counts
    lab.add(start);
    lab.add(end);
    lab.add(start, 2);
    const auto rows = lab.store.flows({});
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].flow == start);
    auto expected = end;
    expected.client.ip = start.client.ip;
    CHECK(rows[1].flow == expected);
    CHECK(lab.store.counts().flows == 2);
}

TEST_CASE("every field of a flow comes back, both address families and none") {
    Lab lab{":memory:"};
    Flow flow;
    flow.id = ~0ULL;
    flow.stage = FlowStage::update;
    flow.proto = Proto{132};
    flow.midstream = true;
    flow.client = {*IpAddress::parse("2001:db8::1"), Port{65'535}, test::device_mac(1)};
    flow.last_seen = noon;
    flow.payload_to_client = 5;
    flow.payload_to_server = 6;
    flow.service = "naïve \"name\"";
    lab.add(flow, ~0ULL);
    CHECK(lab.store.flows({}).at(0).flow == flow);
}

TEST_CASE("what was seen of a flow's handshake stands with the flow, whichever came first, and goes with it") {
    const test::TemporaryFolder folder;
    Lab lab{folder.file("linnet.db"), {.flows = std::chrono::days{7}}};
    TlsHandshake handshake;
    handshake.at = noon;
    handshake.flow_id = 1;
    handshake.version = 0x0303;
    handshake.sni = "cloud.example";
    handshake.ja4 = "t12d";
    Certificate certificate;
    certificate.at = noon;
    certificate.flow_id = 1;
    certificate.version = 0x0303;
    certificate.sni = "cloud.example";
    certificate.chain = {{"no certificate"}};
    lab.add(handshake);
    lab.add(flow_at(1, noon));
    lab.add(certificate);
    lab.add(flow_at(2, noon));
    lab.commit();
    auto rows = lab.store.flows({});
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].tls == TlsFacts{});
    CHECK(rows[1].tls == TlsFacts{.version = "TLS 1.2", .sni = "cloud.example", .ja4 = "t12d"});
    lab.add(flow_at(3, noon + std::chrono::days{8}));
    lab.commit(noon + std::chrono::days{8});
    lab.add(flow_at(1, noon + std::chrono::days{8}));
    lab.commit(noon + std::chrono::days{8});
    rows = lab.store.flows({});
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].tls == TlsFacts{});
}

TEST_CASE("a database of the first form is brought to the newest one") {
    const test::TemporaryFolder folder;
    const auto file = folder.file("linnet.db");
    {
        Lab lab{file};
        lab.add(flow_at(1, noon));
        lab.add(login_at(noon + 1s, "anna"));
        lab.commit();
    }
    Database{file}.execute(
        "DROP TABLE tls; DROP TABLE hours; DROP TABLE notes; DROP INDEX alerts_by_change; ALTER TABLE alerts DROP COLUMN "
        "change; PRAGMA user_version = 1");
    Lab lab{file};
    REQUIRE(lab.store.flows({}).size() == 1);
    CHECK(lab.store.flows({})[0].tls == TlsFacts{});
    CHECK(lab.store.since() == noon);
    CHECK(lab.store.changes(0, 10).alerts.size() == lab.store.alerts({}).size());
    CHECK(lab.store.changes(0, 10).alerts.at(0)["linnet"]["change"] == 1);
}

TEST_CASE("flows are chosen by application, port, protocol, peer, direction, kind and time") {
    Lab lab{":memory:"};
    const auto outside = IpAddress::v4(0xcb007109);  // 203.0.113.9
    const auto add = [&](std::uint64_t id, IpAddress client, IpAddress server, std::uint16_t port, std::string app,
                         Proto proto, std::chrono::hours ago) {
        auto flow = flow_at(id, noon - ago);
        flow.client = {client, Port{40'000}, client == outside ? MacAddress{} : test::device_mac(1)};
        flow.server = {server, Port{port}, server == outside ? MacAddress{} : test::device_mac(2)};
        flow.app_proto = std::move(app);
        flow.proto = proto;
        flow.service = id == 5 ? "YouTube" : "";
        lab.add(flow);
    };
    const auto first = test::device_ip(1), second = test::device_ip(2);
    add(1, first, outside, 1883, "mqtt", Proto::tcp, 48h);
    add(2, first, second, 1883, "mqtt", Proto::tcp, 24h);
    add(3, outside, second, 23, "telnet", Proto::tcp, 2h);
    add(4, first, outside, 53, "dns", Proto::udp, 1h);
    add(5, first, outside, 443, "quic", Proto::udp, 0h);
    const auto ids = [&](const FlowFilter& filter, std::optional<std::int64_t> before = {}) {
        std::vector<std::uint64_t> found;
        for (const auto& row : lab.store.flows({.before = before, .filter = filter})) found.push_back(row.flow.id);
        return found;
    };
    using Ids = std::vector<std::uint64_t>;
    CHECK(ids({.app = "mqtt"}) == Ids{2, 1});
    CHECK(ids({.app = "youtube"}) == Ids{5});
    CHECK(ids({.app = "mqtt' OR '1'='1"}).empty());
    CHECK(ids({.port = Port{443}}) == Ids{5});
    CHECK(ids({.port = Port{40'000}}).empty());  // the client's says nothing
    CHECK(ids({.proto = Proto::udp}) == Ids{5, 4});
    CHECK(ids({.peer = IpPrefix{outside, 128}}) == Ids{5, 4, 3, 1});
    CHECK(ids({.peer = IpPrefix::parse("203.0.113.0/29")}).empty());
    CHECK(ids({.peer = IpPrefix::parse("203.0.113.0/28")}) == Ids{5, 4, 3, 1});
    CHECK(ids({.direction = FlowDirection::out}) == Ids{5, 4, 1});
    CHECK(ids({.direction = FlowDirection::in}) == Ids{3});
    CHECK(ids({.direction = FlowDirection::inside}) == Ids{2});
    CHECK(ids({.since = noon - 2h}) == Ids{5, 4, 3});
    CHECK(ids({.until = noon - 2h}) == Ids{2, 1});
    CHECK(ids({.since = noon - 24h, .until = noon}) == Ids{4, 3, 2});
    CHECK(ids({.app = "mqtt", .direction = FlowDirection::out, .since = noon - 72h}) == Ids{1});
    CHECK(ids({.since = noon - 72h}, 3) == Ids{2, 1});
    CHECK(lab.store.flows({.limit = 2, .filter = {.proto = Proto::tcp}}).size() == 2);
    CHECK(lab.store.flows({.filter = {.kind = "camera"}}).empty());  // nobody is one
    CHECK(lab.store.flows({.keys = {"b8:27:eb:00:00:02"}, .filter = {.kind = "camera"}}).size() == 2);
    CHECK(lab.store.flows({.device = "nobody"}).empty());
}

TEST_CASE("flows are asked for newest first, page by page, by MAC address or by address") {
    Lab lab{":memory:"};
    for (std::uint64_t id = 1; id <= 5; ++id) {
        auto flow = flow_at(id, noon);
        flow.client = {test::device_ip(id % 2), Port{1}, test::device_mac(id % 2 + 1)};
        lab.add(flow);
    }
    const auto ids = [&](const Page& page) {
        std::vector<std::uint64_t> found;
        for (const auto& row : lab.store.flows(page)) found.push_back(row.flow.id);
        return found;
    };
    using Ids = std::vector<std::uint64_t>;
    CHECK(ids({}) == Ids{5, 4, 3, 2, 1});
    CHECK(ids({.limit = 2}) == Ids{5, 4});
    CHECK(ids({.limit = 2, .before = 4}) == Ids{3, 2});
    CHECK(ids({.device = "b8:27:eb:00:00:02"}) == Ids{5, 3, 1});
    CHECK(ids({.limit = 1, .before = 5, .device = "192.168.1.1"}) == Ids{3});
    CHECK(ids({.device = "192.168.1.200"}).empty());
    CHECK(ids({.device = "' OR 1 --"}).empty());
}

TEST_CASE("alerts and the core's state survive a restart; the next alert has the next number") {
    const test::TemporaryFolder folder;
    const auto file = folder.file("linnet.db");
    std::vector<Json> before;
    {
        Lab lab{file};
        lab.add(login_at(noon, "anna"));
        lab.commit();
        before = lab.store.alerts({});
        REQUIRE_FALSE(before.empty());
        CHECK(lab.store.newest_alert() == before.size());
    }
    Lab lab{file};
    CHECK(lab.store.alerts({}) == before);
    CHECK(lab.core.alerts().size() == before.size());
    CHECK(lab.store.newest_alert() == before.size());
    lab.add(login_at(noon + 1s, "anna"));  // the same episode
    lab.commit();
    CHECK(lab.store.alerts({}).size() == before.size());
    lab.add(login_at(noon + 2s, "bert"));  // another
    lab.commit();
    CHECK(lab.store.alerts({}).size() > before.size());
    CHECK(lab.store.alerts({.limit = 1}).at(0)["linnet"]["username"] == "bert");
    CHECK(lab.store.alerts({.device = "b8:27:eb:00:00:17"}).size() == lab.store.alerts({}).size());
    CHECK(lab.store.alerts({.device = "b8:27:eb:00:00:18"}).empty());
    CHECK(lab.store.alerts({.limit = 1'000, .before = 1}).empty());
}

TEST_CASE(
    "changed alerts are told by one rising number, the one that changed first first, each once and in its newest form") {
    const test::TemporaryFolder folder;
    const auto file = folder.file("linnet.db");
    const auto users = [](const AlertChanges& changes) {
        std::vector<std::string> found;
        for (const auto& eve : changes.alerts)
            if (eve["linnet"]["detector"] == "cleartext-login")
                found.push_back(eve["linnet"]["username"].get<std::string>() +
                                std::to_string(eve["linnet"]["count"].get<int>()));
        return found;
    };
    std::string series;
    std::uint64_t last = 0;
    {
        Lab lab{file};
        CHECK(lab.store.changes(0, 10).last == 0);
        CHECK(lab.store.since() == Timestamp{});
        lab.add(login_at(noon, "anna"));
        lab.add(login_at(noon, "bert"));
        lab.commit();
        CHECK(lab.store.since() == noon);
        const auto first = lab.store.changes(0, 10);
        CHECK(users(first) == std::vector<std::string>{"anna1", "bert1"});
        lab.add(login_at(noon + 1s, "anna"));
        lab.commit();
        CHECK(users(lab.store.changes(0, 10)) == std::vector<std::string>{"bert1", "anna2"});
        const auto newer = lab.store.changes(first.last, 10);
        CHECK(users(newer) == std::vector<std::string>{"anna2"});
        CHECK(newer.series == first.series);
        CHECK(lab.store.changes(newer.last, 10).alerts.empty());
        CHECK(lab.store.changes(0, 1).alerts.size() == 1);
        CHECK(lab.store.changes(UINT64_MAX, 10).alerts.empty());
        series = newer.series;
        last = newer.last;
    }
    {
        Lab lab{file};  // numbers go on, also where the row that had the newest is gone
        CHECK(lab.store.changes(0, 10).series == series);
        CHECK(lab.store.changes(0, 10).last == last);
        lab.store.forget(Traces{*lab.core.household().device(to_string(test::device_mac(23))), {}});
        CHECK(lab.store.changes(0, 10).alerts.empty());
    }
    Lab lab{file};
    CHECK(lab.store.changes(0, 10).last == last);
    CHECK(lab.store.changes(0, 10).forgets == 1);
    CHECK(lab.store.changes(0, 10).series == series);
    lab.store.erase();
    CHECK(lab.store.changes(0, 10).series != series);
    CHECK(lab.store.since() == Timestamp{});
}

TEST_CASE("an event that is not valid has its number, and is counted") {
    Lab lab{":memory:"};
    lab.store.add(lab.source(), std::nullopt);
    lab.add(flow_at(1, noon));
    CHECK(lab.source().accepted == 2);
    CHECK(lab.source().refused == 1);
    CHECK(lab.store.uncommitted() == 2);
}

TEST_CASE("the end of a capture, losses and the newest counters belong to the source") {
    const test::TemporaryFolder folder;
    {
        Lab lab{folder.file("linnet.db")};
        SensorStats stats;
        stats.at = noon;
        stats.packets = 5;
        lab.add(stats);
        CHECK_FALSE(lab.source().finished);
        stats.packets = 9;
        stats.last = true;
        lab.add(stats);
        lab.add(Lost{noon, noon, 12, "ring full"});
        lab.commit();
    }
    Lab lab{folder.file("linnet.db")};
    CHECK(lab.source().finished);
    CHECK(lab.source().lost == 12);
    CHECK(lab.source().last_event == noon);
    REQUIRE(lab.source().stats);
    CHECK(lab.source().stats->packets == 9);
}

TEST_CASE("flows are deleted when they are older than the retention, not before") {
    Lab lab{":memory:", {.flows = std::chrono::days{7}, .alerts = std::chrono::days{365}}};
    lab.add(flow_at(1, noon - 7 * 24h - 1us));
    lab.add(flow_at(2, noon - 7 * 24h));
    lab.add(flow_at(3, noon));
    lab.commit();
    const auto rows = lab.store.flows({});
    REQUIRE(rows.size() == 2);
    CHECK(rows[1].flow.id == 2);
    CHECK(lab.store.counts().flows == 2);
}

TEST_CASE("a flow that began long ago and still lives is kept") {
    Lab lab{":memory:"};
    auto flow = flow_at(1, noon);
    flow.first_seen = noon - 30 * 24h;
    lab.add(flow);
    lab.commit();
    CHECK(lab.store.flows({}).size() == 1);
}

TEST_CASE("retention 0 keeps everything; an event from the future makes nothing old") {
    Lab forever{":memory:", {.flows = std::chrono::days{0}, .alerts = std::chrono::days{0}}};
    forever.add(flow_at(1, noon - 900 * 24h));
    forever.add(flow_at(2, noon));
    forever.commit();
    CHECK(forever.store.flows({}).size() == 2);

    Lab lab{":memory:"};
    lab.add(flow_at(1, noon));
    lab.add(flow_at(2, noon + 9'000 * 24h));
    lab.commit(noon + 1h);
    CHECK(lab.store.flows({}).size() == 2);
}

TEST_CASE("a capture of last year alone is kept: age counts from the newest event") {
    Lab lab{":memory:"};
    lab.add(flow_at(1, noon - 365 * 24h));
    lab.commit();
    CHECK(lab.store.flows({}).size() == 1);
}

TEST_CASE("one commit deletes a bounded number of rows") {
    Lab lab{":memory:"};
    for (std::uint64_t id = 0; id < 2'500; ++id) lab.store.add(lab.source(), flow_at(id, noon - 8 * 24h));
    lab.store.add(lab.source(), flow_at(9'999, noon));
    lab.commit();
    CHECK(lab.store.counts().flows == 501);
    lab.commit();
    CHECK(lab.store.counts().flows == 1);
}

TEST_CASE("alerts are deleted after their own time") {
    Lab lab{":memory:"};
    lab.add(login_at(noon - 366 * 24h, "anna"));
    lab.commit();
    CHECK_FALSE(lab.store.alerts({}).empty());
    for (int days = 366; days >= 0; days -= 6) {
        CHECK_FALSE(lab.store.alerts({}).empty());
        lab.add(flow_at(1, noon - days * 24h));
        lab.commit();
    }
    CHECK(lab.store.alerts({}).empty());
}

TEST_CASE("runs without rows are forgotten beyond the limit, the ones used least recently first") {
    Lab lab{":memory:"};
    DeviceHint hint;
    hint.at = noon;
    lab.add(flow_at(1, noon), 1);  // has a row: stays
    for (std::uint64_t epoch = 2; epoch <= Store::max_sources; ++epoch) lab.store.add(lab.source(epoch), hint);
    lab.commit();
    CHECK(lab.store.sources().size() == Store::max_sources);
    CHECK(lab.committed(3) == 1);
    lab.source(2);  // used again
    lab.store.add(lab.source(9'999), hint);
    lab.commit();
    CHECK(lab.store.sources().size() == Store::max_sources);
    CHECK(lab.committed(1) == 1);
    CHECK(lab.committed(2) == 1);
    CHECK(lab.store.find({"pi", 3}) == nullptr);
    CHECK(lab.committed(9'999) == 1);
}

TEST_CASE("no table has a place for a password") {
    const test::TemporaryFolder folder;
    { const Store store{folder.file("linnet.db"), {}}; }
    const Database database{folder.file("linnet.db")};
    Statement columns{database,
                      "SELECT t.name, c.name FROM sqlite_master t, pragma_table_info(t.name) c WHERE t.type = 'table'"};
    std::size_t count = 0;
    for (; columns.step(); ++count)
        for (const std::string_view word : {"pass", "secret", "credential"})
            CHECK(columns.text(1).find(word) == std::string_view::npos);
    CHECK(count > 40);
}

TEST_CASE("a database that cannot be used is refused with a sentence") {
    const test::TemporaryFolder folder;
    const auto file = folder.file("linnet.db");
    SUBCASE("another program's") {
        Database{file}.execute("CREATE TABLE songs (title TEXT)");
        CHECK(refusal(file) == "The database FILE belongs to another program. Name another file with --database.");
    }
    SUBCASE("a newer Linnet's") {
        { const Store store{file, {}}; }
        Database{file}.execute("PRAGMA user_version = 1000; UPDATE notes SET value = 1000 WHERE name = 'steps'");
        CHECK(
            refusal(file) ==
            "The database FILE was written by a newer Linnet (form 1000, this program knows 4). Install that Linnet again.");
    }
    SUBCASE("in use") {
        const Store first{file, {}};
        CHECK(refusal(file) == "The database FILE is in use. Is another linnet-analyzer running?");
    }
    SUBCASE("in a folder that cannot be made") {
        std::ofstream{file} << "a file";
        CHECK(refusal(file / "x.db") == "The database FILE cannot be opened: its folder must exist and be writable.");
    }
}
