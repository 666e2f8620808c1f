// Both ends of the link: a real shipper with its spool, and a real Inbox with its Store, which the test takes away and gives
// back. What is in the tables and what was told as lost is everything, exactly.
#include "analyzer/inbox.hpp"
#include "analyzer/signatures.hpp"
#include "analyzer/store.hpp"
#include "sensor/shipper.hpp"
#include "sensor/spool_slots.hpp"
#include "tests/temporary_folder.hpp"
#include "wire/data_directory.hpp"
#include "wire/frame.hpp"

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <set>
#include <thread>
#include <utility>
#include <vector>

using namespace linnet;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t mib = 1024 * 1024;

/// An analyzer's inbox and store, working until it goes away.
class Analyzer {
 public:
    Analyzer(const std::string& endpoint, const std::filesystem::path& database)
        : store_{database, {}}, inbox_{context_, {endpoint}} {}
    ~Analyzer() {
        while (inbox_.receive(store_, 16, [](const Source&, const Event&) {})) {
        }
    }
    Analyzer(const Analyzer&) = delete;
    Analyzer& operator=(const Analyzer&) = delete;

    /// Receives and commits until `enough`.
    template <class Enough>
    void work_until(Enough enough) {
        for (const auto deadline = std::chrono::steady_clock::now() + 30s; !enough();) {
            REQUIRE(std::chrono::steady_clock::now() < deadline);
            std::vector<zmq::pollitem_t> items;
            inbox_.add_to(items);
            zmq::poll(items.data(), items.size(), 50ms);
            inbox_.receive(store_, 16, [this](const Source& source, const Event& event) {
                if (const auto* hint = std::get_if<DeviceHint>(&event)) {
                    ++events_;
                    CHECK(numbers_.emplace(source.epoch, hint->value).second);  // nothing twice
                } else if (const auto* lost = std::get_if<Lost>(&event)) {
                    lost_ += lost->count;
                    ++records_;
                }
            });
            if (store_.uncommitted() > 0) store_.commit(core_.take_changes(), core_, Timestamp{});
            inbox_.acknowledge(store_);
        }
    }
    [[nodiscard]] std::uint64_t events() const { return events_; }
    [[nodiscard]] std::uint64_t lost() const { return lost_; }
    [[nodiscard]] std::uint64_t records() const { return records_; }
    [[nodiscard]] std::uint64_t all() const { return events_ + lost_; }

 private:
    zmq::context_t context_;
    Store store_;
    Core core_{{}, std::make_shared<const Signatures>(Signatures::read(signatures_directory()))};
    Inbox inbox_;
    std::set<std::pair<std::uint64_t, std::string>> numbers_;
    std::uint64_t events_ = 0, lost_ = 0, records_ = 0;
};

class Sensor {
 public:
    Sensor(const std::string& endpoint, std::uint64_t epoch, const SpoolSlots& slots) {
        REQUIRE(::socketpair(AF_UNIX, SOCK_SEQPACKET, 0, stream_.data()) == 0);
        options_.endpoint = endpoint;
        options_.sensor = "pi";
        options_.source = "eth0";
        options_.epoch = epoch;
        options_.spool.bytes = mib;
        options_.slots = slots.descriptors();
        options_.spool_stays = true;
        options_.stopping = [this] { return stop_.load(); };
        result_ = std::async(std::launch::async, [this] { return ship(stream_[0], options_); });
    }
    ~Sensor() {
        leave();
        ::close(stream_[0]);
    }
    Sensor(const Sensor&) = delete;
    Sensor& operator=(const Sensor&) = delete;

