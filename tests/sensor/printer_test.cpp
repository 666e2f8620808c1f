#include "sensor/printer.hpp"

#include "tests/wire/random_event.hpp"
#include "wire/event_json.hpp"
#include "wire/frame.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <future>
#include <utility>

using namespace linnet;

namespace {

struct Pipe {
    std::array<int, 2> ends{};
    Pipe() { REQUIRE(::pipe(ends.data()) == 0); }
    ~Pipe() {
        close_in();
        close_out();
    }
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;
    void close_in() {
        if (ends[1] >= 0) ::close(std::exchange(ends[1], -1));
    }
    void close_out() {
        if (ends[0] >= 0) ::close(std::exchange(ends[0], -1));
    }
    void write(std::span<const std::byte> bytes) const {
        while (!bytes.empty()) {
            const auto written = ::write(ends[1], bytes.data(), bytes.size());
            REQUIRE(written > 0);
            bytes = bytes.subspan(static_cast<std::size_t>(written));
        }
    }
    [[nodiscard]] std::string read(std::size_t at_most = 65'536) const {
        std::string text(at_most, '\0');
        const auto size = ::read(ends[0], text.data(), text.size());
        REQUIRE(size >= 0);
        text.resize(static_cast<std::size_t>(size));
        return text;
    }
};

}  // namespace

TEST_CASE("every event becomes its JSON line, in order") {
    Pipe in, out;
    test::RandomEvents events{5};
    EventEncoder encoder;
    std::vector<std::byte> frames;
    std::string expected;
    for (int i = 0; i < 2'000; ++i) {
        const auto event = events.next();
        encoder.append_frame(event, frames);
        append_json_line(event, expected);
    }
    auto writer = std::async(std::launch::async, [&] {
        in.write(frames);
        in.close_in();
    });
    auto printer = std::async(std::launch::async, [&] {
        const auto result = print_events(in.ends[0], out.ends[1]);
        out.close_in();
        return result;
    });
    std::string printed;
    for (std::string piece = out.read(); !piece.empty(); piece = out.read()) printed += piece;
    const auto result = printer.get();
    CHECK(result.ok);
    CHECK(result.events == 2'000);
    CHECK_FALSE(result.cut);
    CHECK(printed.size() == expected.size());
    CHECK((printed == expected));
}

TEST_CASE("an event is printed at once where no other follows") {
    Pipe in, out;
    auto printer = std::async(std::launch::async, [&] { return print_events(in.ends[0], out.ends[1]); });
    std::vector<std::byte> frame;
    EventEncoder{}.append_frame(Lost{}, frame);
    in.write(frame);
    CHECK(out.read() == "{\"event\":\"lost\"}\n");
    in.write(std::span{frame}.first(3));
    in.close_in();
    const auto result = printer.get();
    CHECK(result.ok);
    CHECK(result.cut);
}

TEST_CASE("what is no event ends it with a sentence, behind what was good") {
    Pipe in, out;
    std::vector<std::byte> frames;
    EventEncoder{}.append_frame(Lost{}, frames);
    append_frame(std::vector<std::byte>(40, std::byte{0xff}), frames);
    in.write(frames);
    const auto result = print_events(in.ends[0], out.ends[1]);
    CHECK_FALSE(result.ok);
    CHECK(result.error == "The stream of events is damaged: event 2 is not valid.");
    CHECK(out.read() == "{\"event\":\"lost\"}\n");
}

TEST_CASE("a reader that has gone (| head) is no failure") {
    std::signal(SIGPIPE, SIG_IGN);
    Pipe in, out;
    out.close_out();
    std::vector<std::byte> frame;
    EventEncoder{}.append_frame(Lost{}, frame);
    in.write(frame);
    CHECK(print_events(in.ends[0], out.ends[1]).ok);
}
