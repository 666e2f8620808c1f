// The whole way of a packet: frames in, events out of the Outbox's stream.
#include "sensor/sensor.hpp"
#include "frames_by_hand.hpp"
#include "wire/frame.hpp"

#include <doctest/doctest.h>
#include <pcap/dlt.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace linnet;
using namespace linnet::test;

namespace {

class Frames final : public PacketSource {
 public:
    void add(double seconds, std::string frame) { frames_.emplace_back(at(seconds), std::move(frame)); }
    SourceRead next(RawPacket& packet) override {
        if (next_ == frames_.size()) return SourceRead::end;
        const auto& [time, frame] = frames_[next_++];
        packet = {time, DLT_EN10MB, static_cast<std::uint32_t>(frame.size()), bytes(frame)};
        return SourceRead::packet;
    }
    SourceCounters counters() override { return {}; }
    [[nodiscard]] std::string name() const override { return "frames"; }
    [[nodiscard]] std::string error() const override { return {}; }
    [[nodiscard]] std::uint64_t fingerprint() const override { return 0; }

 private:
    std::vector<std::pair<Timestamp, std::string>> frames_;
    std::size_t next_ = 0;
};

/// A TCP conversation between the laptop and a server, sequence numbers kept.
class Talk {
 public:
    Talk(Frames& frames, double seconds, Side client, Side server)
        : frames_{frames}, seconds_{seconds}, client_{client}, server_{server} {
        frames_.add(seconds_, tcp_frame(client_, server_, tcp_flag::syn, client_next_++, 0));
        frames_.add(seconds_, tcp_frame(server_, client_, tcp_flag::syn | tcp_flag::ack, server_next_++, client_next_));
    }
    Talk& client(std::string_view text) {
        frames_.add(seconds_ += 0.01, tcp_frame(client_, server_, tcp_flag::ack, client_next_, server_next_, text));
        client_next_ += static_cast<std::uint32_t>(text.size());
        return *this;
    }
    Talk& server(std::string_view text) {
        frames_.add(seconds_ += 0.01, tcp_frame(server_, client_, tcp_flag::ack, server_next_, client_next_, text));
        server_next_ += static_cast<std::uint32_t>(text.size());
        return *this;
    }
    void reset() { frames_.add(seconds_ += 0.01, tcp_frame(client_, server_, tcp_flag::rst, client_next_, 0)); }
    void wait(double seconds) { seconds_ += seconds; }

