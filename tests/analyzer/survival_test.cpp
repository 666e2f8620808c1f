// A store that survives: broken files, copies, clocks that leap, too many rows; and one that really forgets.
#include "analyzer/column.hpp"
#include "analyzer/household.hpp"
#include "analyzer/signatures.hpp"
#include "analyzer/state_table.hpp"
#include "analyzer/store.hpp"
#include "tests/analyzer/synthetic_events.hpp"
#include "tests/temporary_folder.hpp"
#include "wire/data_directory.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cctype>
#include <fstream>
#include <iterator>
#include <thread>

using namespace linnet;
using namespace std::chrono_literals;

namespace {

const Timestamp noon = *parse_timestamp("2026-03-01T12:00:00.000000Z");

std::shared_ptr<const Signatures> signatures() {
    static const auto read = std::make_shared<const Signatures>(Signatures::read(signatures_directory()));
    return read;
}

struct Lab {
    Store store;
    Core core{{}, signatures()};

    explicit Lab(const std::filesystem::path& file, const Retention& retention = {}, Timestamp now = noon)
        : store{file, retention, now} {
        store.restore(core);
        core.household().wake();
    }
    void add(const Event& event) {
        core.apply("pi", event);
        store.add(store.source({"pi", 1}, "eth0"), event);
    }
    void commit(Timestamp now = noon) { store.commit(core.take_changes(), core, now); }
    /// Until the daily copy is there, if one is due.
    void copy(Timestamp now = noon) {
        for (int turn = 0; turn < 400; ++turn) {
            store.copy_a_little(now);
            if (turn > 2 && !store.is_copying() && store.has_copied()) return;
            std::this_thread::sleep_for(1ms);
        }
    }
};

Flow flow_at(std::uint64_t id, Timestamp at) {
    auto flow = test::synthetic_flow(id, FlowStage::start, at);
    flow.first_seen = at;
    return flow;
}

std::string content(const std::filesystem::path& file) {
    std::ifstream stream{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{stream}, {}};
}

void write(const std::filesystem::path& file, const std::string& bytes) {
    std::ofstream{file, std::ios::binary | std::ios::trunc} << bytes;
}

std::vector<std::string> names_in(const std::filesystem::path& folder) {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator{folder}) names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
}

void fill(const std::filesystem::path& file, std::uint64_t flows) {
    Lab lab{file};
    for (std::uint64_t id = 0; id < flows; ++id) lab.add(flow_at(id, noon));
    lab.commit();
}

}  // namespace

