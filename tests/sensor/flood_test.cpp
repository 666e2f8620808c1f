// Floods: counted in the burst meter, kept out of the tables that others need, and few events on the wire.
#include "frames_by_hand.hpp"
#include "sensor/burst_meter.hpp"
#include "sensor/sensor.hpp"
#include "wire/frame.hpp"

#include <doctest/doctest.h>
#include <pcap/dlt.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <vector>

using namespace linnet;
using namespace linnet::test;

namespace {

constexpr Side bot{"192.168.1.20", 40'000}, victim{"203.0.113.9", 80};

struct Meter {
    std::vector<Burst> bursts;
    BurstMeter meter;
    Meter() : meter{BurstLimits{}, [this](Event&& event) { bursts.push_back(std::get<Burst>(event)); }} {}

    void see(const Packet& packet, int times = 1, BurstMeter::Belongs belongs = BurstMeter::Belongs::stray) {
        for (int i = 0; i < times; ++i) meter.count(packet, belongs, packet.at);
    }
    /// What a second of these packets comes to.
    const std::vector<Burst>& of(const Packet& packet, int times, const Packet* answer = nullptr, int answers = 0) {
        see(packet, times);
        if (answer != nullptr) see(*answer, answers);
        meter.flush();
        return bursts;
    }
};

Packet gre(double seconds, Side from, Side to) {
    Packet p = udp(seconds, {"10.1.2.3", 5}, {"10.4.5.6", 6}, "x");
    p.gre = {ip(from.ip), ip(to.ip), mac("02:00:00:00:00:20")};
    return p;
}

Packet echo(double seconds, Side from, Side to, bool reply) {
    Packet p = packet(seconds, Proto::icmp, from, to);
    (reply ? p.icmp.is_echo_reply : p.icmp.is_echo_request) = true;
    return p;
}

/// Frames made when they are asked for: a million of them need no memory.
class Stream final : public PacketSource {
 public:
    Stream(std::size_t count, std::function<std::pair<double, std::string>(std::size_t)> make)
        : count_{count}, make_{std::move(make)} {}
    SourceRead next(RawPacket& packet) override {
        if (next_ == count_) return SourceRead::end;
        auto [seconds, frame] = make_(next_++);
        frame_ = std::move(frame);
        packet = {at(seconds), DLT_EN10MB, static_cast<std::uint32_t>(frame_.size()), bytes(frame_)};
        return SourceRead::packet;
    }
    SourceCounters counters() override { return {}; }
    [[nodiscard]] std::string name() const override { return "stream"; }
    [[nodiscard]] std::string error() const override { return {}; }
    [[nodiscard]] std::uint64_t fingerprint() const override { return 0; }

 private:
    std::size_t count_, next_ = 0;
    std::function<std::pair<double, std::string>(std::size_t)> make_;
    std::string frame_;
};

std::vector<Event> events_of(PacketSource& source) {
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file{std::tmpfile(), std::fclose};
    REQUIRE(file != nullptr);
    Outbox outbox{fileno(file.get())};
    Sensor sensor{{}, SensorSignatures{}, outbox};
    CHECK(sensor.run(source) == SourceRead::end);
    lseek(fileno(file.get()), 0, SEEK_SET);
    FrameReader reader;
    std::vector<std::byte> piece(1 << 16);
    std::vector<Event> events;
    for (ssize_t size = 0; (size = read(fileno(file.get()), piece.data(), piece.size())) > 0;) {
        reader.feed(std::span{piece}.first(static_cast<std::size_t>(size)));
        while (const auto frame = reader.next()) events.push_back(decode_event(*frame).value());
    }
    return events;
}

template <class Kind>
std::size_t count_of(const std::vector<Event>& events) {
    return static_cast<std::size_t>(
        std::count_if(events.begin(), events.end(), [](const Event& e) { return std::holds_alternative<Kind>(e); }));
}

constexpr std::size_t flood_size = 1'000'000;
constexpr double flood_rate = 100'000;

/// A conversation that began before the flood, says a word each second, and ends behind it.
std::string real_frame(std::size_t step) {
    constexpr Side client{"192.168.1.30", 50'000}, server{"198.51.100.7", 8000};
    const auto said = static_cast<std::uint32_t>(step);
    if (step == 0) return tcp_frame(client, server, tcp_flag::syn, 100, 0);
    if (step == 1) return tcp_frame(server, client, tcp_flag::syn | tcp_flag::ack, 500, 101);
    return tcp_frame(client, server, tcp_flag::ack, 101 + (said - 2), 501, "x");
}

/// A flood of a million packets in ten seconds, the conversation and a DNS question with its answer in between.
std::vector<Event> events_of_flood(const std::function<std::string(std::size_t)>& flood) {
    constexpr std::size_t every = flood_size / 12;
    Stream stream{flood_size, [&](std::size_t i) -> std::pair<double, std::string> {
                      const double seconds = static_cast<double>(i) / flood_rate;
                      if (i % every < 2 && i / every == 0) return {seconds, real_frame(i % every)};
                      if (i % every == 0) return {seconds, real_frame(i / every + 1)};
                      constexpr Side client{"192.168.1.30", 50'001}, resolver{"198.51.100.53", 53};
                      const std::string question{
                          "\x12\x34\x01\x00\x00\x01\0\0\0\0\0\0\x01"
                          "a\0\0\x01\0\x01",
                          19};
                      if (i == flood_size / 2) return {seconds, udp_frame(client, resolver, question)};
                      if (i == flood_size / 2 + 5000) return {seconds, udp_frame(resolver, client, question)};
                      return {seconds, flood(i)};
                  }};
    return events_of(stream);
}

void check_flood(const std::vector<Event>& events, BurstKind kind) {
    std::uint64_t counted = 0, seconds = 0;
    bool conversation = false, question = false;
    for (const auto& event : events) {
        if (const auto* burst = std::get_if<Burst>(&event); burst != nullptr && burst->kind == kind) {
            CHECK(burst->target == ip(victim.ip));
            counted += burst->packets;
            ++seconds;
        }
        const auto* flow = std::get_if<Flow>(&event);
        if (flow == nullptr || flow->stage != FlowStage::end) continue;
        const bool mine = flow->client.ip == ip("192.168.1.30");
        if (mine && flow->proto == Proto::tcp) {
            conversation = true;
            CHECK(flow->reason == FlowEndReason::shutdown);
            CHECK(flow->payload_to_server == 12);
        }
        question = question || (mine && flow->proto == Proto::udp && flow->packets_to_client == 1);
    }
    CHECK(seconds == 10);
    CHECK(counted > flood_size * 99 / 100);
    CHECK(conversation);
    CHECK(question);
    CHECK(count_of<Probe>(events) < 1000);
    CHECK(count_of<Flow>(events) < 25'000);
}

}  // namespace

TEST_CASE("each kind has its floor: one packet less is silent, at the floor one Burst for the second") {
    struct Case {
        BurstKind kind;
        Packet packet;
        int floor;
    };
    for (const auto& c :
         {Case{BurstKind::syn, tcp(1, bot, victim, tcp_flag::syn), 50},
          Case{BurstKind::ack, tcp(1, bot, victim, tcp_flag::ack, 1, 1, "x"), 500},
          Case{BurstKind::udp, udp(1, bot, victim, "x"), 300},
          Case{BurstKind::dns, udp(1, bot, {"203.0.113.9", 53}, "x"), 100}, Case{BurstKind::gre, gre(1, bot, victim), 100},
          Case{BurstKind::icmp, echo(1, bot, victim, false), 100},
          Case{BurstKind::http, tcp(1, bot, victim, tcp_flag::ack, 1, 1, "GET / HTTP/1.1\r\n"), 50}}) {
        CAPTURE(static_cast<int>(c.kind));
        Meter below, full;
        CHECK(below.of(c.packet, c.floor - 1).empty());
        const auto& bursts = full.of(c.packet, c.floor);
        REQUIRE(bursts.size() == 1);
        CHECK(bursts[0].kind == c.kind);
        CHECK(bursts[0].packets == static_cast<std::uint64_t>(c.floor));
        CHECK(bursts[0].bytes == c.packet.wire_length * bursts[0].packets);
        CHECK(bursts[0].source == ip(bot.ip));
        CHECK(bursts[0].target == ip(victim.ip));
        CHECK(bursts[0].at == at(1));
        CHECK(bursts[0].answers == 0);
    }
}

TEST_CASE("what is answered is no burst; a reset is no answer, and HTTP is told of all the same") {
    const auto syn = tcp(1, bot, victim, tcp_flag::syn), yes = tcp(1, victim, bot, tcp_flag::syn | tcp_flag::ack),
               no = tcp(1, victim, bot, tcp_flag::rst | tcp_flag::ack);
    Meter answered, refused, hardly, pages;
    CHECK(answered.of(syn, 1000, &yes, 100).empty());
    CHECK(refused.of(syn, 1000, &no, 1000).size() == 1);
    CHECK(hardly.of(syn, 1000, &yes, 99).at(0).answers == 99);
    const auto get = tcp(1, bot, victim, tcp_flag::ack, 1, 1, "GET / HTTP/1.1\r\n"),
               page = tcp(1, victim, bot, tcp_flag::ack, 1, 1, "HTTP/1.1 200 OK\r\n");
    CHECK(pages.of(get, 100, &page, 100).size() == 1);
}

TEST_CASE("an upload is no ACK flood; seconds are told apart; changing ports are told as none") {
    Meter upload, seconds, ports;
    upload.see(tcp(1, bot, victim, tcp_flag::ack, 1, 1, "x"), 100'000, BurstMeter::Belongs::conversation);
    upload.meter.flush();
    CHECK(upload.bursts.empty());
    for (int i = 0; i < 10; ++i) seconds.see(tcp(i, bot, victim, tcp_flag::syn), 49 + i % 2);
    seconds.meter.flush();
    CHECK(seconds.bursts.size() == 5);
    for (int i = 0; i < 400; ++i) ports.see(udp(1, bot, {"203.0.113.9", static_cast<std::uint16_t>(1000 + i)}, "x"));
    ports.meter.flush();
    CHECK(ports.bursts.at(0).port == Port{});
}

TEST_CASE("group addresses are nobody's target") {
    Meter meter;
    CHECK(meter.of(udp(1, bot, {"239.255.255.250", 1900}, "x"), 10'000).empty());
    CHECK(meter.of(udp(1, bot, {"255.255.255.255", 67}, "x"), 10'000).empty());
}

TEST_CASE("who sends most stays, however many others come and go; and the order is that of the addresses") {
    Meter meter;
    for (std::uint32_t i = 0; i < 100'000; ++i) {
        Packet other = udp(1, bot, victim, "x");
        other.src = IpAddress::v4(0x0a000000 + i);
        meter.see(other);
        meter.see(udp(1, bot, victim, "x"));
        meter.see(udp(1, {"192.168.1.19", 5}, victim, "x"));
    }
    meter.meter.flush();
    REQUIRE(meter.bursts.size() == 2);
    CHECK(meter.bursts[0].source == ip("192.168.1.19"));
    CHECK(meter.bursts[1].source == ip(bot.ip));
    CHECK(meter.bursts[1].packets > 99'000);
}

TEST_CASE("a UDP flood with ports at random: real conversations live on and the wire stays quiet") {
    const auto events = events_of_flood([](std::size_t i) {
        return udp_frame({bot.ip, static_cast<std::uint16_t>(i * 40'503 >> 4)},
                         {victim.ip, static_cast<std::uint16_t>(i * 30'011 >> 3)}, "flood");
    });
    check_flood(events, BurstKind::udp);
}

TEST_CASE("a SYN flood with ports at random, and one whose sender is forged each time") {
    const auto events = events_of_flood([](std::size_t i) {
        return tcp_frame({bot.ip, static_cast<std::uint16_t>(i)}, {victim.ip, static_cast<std::uint16_t>(i >> 7)},
                         tcp_flag::syn, static_cast<std::uint32_t>(i), 0);
    });
    check_flood(events, BurstKind::syn);
    const auto forged = events_of_flood([](std::size_t i) {
        const std::string sender = "100.64." + std::to_string(i / 256 % 256) + "." + std::to_string(i % 256);
        return tcp_frame({sender, 5000}, victim, tcp_flag::syn, static_cast<std::uint32_t>(i), 0);
    });
    CHECK(count_of<Probe>(forged) < 25'000);
    CHECK(count_of<Flow>(forged) < 100);
}

TEST_CASE("the same segment again and again is an ACK flood; an upload of which one direction is seen is none") {
    for (const bool upload : {false, true}) {
        CAPTURE(upload);
        Stream stream{10'000, [upload](std::size_t i) -> std::pair<double, std::string> {
                          const auto sequence = static_cast<std::uint32_t>(upload ? i * 100 : 1);
                          return {static_cast<double>(i) / 1000,
                                  tcp_frame(bot, victim, tcp_flag::ack, sequence, 1, std::string(100, 'x'))};
                      }};
        const auto bursts = count_of<Burst>(events_of(stream));
        CHECK(bursts == (upload ? 0 : 10));
    }
}

TEST_CASE("an ACK flood with data: nobody looks into it, and real conversations are looked into all the same") {
    const auto events = events_of_flood([](std::size_t i) {
        return tcp_frame({bot.ip, static_cast<std::uint16_t>(i * 40'503 >> 4)},
                         {victim.ip, static_cast<std::uint16_t>(i * 30'011 >> 3)}, tcp_flag::ack,
                         static_cast<std::uint32_t>(i * 7919), 1, "flood");
    });
    check_flood(events, BurstKind::ack);
}