 private:
    Frames& frames_;
    double seconds_;
    Side client_, server_;
    std::uint32_t client_next_ = 1000, server_next_ = 9000;
};

std::vector<Event> events_of(Frames& frames, const SensorOptions& options = {}) {
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file{std::tmpfile(), std::fclose};
    REQUIRE(file != nullptr);
    const int fd = fileno(file.get());
    Outbox outbox{fd};
    Sensor sensor{options, SensorSignatures{}, outbox};
    CHECK(sensor.run(frames) == SourceRead::end);
    lseek(fd, 0, SEEK_SET);
    FrameReader reader;
    std::array<std::byte, 4096> piece{};
    std::vector<Event> events;
    for (ssize_t size = 0; (size = read(fd, piece.data(), piece.size())) > 0;) {
        reader.feed(std::span{piece}.first(static_cast<std::size_t>(size)));
        while (const auto frame = reader.next()) {
            auto event = decode_event(*frame);
            REQUIRE(event);
            events.push_back(std::move(*event));
        }
    }
    return events;
}

template <class Kind>
std::vector<Kind> only(const std::vector<Event>& events) {
    std::vector<Kind> found;
    for (const auto& event : events) {
        if (const auto* one = std::get_if<Kind>(&event)) found.push_back(*one);
    }
    return found;
}

constexpr Side laptop{"192.168.1.20", 40'000};

}  // namespace

TEST_CASE("an empty capture gives the statistics and nothing else") {
    Frames frames;
    const auto events = events_of(frames);
    REQUIRE(events.size() == 1);
    CHECK(std::get<SensorStats>(events[0]).last);
}

TEST_CASE("an FTP login, and the flow it belongs to") {
    Frames frames;
    Talk talk{frames, 0, laptop, {"192.168.1.30", 21}};
    talk.server("220 ready\r\n").client("USER anna\r\n").server("331 password?\r\n").client("PASS not-a-default\r\n");
    talk.server("230 welcome\r\n").reset();
    const auto events = events_of(frames);

    const auto logins = only<Login>(events);
    REQUIRE(logins.size() == 1);
    CHECK(logins[0].service == Service::ftp);
    CHECK(logins[0].user == "anna");
    CHECK(logins[0].outcome == Outcome::success);
    CHECK(logins[0].client.ip == ip("192.168.1.20"));
    CHECK(logins[0].default_entry == 0);

    const auto flows = only<Flow>(events);
    REQUIRE(flows.size() == 2);
    CHECK(flows[0].stage == FlowStage::start);
    CHECK(flows[1].stage == FlowStage::end);
    CHECK(flows[1].reason == FlowEndReason::closed);
    CHECK(flows[1].app_proto == "ftp");
    CHECK(flows[1].packets_to_server == 4);  // SYN, USER, PASS, RST
    CHECK(flows[1].packets_to_client == 4);
}

TEST_CASE("a login without an answer is told as unknown: when the conversation closes, or after ten seconds of patience") {
    Frames frames;
    Talk talk{frames, 0, laptop, {"192.168.1.30", 21}};
    talk.server("220 ready\r\n").client("USER anna\r\n").server("331 password?\r\n").client("PASS secret\r\n");
    SUBCASE("closed") { talk.reset(); }
    SUBCASE("patience") {
        talk.wait(11);
        talk.client("NOOP\r\n");
    }
    const auto logins = only<Login>(events_of(frames));
    REQUIRE(logins.size() == 1);
    CHECK(logins[0].outcome == Outcome::unknown);
}

TEST_CASE("the same conversation in single bytes gives the same login") {
    Frames frames;
    Talk talk{frames, 0, laptop, {"192.168.1.30", 21}};
    talk.server("220 ready\r\n");
    for (const char& c : std::string{"USER anna\r\nPASS secret\r\n"}) talk.client({&c, 1});
    talk.server("530 no\r\n").reset();
    const auto logins = only<Login>(events_of(frames));
    REQUIRE(logins.size() == 1);
    CHECK(logins[0].user == "anna");
    CHECK(logins[0].outcome == Outcome::failure);
}

TEST_CASE("a browser that stays connected: each of its requests is seen, however long the answers are") {
    // "YW5uYTpzZWNyZXQ=" is anna:secret in Base64 (RFC 4648). Each answer is longer than what is kept of a stream.
    const std::string request =
        "GET /page HTTP/1.1\r\nHost: plug\r\nAuthorization: Basic YW5uYTpzZWNyZXQ=\r\nX: " + std::string(600, 'x') +
        "\r\n\r\n";
    const std::string segment(1400, 'b');
    Frames frames;
    Talk talk{frames, 0, laptop, {"192.168.1.30", 80}};
    for (int i = 0; i < 20; ++i) {
        talk.client(request).server("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1388\r\n");
        for (int part = 0; part < 5; ++part) talk.server(segment);
        talk.server("\r\n0\r\n\r\n");
    }
    talk.reset();
    const auto logins = only<Login>(events_of(frames));
    REQUIRE(logins.size() == 20);
    for (const auto& login : logins) CHECK(login.outcome == Outcome::success);
}

TEST_CASE("three SYNs with Mirai's hallmark leave the sensor a tenth of a second later, long before their timeout") {
    Frames frames;
    for (const std::string_view target : {"198.51.100.1", "198.51.100.2", "198.51.100.3"})
        frames.add(0, tcp_frame(laptop, {target, 23}, tcp_flag::syn, ip(target).as_v4(), 0));
    frames.add(0.3, udp_frame({"192.168.1.1", 99}, {"192.168.1.20", 99}, "anything, so that time goes on"));
    const auto events = events_of(frames);
    REQUIRE(std::holds_alternative<Probe>(events[0]));
    const auto& probe = std::get<Probe>(events[0]);
    CHECK(probe.attempts.size() == 3);
    CHECK(probe.mac == MacAddress{{0x02, 0, 0, 0, 0, 0x20}});
    for (const auto& attempt : probe.attempts) CHECK(attempt.hallmark);
}

TEST_CASE("an ARP sweep is a probe with its answers; what ARP says about addresses is a binding, told once") {
    Frames frames;
    frames.add(0, arp_frame(1, laptop_mac, "192.168.1.20", "192.168.1.1"));
    frames.add(0.001, arp_frame(2, router_mac, "192.168.1.1", "192.168.1.20"));
    frames.add(0.002, arp_frame(1, laptop_mac, "192.168.1.20", "192.168.1.2"));
    const auto events = events_of(frames);
    const auto probes = only<Probe>(events);
    REQUIRE(probes.size() == 1);
    REQUIRE(probes[0].attempts.size() == 2);
    CHECK(probes[0].kind == ProbeKind::arp);
    CHECK(probes[0].attempts[0].outcome == ProbeOutcome::answered);
    CHECK(probes[0].attempts[1].outcome == ProbeOutcome::unanswered);
    const auto bindings = only<AddressBinding>(events);
    REQUIRE(bindings.size() == 2);
    CHECK(bindings[0].ip == ip("192.168.1.20"));
    CHECK(bindings[1].ip == ip("192.168.1.1"));
}

TEST_CASE("a flow that goes on is told again each minute") {
    Frames frames;
    for (int second = 0; second <= 125; second += 5) {
        frames.add(second, udp_frame({"192.168.1.20", 5000}, {"198.51.100.7", 53},
                                     std::string("\x00\x01\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00", 12)));
        frames.add(second + 0.1, udp_frame({"198.51.100.7", 53}, {"192.168.1.20", 5000},
                                           std::string("\x00\x01\x81\x80\x00\x01\x00\x00\x00\x00\x00\x00", 12)));
    }
    const auto flows = only<Flow>(events_of(frames));
    REQUIRE(flows.size() == 4);
    CHECK(flows[0].stage == FlowStage::start);
    CHECK(flows[0].app_proto == "dns");
    CHECK(flows[1].stage == FlowStage::update);
    CHECK(flows[2].stage == FlowStage::update);
    CHECK(flows[3].stage == FlowStage::end);
    CHECK(flows[3].packets_to_server == 26);
}

TEST_CASE("where a capture's clock jumps back, every flow ends and time begins anew") {
    Frames frames;
    Talk{frames, 10'000, laptop, {"192.168.1.30", 8000}}.client("x").server("y");
    Talk{frames, 0, laptop, {"192.168.1.30", 8000}}.client("x").server("y");
    const auto flows = only<Flow>(events_of(frames));
    std::vector<FlowEndReason> ends;
    for (const auto& flow : flows) {
        if (flow.stage == FlowStage::end) ends.push_back(flow.reason);
    }
    CHECK(ends == std::vector{FlowEndReason::idle, FlowEndReason::shutdown});
}

TEST_CASE("the same frames give the same events, whatever the seed of the hash tables") {
    const auto run = [](std::uint64_t seed) {
        Frames frames;
        for (std::uint16_t i = 0; i < 300; ++i) {
            frames.add(i * 0.01, udp_frame({"192.168.1.20", i}, {"198.51.100.7", 9999}, "x"));
            frames.add(i * 0.01, tcp_frame({"192.168.1.20", i}, {"198.51.100.7", 25}, tcp_flag::syn, i, 0));
        }
        SensorOptions options;
        options.hash_seed = seed;
        options.flows.max_flows = 64;
        return events_of(frames, options);
    };
    CHECK((run(1) == run(0xdeadbeefcafeULL)));
}