TEST_CASE("a database that is none any more is put aside, and a new one begins") {
    const test::TemporaryFolder folder;
    const auto file = folder.file("linnet.db");
    write(file, std::string(5'000, 'x'));
    Lab lab{file};
    REQUIRE(lab.store.restoration());
    CHECK(lab.store.restoration()->copy.empty());
    CHECK(content(lab.store.restoration()->broken) == std::string(5'000, 'x'));
    CHECK(lab.store.restoration()->broken.filename() == "linnet.db.broken-20260301T120000Z");
    CHECK(lab.store.flows({}).empty());
}

TEST_CASE("the newest good copy takes the place of a broken database; that is told until the broken file is gone") {
    const test::TemporaryFolder folder;
    const auto file = folder.file("linnet.db");
    {
        Lab lab{file};
        lab.add(flow_at(1, noon));
        lab.commit();
        lab.copy(noon);
        lab.add(flow_at(2, noon));
        lab.commit();
    }
    {
        Lab lab{file};
        lab.copy(noon + 24h);
        lab.add(flow_at(3, noon));
        lab.commit();
    }
    const auto copies = copies_of(file);
    REQUIRE(copies.size() == 2);
    CHECK((std::filesystem::status(copies[0].file).permissions() & std::filesystem::perms::all) ==
          (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
    CHECK(copies[0].made == noon + 24h);
    write(file, "broken");
    SUBCASE("the newest is good") {
        Lab lab{file, {}, noon + 48h};
        CHECK(lab.store.flows({}).size() == 2);
        REQUIRE(lab.store.restoration());
        CHECK(lab.store.restoration()->copy == copies[0].file.string());
        CHECK(lab.store.restoration()->copied == noon + 24h);
    }
    SUBCASE("the newest is damaged, too") {
        write(copies[0].file, content(copies[0].file).substr(0, 5'000));
        Lab lab{file, {}, noon + 48h};
        CHECK(lab.store.flows({}).size() == 1);
    }
    std::filesystem::path broken;
    {
        Lab again{file, {}, noon + 72h};
        REQUIRE(again.store.restoration());
        CHECK(again.store.restoration()->at == noon + 48h);
        broken = again.store.restoration()->broken;
        CHECK(content(broken) == "broken");
    }
    std::filesystem::remove(broken);
    CHECK_FALSE(Lab{file}.store.restoration());
}

TEST_CASE("two copies are kept, one a day, whatever the clock does") {
    const test::TemporaryFolder folder;
    const auto file = folder.file("linnet.db");
    fill(file, 10);
    for (const auto at : {noon, noon + 1h, noon + 365 * 24h, noon + 2h, noon + 3h, noon + 26h}) Lab{file}.copy(at);
    const auto copies = copies_of(file);
    REQUIRE(copies.size() == 2);
    CHECK(copies[0].made == noon + 26h);
    CHECK(copies[0].number == 4);
    CHECK(copies[1].made == noon + 2h);
}

TEST_CASE("a copy is what was committed, also where rows come while it is made") {
    const test::TemporaryFolder folder;
    const auto file = folder.file("linnet.db");
    fill(file, 8'000);
    Lab lab{file};
    std::uint64_t id = 10'000;
    for (int turn = 0; turn < 2'000 && copies_of(file).empty(); ++turn) {
        lab.store.copy_a_little(noon);
        if (lab.store.is_copying()) {
            lab.add(flow_at(id++, noon));
            lab.store.copy_a_little(noon);  // nothing: a transaction is open
            lab.commit();
        } else {
            std::this_thread::sleep_for(1ms);
        }
    }
    CHECK(id > 10'002);
    REQUIRE(copies_of(file).size() == 1);
    const Database copy{copies_of(file)[0].file};
    CHECK(copy.integer("SELECT count(*) FROM flows") == 8'000 + static_cast<std::int64_t>(id) - 10'000);
    CHECK(copy.text("PRAGMA integrity_check") == "ok");
}

TEST_CASE("bits flipped anywhere: the start succeeds, and what was broken is kept") {
    const test::TemporaryFolder folder;
    const auto file = folder.file("linnet.db");
    fill(file, 300);
    {
        Lab lab{file};
        lab.copy();
    }
    const auto good = content(file);
    REQUIRE(copies_of(file).size() == 1);
    std::size_t put_aside = 0;
    const auto attempt = [&](std::size_t at, unsigned bit) {
        CAPTURE(at);
        CAPTURE(bit);
        auto bad = good;
        bad[at] = static_cast<char>(static_cast<unsigned char>(bad[at]) ^ 1U << bit);
        write(file, bad);
        const auto start = [&] {
            Lab lab{file};
            lab.add(flow_at(1'000'000, noon));
            lab.commit();
            CHECK(lab.store.flows({.limit = 5'000}).size() <= 301);
            if (!lab.store.restoration()) return;
            ++put_aside;
            CHECK(content(lab.store.restoration()->broken).size() >= bad.size());
            CHECK(lab.store.flows({.limit = 5'000}).size() == 301);
            remove_database(lab.store.restoration()->broken);
        };
        try {
            start();
        } catch (const DatabaseError& error) {  // shown by a write: then the analyzer ends, and is started again
            REQUIRE(error.trouble == Trouble::broken);
            const auto before = put_aside;
            mark_as_broken(file);
            start();
            CHECK(put_aside == before + 1);
        }
        remove_database(file);
    };
    for (std::size_t at = 0; at < 100; ++at)
        for (unsigned bit = 0; bit < 8; bit += 3) attempt(at, (bit + static_cast<unsigned>(at)) % 8);
    for (std::size_t at = 100; at < 4'096; at += 149) attempt(at, static_cast<unsigned>(at) % 8);
    for (std::size_t page = 4'096; page < good.size(); page += 4'096)
        for (const std::size_t offset : {0, 3, 5, 9, 700, 4'090})
            attempt(page + offset, static_cast<unsigned>(page / 4'096) % 8);
    CHECK(put_aside > 50);
}

TEST_CASE("cut anywhere: the start succeeds") {
    const test::TemporaryFolder folder;
    const auto file = folder.file("linnet.db");
    fill(file, 300);
    {
        Lab lab{file};
        lab.copy();
    }
    const auto good = content(file);
    for (std::size_t size = 0; size < good.size(); size += 4'096 + 511) {
        CAPTURE(size);
        write(file, good.substr(0, size));
        {
            const Lab lab{file};
            REQUIRE(lab.store.restoration());
            CHECK_FALSE(lab.store.restoration()->copy.empty());
            remove_database(lab.store.restoration()->broken);
        }
        remove_database(file);
    }
}

TEST_CASE("a clock that leaps a year, and back, makes nothing old; one that goes on for a month does") {
    Lab lab{":memory:"};
    lab.add(flow_at(1, noon));
    lab.commit(noon);
    const auto ahead = noon + 365 * 24h;
    lab.add(flow_at(2, ahead));
    lab.commit(ahead);
    lab.add(flow_at(3, ahead + 1s));
    lab.commit(ahead + 1s);
    CHECK(lab.store.flows({}).size() == 3);
    lab.add(flow_at(4, noon + 1min));
    lab.commit(noon + 1min);
    CHECK(lab.store.flows({}).size() == 4);
    lab.add(flow_at(5, noon - 365 * 24h));
    lab.commit(noon - 365 * 24h);
    lab.add(flow_at(6, noon + 2min));
    lab.commit(noon + 2min);
    CHECK(lab.store.flows({}).size() == 6);
    Lab other{":memory:"};
    for (int day = 0; day <= 30; ++day) {
        other.add(flow_at(static_cast<std::uint64_t>(day), noon + day * 24h));
        other.commit(noon + day * 24h);
    }
    CHECK(other.store.flows({}).size() == 8);
}

TEST_CASE("beyond its size the database loses its oldest flows, and keeps up with what comes") {
    const test::TemporaryFolder folder;
    constexpr std::int64_t limit = 1'500'000;
    Lab lab{folder.file("linnet.db"), {.flows = std::chrono::days{0}, .max_bytes = limit}};
    std::uint64_t id = 0;
    for (int batch = 0; batch < 20; ++batch) {
        for (int i = 0; i < 1'000; ++i, ++id)
            lab.store.add(lab.store.source({"pi", 1}, "eth0"), flow_at(id, noon + std::chrono::milliseconds{id}));
        lab.commit();
    }
    const Store::Counts counts = lab.store.counts();
    CHECK(counts.bytes < 2 * limit);
    CHECK(counts.flows > 1'000);
    CHECK(counts.flows < 15'000);
    CHECK(lab.store.flows({.limit = 1}).at(0).flow.id == id - 1);
}

TEST_CASE("what a device sent and received in an hour is the sum of the flows that ended then") {
    Lab lab{":memory:"};
    auto flow = test::synthetic_flow(1, FlowStage::end, noon + 5min);
    flow.packets_to_client = 4;
    flow.bytes_to_client = 5'000;
    lab.store.add_volume("b8:27:eb:00:00:02", flow, true);
    lab.store.add_volume("b8:27:eb:00:00:03", flow, false);
    lab.commit();
    lab.store.add_volume("b8:27:eb:00:00:02", flow, true);
    flow.app_proto = "dns";
    flow.last_seen = noon + 70min;
    lab.store.add_volume("b8:27:eb:00:00:02", flow, true);
    lab.commit();
    const auto hours = lab.store.hours({.limit = 10, .before = {}, .device = "b8:27:eb:00:00:02", .keys = {}});
    REQUIRE(hours.size() == 2);
    CHECK(hours[0].hour == noon + 1h);
    CHECK(hours[0].app_proto == "dns");
    CHECK(hours[1].hour == noon);
    CHECK(hours[1].volume.flows == 2);
    CHECK(hours[1].volume.bytes_out == 2 * flow.bytes_to_server);
    CHECK(hours[1].volume.bytes_in == 10'000);
    CHECK(hours[1].volume.packets_in == 8);
    const auto server = lab.store.hours({.limit = 10, .before = {}, .device = "b8:27:eb:00:00:03", .keys = {}});
    REQUIRE(server.size() == 1);
    CHECK(server[0].volume.bytes_in == flow.bytes_to_server);
    CHECK(server[0].volume.bytes_out == 5'000);
}

namespace {

/// Two devices that talk with each other, guess passwords and have names.
void live(Lab& lab) {
    for (std::uint64_t number = 1; number <= 3'000; ++number) lab.add(test::synthetic_event(number, 5'000));
    for (const std::uint64_t device : {7, 8}) {
        const auto name = device == 7 ? "attic-camera" : "cellar-printer";
        lab.add(DeviceHint{noon, test::device_mac(device), test::device_ip(device), "dhcp", "hostname", name});
    }
    for (std::uint64_t i = 0; i < 30; ++i) {
        Login login;
        login.at = noon + std::chrono::seconds{i};
        login.flow_id = 90'000 + i;
        login.client = {test::device_ip(8), Port{static_cast<std::uint16_t>(40'000 + i)}, test::device_mac(8)};
        login.server = {test::device_ip(7), Port{23}, test::device_mac(7)};
        login.service = Service::telnet;
        login.outcome = Outcome::failure;
        login.user = "root";
        lab.add(login);
    }
    const auto flow = test::synthetic_flow(46, FlowStage::end, noon);
    lab.store.add_volume(to_string(test::device_mac(7)), flow, true);
    lab.commit();
}

/// In which files beside the database device 7 can still be found.
std::string found_in(const test::TemporaryFolder& folder) {
    const auto mac = test::device_mac(7);
    const auto ip = test::device_ip(7);
    std::vector<std::string> traces{"b8:27:eb:00:00:07",
                                    "B8-27-EB-00-00-07",
                                    "b827eb000007",
                                    "attic-camera",
                                    std::string{mac.bytes.begin(), mac.bytes.end()},
                                    std::string{ip.bytes.end() - 4, ip.bytes.end()}};
    std::string found;
    for (const auto& name : names_in(folder.file(""))) {
        const auto bytes = content(folder.file(name));
        for (const auto& trace : traces)
            if (bytes.find(trace) != std::string::npos) found += name + " has " + to_hex(trace) + "; ";
        // The address as text, not as the beginning of another one.
        const std::string text = to_string(ip);
        for (auto at = bytes.find(text); at != std::string::npos; at = bytes.find(text, at + 1))
            if (at + text.size() >= bytes.size() || std::isdigit(static_cast<unsigned char>(bytes[at + text.size()])) == 0) {
                found += name + " has " + text + "; ";
                break;
            }
    }
    return found;
}

Traces traces_of(const Core& core, std::uint64_t number) {
    const auto device = core.household().device(to_string(test::device_mac(number)));
    REQUIRE(device);
    auto others = core.devices();
    std::erase_if(others, [&device](const Device& other) { return other.key == device->key; });
    return Traces{*device, others};
}

}  // namespace

TEST_CASE("a forgotten device is in no file any more, also not in one that was put aside") {
    const test::TemporaryFolder folder;
    const auto file = folder.file("linnet.db");
    write(file, "a broken one that tells of attic-camera");
    Lab lab{file};
    live(lab);
    lab.copy();
    REQUIRE(copies_of(file).size() == 1);
    REQUIRE(found_in(folder).find("linnet.db.copy") != std::string::npos);
    REQUIRE(found_in(folder).find("linnet.db.broken") != std::string::npos);
    lab.store.forget(traces_of(lab.core, 7));
    lab.store.sweep();
    CHECK(found_in(folder) == "");
    CHECK_FALSE(lab.store.restoration());
}

TEST_CASE("where sweeping up was interrupted the next start goes on with it") {
    const test::TemporaryFolder folder;
    const auto file = folder.file("linnet.db");
    std::size_t devices = 0;
    std::int64_t flows = 0;
    {
        Lab lab{file};
        live(lab);
        lab.copy();
        devices = lab.core.devices().size();
        flows = lab.store.counts().flows;
        lab.store.forget(traces_of(lab.core, 7));
        CHECK_FALSE(found_in(folder).empty());
    }
    Lab lab{file};
    CHECK(found_in(folder) == "");
    CHECK(lab.core.devices().size() == devices - 1);
    CHECK(lab.store.counts().flows < flows);
    CHECK(lab.store.counts().flows > flows / 2);
    CHECK(lab.core.household().device(to_string(test::device_mac(8))));
    CHECK_FALSE(lab.core.household().device(to_string(test::device_mac(7))));
    lab.copy();
    CHECK(copies_of(file).size() == 1);
    CHECK(found_in(folder) == "");
    lab.add(DeviceHint{noon + 1h, test::device_mac(7), test::device_ip(7), "dhcp", "hostname", "attic-camera"});
    lab.commit();
    const auto met = lab.core.household().device(to_string(test::device_mac(7)));
    REQUIRE(met);
    CHECK(met->first_seen == noon + 1h);
}

TEST_CASE("erased is everything but how far each sensor's events have come") {
    const test::TemporaryFolder folder;
    const auto file = folder.file("linnet.db");
    {
        Lab lab{file};
        live(lab);
        lab.copy();
        lab.store.erase();
        lab.store.sweep();
        CHECK(found_in(folder) == "");
    }
    Lab lab{file};
    CHECK(lab.core.devices().empty());
    CHECK(lab.store.alerts({}).empty());
    CHECK(lab.store.flows({}).empty());
    CHECK(lab.store.find({"pi", 1})->committed > 3'000);
}

TEST_CASE("after a rollback the store is as it was with the last commit") {
    const test::TemporaryFolder folder;
    Lab lab{folder.file("linnet.db")};
    lab.add(flow_at(1, noon));
    lab.commit();
    lab.add(flow_at(2, noon));
    lab.store.roll_back();
    CHECK(lab.store.uncommitted() == 0);
    REQUIRE(lab.store.find({"pi", 1}));
    CHECK(lab.store.find({"pi", 1})->accepted == 1);
    CHECK(lab.store.flows({}).size() == 1);
    lab.add(flow_at(3, noon));
    lab.commit();
    CHECK(lab.store.flows({}).size() == 2);
}