    void tell(std::uint64_t first, std::uint64_t last) {
        EventEncoder encoder;
        for (std::vector<std::byte> frames; first <= last; frames.clear()) {
            for (int i = 0; i < 50 && first <= last; ++i, ++first)
                encoder.append_frame(DeviceHint{.source = "test", .key = "number", .value = std::to_string(first)}, frames);
            REQUIRE(::write(stream_[1], frames.data(), frames.size()) == static_cast<ssize_t>(frames.size()));
        }
    }
    /// The stream ends; what is not delivered stays in the slots.
    std::optional<ShipResult> leave() {
        if (stream_[1] >= 0) ::close(std::exchange(stream_[1], -1));
        stop_ = true;
        if (!result_.valid()) return std::nullopt;
        return result_.get();
    }

 private:
    std::array<int, 2> stream_{-1, -1};
    ShipperOptions options_;
    std::atomic<bool> stop_ = false;
    std::future<ShipResult> result_;
};

}  // namespace

TEST_CASE("the analyzer is away for longer than the spool lasts: what arrives and what is told as lost is everything") {
    const test::TemporaryFolder folder;
    const auto slots = SpoolSlots::in_memory({.bytes = mib});
    Sensor sensor{folder.endpoint("events"), 7, slots};
    constexpr std::uint64_t before = 1'000, away = 40'000, after = 500;
    auto analyzer = std::make_unique<Analyzer>(folder.endpoint("events"), folder.file("linnet.db"));
    sensor.tell(1, before);
    analyzer->work_until([&] { return analyzer->events() == before; });
    CHECK(analyzer->lost() == 0);
    analyzer.reset();
    sensor.tell(before + 1, before + away);
    std::this_thread::sleep_for(300ms);
    analyzer = std::make_unique<Analyzer>(folder.endpoint("events"), folder.file("linnet.db"));
    sensor.tell(before + away + 1, before + away + after);
    analyzer->work_until([&] { return analyzer->all() >= away + after; });
    CHECK(analyzer->all() == away + after);
    CHECK(analyzer->lost() > 0);
    CHECK(analyzer->records() == 1);
    CHECK(analyzer->events() > 5'000);
}

TEST_CASE("three runs of a sensor while the analyzer is away: every event of each once, nothing lost") {
    const test::TemporaryFolder folder;
    const auto slots = SpoolSlots::in_memory({.bytes = mib});
    for (std::uint64_t epoch = 1; epoch <= 3; ++epoch) {
        Sensor sensor{folder.endpoint("events"), epoch, slots};
        sensor.tell(1, 1'000);
        const auto result = sensor.leave();
        CHECK(result->ok);
        CHECK(result->left == 1'000);
    }
    Sensor sensor{folder.endpoint("events"), 4, slots};
    sensor.tell(1, 10);
    Analyzer analyzer{folder.endpoint("events"), folder.file("linnet.db")};
    analyzer.work_until([&] { return analyzer.all() >= 3'010; });
    CHECK(analyzer.events() == 3'010);
    CHECK(analyzer.lost() == 0);
}

TEST_CASE("an older copy of the database: the difference is told, neither more nor less") {
    const test::TemporaryFolder folder;
    const auto slots = SpoolSlots::in_memory({.bytes = mib});
    Sensor sensor{folder.endpoint("events"), 7, slots};
    sensor.tell(1, 300);
    {
        Analyzer analyzer{folder.endpoint("events"), folder.file("linnet.db")};
        analyzer.work_until([&] { return analyzer.events() == 300; });
    }
    for (const auto* end : {"", "-wal"})
        if (std::filesystem::exists(folder.file(std::string{"linnet.db"} + end)))
            std::filesystem::copy(folder.file(std::string{"linnet.db"} + end), folder.file(std::string{"copy.db"} + end));
    {
        Analyzer analyzer{folder.endpoint("events"), folder.file("linnet.db")};
        sensor.tell(301, 1'000);
        analyzer.work_until([&] { return analyzer.events() == 700; });
    }
    Analyzer analyzer{folder.endpoint("events"), folder.file("copy.db")};
    sensor.tell(1'001, 1'100);
    analyzer.work_until([&] { return analyzer.all() >= 800; });
    CHECK(analyzer.lost() == 700);
    CHECK(analyzer.events() == 100);
}
