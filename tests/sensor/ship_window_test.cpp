#include "sensor/ship_window.hpp"

#include "wire/frame.hpp"

#include <doctest/doctest.h>

using namespace linnet;

namespace {

/// An event's bytes: the window never looks inside. 4 + 6 bytes as a frame.
void add(ShipWindow& window, int count) {
    const std::array<std::byte, 6> event{};
    for (int i = 0; i < count; ++i) window.add(event);
}

/// Sends what there is: the first number and the number of events of each batch.
std::vector<std::pair<std::uint64_t, std::size_t>> send_all(ShipWindow& window) {
    std::vector<std::pair<std::uint64_t, std::size_t>> batches;
    while (const auto* batch = window.to_send()) {
        REQUIRE(batch->frames.size() % 10 == 0);
        batches.emplace_back(batch->first, batch->frames.size() / 10);
        window.mark_sent();
    }
    return batches;
}

using Batches = std::vector<std::pair<std::uint64_t, std::size_t>>;

}  // namespace

TEST_CASE("events are numbered from 1 and sent in batches; an open batch is not sent") {
    ShipWindow window;
    add(window, 3);
    CHECK(window.to_send() == nullptr);
    window.close_batch();
    add(window, 2);
    CHECK(send_all(window) == Batches{{1, 3}});
    window.close_batch();
    CHECK(send_all(window) == Batches{{4, 2}});
    CHECK(window.last() == 5);
    CHECK(window.events() == 5);
}

TEST_CASE("a batch closes itself when it is large enough") {
    ShipWindow window{{.batch_bytes = 30}};
    add(window, 7);
    CHECK(send_all(window) == Batches{{1, 3}, {4, 3}});
    CHECK(window.has_open_batch());
}

TEST_CASE("what is acknowledged is forgotten, what is not is sent again after rewind") {
    ShipWindow window{{.batch_bytes = 30}};
    add(window, 9);
    CHECK(send_all(window) == Batches{{1, 3}, {4, 3}, {7, 3}});
    window.acknowledge(3);
    CHECK(send_all(window).empty());
    window.rewind();
    CHECK(send_all(window) == Batches{{4, 3}, {7, 3}});
    window.acknowledge(9);
    CHECK(window.empty());
    window.rewind();
    CHECK(send_all(window).empty());
}

TEST_CASE("an acknowledgement in the middle of a batch cuts it there") {
    ShipWindow window{{.batch_bytes = 50}};
    add(window, 10);
    CHECK(send_all(window) == Batches{{1, 5}, {6, 5}});
    window.acknowledge(7);
    CHECK(window.events() == 3);
    window.rewind();
    CHECK(send_all(window) == Batches{{8, 3}});
    window.acknowledge(6);  // an old one changes nothing
    CHECK(window.events() == 3);
    CHECK(window.committed() == 7);
}

TEST_CASE("an acknowledgement of an open batch leaves nothing to send, and the next event opens a new one") {
    ShipWindow window;
    add(window, 2);
    window.acknowledge(2);
    CHECK(window.empty());
    CHECK_FALSE(window.has_open_batch());
    add(window, 1);
    window.close_batch();
    CHECK(send_all(window) == Batches{{3, 1}});
}

TEST_CASE("a file that is read again: events that are committed already are counted and skipped") {
    ShipWindow window;
    window.acknowledge(4);
    add(window, 6);
    window.close_batch();
    CHECK(send_all(window) == Batches{{5, 2}});
    CHECK(window.last() == 6);
}

TEST_CASE("the window is full at its limit of bytes or events, not before") {
    ShipWindow bytes{{.bytes = 100, .events = 1'000}};
    add(bytes, 9);
    CHECK_FALSE(bytes.full());
    add(bytes, 1);
    CHECK(bytes.full());
    bytes.acknowledge(1);
    CHECK_FALSE(bytes.full());

    ShipWindow events{{.bytes = 1'000, .events = 3}};
    add(events, 2);
    CHECK_FALSE(events.full());
    add(events, 1);
    CHECK(events.full());
}

TEST_CASE("a new epoch numbers what is kept from 1 again") {
    ShipWindow window{{.batch_bytes = 30}};
    window.set_epoch(5);
    add(window, 7);
    window.acknowledge(4);
    window.renumber(6);
    CHECK(window.last() == 3);
    CHECK(window.committed() == 0);
    REQUIRE(window.to_send() != nullptr);
    CHECK(window.to_send()->epoch == 6);
    CHECK(send_all(window) == Batches{{1, 2}, {3, 1}});
}
