// The spool in memory and in folders. Events are Lost records whose count is their number, so that one can tell what came
// out.
#include "sensor/spool.hpp"

#include "sensor/spool_slots.hpp"
#include "tests/temporary_folder.hpp"
#include "wire/event.hpp"
#include "wire/frame.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

using namespace linnet;
using namespace std::chrono_literals;

namespace {

using Numbers = std::vector<std::uint64_t>;

constexpr Timestamp noon{Duration{1'700'000'000'000'000}};
constexpr std::size_t mib = 1024 * 1024;

/// Events whose numbers, and whose counts, are first to last. `padding` makes them larger.
std::vector<std::byte> frames(std::uint64_t first, std::uint64_t last, std::size_t padding = 0) {
    std::vector<std::byte> bytes;
    EventEncoder encoder;
    for (auto number = first; number <= last; ++number)
        encoder.append_frame(Lost{.count = number, .reason = std::string(padding, 'x')}, bytes);
    return bytes;
}

void append(Spool& spool, std::uint64_t first, std::uint64_t last, Timestamp now = noon, std::size_t padding = 0) {
    spool.append(frames(first, last, padding), last - first + 1, now);
}

Numbers numbers_in(const link::Data& data) {
    FrameReader reader;
    reader.feed(data.frames);
    Numbers numbers;
    while (const auto frame = reader.next()) numbers.push_back(std::get<Lost>(decode_event(*frame).value()).count);
    return numbers;
}

/// What an analyzer would have of one epoch.
struct Received {
    std::uint64_t epoch = 0;
    std::uint64_t accepted = 0;
    Numbers numbers;
    std::uint64_t lost = 0;
    std::vector<std::string> reasons;
};

/// An analyzer that accepts only what comes next, and commits at once. One entry for each epoch, in order.
std::vector<Received> deliver(Spool& spool) {
    std::vector<Received> all;
    for (;;) {
        all.push_back({.epoch = spool.epoch()});
        auto& one = all.back();
        spool.start_behind(0);
        while (spool.epoch() == one.epoch) {
            const auto message = spool.next(noon);
            if (!message) break;
            if (const auto* data = std::get_if<link::Data>(&*message)) {
                REQUIRE(data->epoch == one.epoch);
                REQUIRE(data->first == one.accepted + 1);
                const auto numbers = numbers_in(*data);
                one.numbers.insert(one.numbers.end(), numbers.begin(), numbers.end());
                one.accepted += numbers.size();
            } else {
                const auto& skip = std::get<link::Skip>(*message);
                REQUIRE(skip.epoch == one.epoch);
                REQUIRE(skip.last > one.accepted);
                CHECK(skip.from <= skip.to);
                one.lost += skip.last - one.accepted;
                one.accepted = skip.last;
                one.reasons.push_back(skip.reason);
            }
        }
        spool.acknowledge(one.accepted);
        if (spool.epoch() == one.epoch) return all;
    }
}

Numbers from_to(std::uint64_t first, std::uint64_t last) {
    Numbers numbers;
    for (auto number = first; number <= last; ++number) numbers.push_back(number);
    return numbers;
}

/// One slot with these bytes in it.
class Memory {
 public:
    explicit Memory(std::span<const std::byte> bytes) : fd_{::memfd_create("test", 0)} {
        REQUIRE(::write(fd_, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
    }
    ~Memory() { ::close(fd_); }
    Memory(const Memory&) = delete;
    Memory& operator=(const Memory&) = delete;
    [[nodiscard]] int fd() const { return fd_; }

 private:
    int fd_;
};

std::vector<std::byte> bytes_of(int fd) {
    std::vector<std::byte> bytes(SpoolSegment{fd}.size());
    REQUIRE(::pread(fd, bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size()));
    return bytes;
}

std::size_t bytes_in(const SpoolSlots& slots) {
    std::size_t bytes = 0;
    for (const int fd : slots.descriptors()) bytes += SpoolSegment{fd}.size();
    return bytes;
}

}  // namespace

TEST_CASE("events are numbered, gathered into batches, and leave when they are acknowledged") {
    const auto slots = SpoolSlots::in_memory({});
    Spool spool{slots.descriptors(), {}, 7};
    CHECK(spool.empty());
    CHECK_FALSE(spool.next(noon));
    append(spool, 1, 3);
    append(spool, 4, 4);
    CHECK(spool.epoch() == 7);
    CHECK(spool.waiting() == 4);
    const auto data = std::get<link::Data>(spool.next(noon).value());
    CHECK(data.epoch == 7);
    CHECK(data.first == 1);
    CHECK(numbers_in(data) == Numbers{1, 2, 3, 4});
    CHECK_FALSE(spool.next(noon));
    append(spool, 5, 5);
    CHECK(std::get<link::Data>(spool.next(noon).value()).first == 5);
    spool.acknowledge(2);
    CHECK(spool.waiting() == 3);
    spool.start_behind(2);  // a reconnect in the middle of a record
    CHECK(numbers_in(std::get<link::Data>(spool.next(noon).value())) == Numbers{3, 4, 5});
    spool.acknowledge(5);
    CHECK(spool.empty());
    CHECK(bytes_in(slots) == SpoolSegment::header_size);  // nothing of what is acknowledged stays
    append(spool, 6, 6);
    CHECK(std::get<link::Data>(spool.next(noon).value()).first == 6);
}

TEST_CASE("a batch is no larger than its limit, and whole records") {
    const SpoolLimits limits{.bytes = mib, .batch_bytes = 4096};
    const auto slots = SpoolSlots::in_memory(limits);
    Spool spool{slots.descriptors(), limits, 7};
    for (std::uint64_t number = 1; number <= 40; ++number) append(spool, number, number, noon, 200);
    CHECK(spool.has_batch());
    Numbers all;
    while (const auto message = spool.next(noon)) {
        const auto& data = std::get<link::Data>(*message);
        CHECK(data.frames.size() <= 4096);
        const auto numbers = numbers_in(data);
        all.insert(all.end(), numbers.begin(), numbers.end());
    }
    CHECK(all == from_to(1, 40));
    CHECK_FALSE(spool.has_batch());
}

TEST_CASE("two runs before this one: delivered first, the oldest first, each under its own epoch") {
    const auto slots = SpoolSlots::in_memory({});
    {
        Spool spool{slots.descriptors(), {}, 5};
        append(spool, 1, 9);
        spool.start_behind(0);
        spool.next(noon);
        spool.acknowledge(4);  // in the middle of a record, which stays whole
    }
    {
        Spool spool{slots.descriptors(), {}, 3};
        CHECK(spool.epoch() == 5);
        append(spool, 1, 2, noon - 400h);  // the clock is of no use: nothing depends on it
    }
    Spool spool{slots.descriptors(), {}, 4};
    append(spool, 1, 1);
    spool.start_behind(4);
    CHECK(numbers_in(std::get<link::Data>(spool.next(noon).value())) == Numbers{5, 6, 7, 8, 9});
    CHECK_FALSE(spool.next(noon));  // the next epoch waits for its Hello
    spool.acknowledge(9);
    CHECK(spool.epoch() == 3);
    const auto rest = deliver(spool);
    REQUIRE(rest.size() == 2);
    CHECK(rest[0].epoch == 3);
    CHECK(rest[0].numbers == Numbers{1, 2});
    CHECK(rest[1].epoch == 4);
    CHECK(rest[1].numbers == Numbers{1});
    CHECK(spool.empty());
}

TEST_CASE("what the analyzer had of a run before, and lost: what is still there comes again, the rest is told") {
    const SpoolLimits limits{.bytes = mib};
    const auto slots = SpoolSlots::in_memory(limits);
    constexpr std::uint64_t count = 3'000;
    {
        Spool spool{slots.descriptors(), limits, 5};
        for (std::uint64_t number = 1; number <= count; number += 10) append(spool, number, number + 9, noon, 100);
        spool.start_behind(0);
        spool.acknowledge(2'000);
    }
    Spool spool{slots.descriptors(), limits, 6};
    const auto all = deliver(spool);  // begins behind 0
    REQUIRE(all.size() == 2);
    CHECK(all[0].lost > 0);
    CHECK(all[0].lost < 2'000);
    CHECK(all[0].numbers == from_to(all[0].lost + 1, count));
    CHECK(all[0].reasons == std::vector<std::string>{"the analyzer lost what it had"});
}

TEST_CASE("full: the oldest goes, and rows and losses together are everything, exactly") {
    const SpoolLimits limits{.bytes = mib, .batch_bytes = 64 * 1024};
    const auto slots = SpoolSlots::in_memory(limits);
    std::vector<std::string> said;
    Spool spool{slots.descriptors(), limits, 7, [&](const std::string& line) { said.push_back(line); }};
    constexpr std::uint64_t count = 30'000;
    for (std::uint64_t number = 1; number <= count; number += 10)
        append(spool, number, number + 9, noon + Duration{number}, 100);
    CHECK(bytes_in(slots) <= limits.bytes);
    CHECK(bytes_in(slots) > limits.bytes * 8 / 10);
    CHECK(spool.full());
    CHECK(said == std::vector<std::string>{"the spool is full: the oldest events go, and are counted"});
    const auto skip = std::get<link::Skip>(spool.next(noon).value());
    CHECK(skip.from == noon + Duration{1});
    CHECK(skip.to == noon + Duration{skip.last - 9});
    spool.start_behind(0);
    const auto all = deliver(spool);
    REQUIRE(all.size() == 1);
    CHECK(all[0].lost > 20'000);
    CHECK(all[0].numbers.size() + all[0].lost == count);
    CHECK(all[0].numbers == from_to(all[0].lost + 1, count));
    CHECK(all[0].reasons == std::vector<std::string>{"the sensor's spool was full"});
    CHECK(spool.empty());
    CHECK(bytes_in(slots) == SpoolSegment::header_size);
}

TEST_CASE("full while some is sent and not acknowledged: a lost acknowledgement does not make the count wrong") {
    const SpoolLimits limits{.bytes = mib, .batch_bytes = 64 * 1024};
    const auto slots = SpoolSlots::in_memory(limits);
    Spool spool{slots.descriptors(), limits, 7};
    append(spool, 1, 100);
    const auto sent = std::get<link::Data>(spool.next(noon).value());  // the analyzer has it; its Ack is lost
    CHECK(numbers_in(sent).size() == 100);
    for (std::uint64_t number = 101; number <= 20'100; number += 100) append(spool, number, number + 99, noon, 100);
    spool.start_behind(100);
    const auto skip = std::get<link::Skip>(spool.next(noon).value());
    const auto data = std::get<link::Data>(spool.next(noon).value());
    CHECK(skip.last > 100);
    CHECK(data.first == skip.last + 1);
    CHECK(numbers_in(data).front() == data.first);
}

TEST_CASE("full over several runs: each tells what it lost, and the newest is whole as far as it goes") {
    const SpoolLimits limits{.bytes = mib, .batch_bytes = 64 * 1024};
    const auto slots = SpoolSlots::in_memory(limits);
    constexpr std::uint64_t each = 3'000, runs = 9;
    for (std::uint64_t run = 1; run < runs; ++run) {
        Spool spool{slots.descriptors(), limits, run};
        for (std::uint64_t number = 1; number <= each; number += 50) append(spool, number, number + 49, noon, 100);
    }
    Spool spool{slots.descriptors(), limits, runs};
    for (std::uint64_t number = 1; number <= each; number += 50) append(spool, number, number + 49, noon, 100);
    const auto all = deliver(spool);
    REQUIRE(all.size() == runs);
    for (std::uint64_t run = 1; run <= runs; ++run) {
        CAPTURE(run);
        CHECK(all[run - 1].epoch == run);
        CHECK(all[run - 1].numbers.size() + all[run - 1].lost == each);
    }
    CHECK(all.front().lost == each);
    CHECK(all.back().lost == 0);
}

TEST_CASE("cut at every byte: what comes out is a prefix, each event once, and the next run goes on behind it") {
    const auto slots = SpoolSlots::in_memory({});
    {
        Spool spool{slots.descriptors(), {}, 5};
        append(spool, 1, 2);
        append(spool, 3, 3);
        append(spool, 4, 6);
    }
    const auto whole = bytes_of(slots.descriptors().back());  // the last slot is the first that is used
    REQUIRE(whole.size() > 300);
    for (std::size_t size = 0; size <= whole.size(); ++size) {
        const Memory first{std::span{whole}.first(size)}, second{{}};
        const std::array<int, 2> cut{first.fd(), second.fd()};
        Spool spool{cut, {}, 6};
        append(spool, 1, 1);
        const auto all = deliver(spool);
        REQUIRE(all.back().epoch == 6);
        REQUIRE(all.back().numbers == Numbers{1});
        REQUIRE(all.back().lost == 0);
        const auto before = all.size() == 2 ? all.front().numbers : Numbers{};
        REQUIRE((before == Numbers{} || before == Numbers{1, 2} || before == Numbers{1, 2, 3} || before == from_to(1, 6)));
        if (size == whole.size()) CHECK(before == from_to(1, 6));
    }
}

TEST_CASE("any bit turned: never a wrong event, never one twice; damaged frames are told exactly") {
    const auto slots = SpoolSlots::in_memory({});
    {
        Spool spool{slots.descriptors(), {}, 5};
        append(spool, 1, 2);
        append(spool, 3, 3);
        append(spool, 4, 5);
    }
    auto bytes = bytes_of(slots.descriptors().back());
    std::size_t told = 0;
    for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
        const auto mask = std::byte{1} << (bit % 8);
        bytes[bit / 8] ^= mask;
        {
            const Memory first{bytes}, second{{}};
            const std::array<int, 2> turned{first.fd(), second.fd()};
            Spool spool{turned, {}, 6};
            for (const auto& one : deliver(spool)) {
                if (one.epoch == 6) continue;
                REQUIRE(one.epoch == 5);
                REQUIRE(one.accepted <= 5);
                REQUIRE(one.numbers.size() + one.lost == one.accepted);
                for (std::size_t i = 1; i < one.numbers.size(); ++i) REQUIRE(one.numbers[i - 1] < one.numbers[i]);
                REQUIRE((one.numbers.empty() || one.numbers.back() <= 5));
                REQUIRE(one.numbers.size() < 5);
                if (one.accepted == 5) ++told;
            }
        }
        bytes[bit / 8] ^= mask;
    }
    CHECK(told > bytes.size() * 4);  // most bits are of frames, whose head says what they were
}

TEST_CASE("damage while it runs, in the middle and at the end, is told by the numbers") {
    const auto slots = SpoolSlots::in_memory({});
    Spool spool{slots.descriptors(), {}, 7};
    append(spool, 1, 10);
    append(spool, 11, 20);
    const int fd = slots.descriptors().back();
    const auto size = SpoolSegment{fd}.size();
    const std::array<char, 4> rubbish{'r', 'u', 'b', 'b'};
    const auto half = static_cast<off_t>((size - SpoolSegment::header_size) / 2 + SpoolSegment::header_size);
    REQUIRE(::pwrite(fd, rubbish.data(), rubbish.size(), half) == 4);  // the second record's head
    const auto all = deliver(spool);
    REQUIRE(all.size() == 1);
    CHECK(all[0].numbers == from_to(1, 10));
    CHECK(all[0].lost == 10);
    CHECK(all[0].reasons == std::vector<std::string>{"a part of the sensor's spool was damaged"});
    CHECK(spool.empty());
}

TEST_CASE("the disk is full: the oldest goes; where that does not help it is counted; room is used when it is back") {
    const test::TemporaryFolder folder;
    const SpoolLimits limits{.bytes = mib};
    const auto slots = SpoolSlots::in_folder(folder.file("spool"), limits);
    std::vector<std::string> said;
    Spool spool{slots.descriptors(), limits, 7, [&](const std::string& line) { said.push_back(line); }};
    append(spool, 1, 10);
    rlimit before{};
    ::getrlimit(RLIMIT_FSIZE, &before);
    auto* const handler = std::signal(SIGXFSZ, SIG_IGN);
    const auto allow = [&before](rlim_t bytes) {
        const rlimit limit{bytes, before.rlim_max};
        REQUIRE(::setrlimit(RLIMIT_FSIZE, &limit) == 0);
    };
    allow(SpoolSegment{slots.descriptors().back()}.size());
    append(spool, 11, 12);  // takes the place of 1 to 10
    allow(16);
    for (std::uint64_t number = 13; number <= 40; ++number) append(spool, number, number);
    allow(before.rlim_cur);
    append(spool, 41, 42);
    std::signal(SIGXFSZ, handler);
    CHECK(said == std::vector<std::string>{
                      "there is no more room for the spool: the oldest events go, and are counted",
                      "the spool cannot be written, not even without its oldest events: what is lost is counted"});
    const auto all = deliver(spool);
    REQUIRE(all.size() == 1);
    CHECK(all[0].accepted == 42);
    CHECK(all[0].numbers.size() + all[0].lost == 42);
    CHECK(all[0].numbers.back() == 42);
    CHECK(spool.empty());
}

TEST_CASE("a folder: private, used by one sensor at a time, and what was in it is delivered by the next") {
    const test::TemporaryFolder folder;
    const auto path = folder.file("spool");
    {
        const auto slots = SpoolSlots::in_folder(path, {});
        struct stat about {};
        REQUIRE(::stat(path.c_str(), &about) == 0);
        CHECK((about.st_mode & 0777) == 0700);
        REQUIRE(::stat((path / "segment-000").c_str(), &about) == 0);
        CHECK((about.st_mode & 0777) == 0600);
        Spool spool{slots.descriptors(), {}, 5};
        append(spool, 1, 4);
    }
    const auto slots = SpoolSlots::in_folder(path, {.bytes = mib});
    Spool spool{slots.descriptors(), {.bytes = mib}, 6};
    const auto all = deliver(spool);
    REQUIRE(all.size() == 2);
    CHECK(all[0].numbers == from_to(1, 4));
    CHECK_THROWS_WITH_AS(SpoolSlots::in_folder(folder.file("no/such"), {}), doctest::Contains("No such file"), SpoolError);
}

TEST_CASE("files that do not begin as a segment does are put aside, the newest four stay") {
    const test::TemporaryFolder folder;
    const auto path = folder.file("spool");
    { const auto made = SpoolSlots::in_folder(path, {}); }
    for (int slot = 0; slot < 7; ++slot)
        std::ofstream{path / ("segment-00" + std::to_string(slot))} << "no segment of ours " << slot;
    const auto slots = SpoolSlots::in_folder(path, {});
    std::size_t aside = 0;
    for (const auto& entry : std::filesystem::directory_iterator{path}) aside += entry.path().extension() == ".damaged";
    CHECK(aside == SpoolSlots::put_aside);
    Spool spool{slots.descriptors(), {}, 6};
    append(spool, 1, 1);
    CHECK(deliver(spool).front().numbers == Numbers{1});
    std::filesystem::create_symlink("/etc/passwd", path / "segment-100");
    CHECK(std::filesystem::exists(path / "segment-100"));  // beyond the last: never looked at
}

TEST_CASE("the newest record is known again, byte for byte") {
    const auto slots = SpoolSlots::in_memory({});
    Spool spool{slots.descriptors(), {}, 5};
    CHECK_FALSE(spool.ends_with(frames(1, 2)));
    append(spool, 1, 2);
    CHECK(spool.ends_with(frames(1, 2)));
    CHECK_FALSE(spool.ends_with(frames(2, 3)));
    CHECK_FALSE(spool.ends_with(frames(1, 1)));
    const Spool next{slots.descriptors(), {}, 6};
    CHECK(next.ends_with(frames(1, 2)));
}

TEST_CASE("an analyzer that claims more than was sent, or less than it had, breaks nothing") {
    const auto slots = SpoolSlots::in_memory({});
    Spool spool{slots.descriptors(), {}, 5};
    append(spool, 1, 2);
    spool.start_behind(~0ULL);
    CHECK(spool.empty());
    CHECK_FALSE(spool.next(noon));
    spool.start_behind(0);
    const auto skip = std::get<link::Skip>(spool.next(noon).value());
    CHECK(skip.last == 2);
    CHECK(skip.reason == "the analyzer lost what it had");
}
