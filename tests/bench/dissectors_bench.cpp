// Nanoseconds per reading of a whole conversation or datagram, for each dissector, and for the question who wants it, which
// is asked for every conversation and every datagram.
#include "sensor/dissectors.hpp"
#include "sensor/sensor_signatures.hpp"
#include "tests/sensor/dissectors/tls_bytes.hpp"
#include "wire/data_directory.hpp"

#include <benchmark/benchmark.h>

#include <string>
#include <string_view>
#include <vector>

using namespace linnet;
using namespace std::string_literals;
using namespace std::string_view_literals;

namespace {

const SensorSignatures& the_signatures() {
    static const auto signatures = SensorSignatures::read(signatures_directory());
    return signatures;
}

class Ignored final : public Findings {
 public:
    void login(Service, std::string_view user, std::string_view, Outcome) override { benchmark::DoNotOptimize(user); }
    void tell(Event&& event) override {
        auto kind = event.index();
        benchmark::DoNotOptimize(kind);
    }
    [[nodiscard]] const SensorSignatures& signatures() const override { return the_signatures(); }
    void app_proto(std::string_view) override {}
};

struct Sample {
    std::string name;
    const StreamDissector* dissector;
    std::uint16_t port;
    std::string client, server;
    std::vector<Turn> turns;
};

Conversation conversation(const Sample& sample) {
    Conversation c;
    c.server.port = {sample.port};
    c.client_head = sample.client;
    c.server_head = sample.server;
    c.turns = sample.turns;
    return c;
}

/// A camera's login, and then what fills the heads of a session that goes on.
Sample telnet_session() {
    Sample sample{"telnet, heads full",       &telnet_login, 23, "\xFF\xFC\x01root\r\nsecret\r\n", {},
                  {{0, 16}, {3, 16}, {9, 26}}};
    sample.server = "\xFF\xFD\x01\xFF\xFB\x03 host login: Password: \r\n# ";
    sample.turns.push_back({17, static_cast<std::uint32_t>(sample.server.size())});
    while (sample.client.size() < Conversation::head_size) sample.client += "ls -l /tmp\r\n";
    while (sample.server.size() < Conversation::head_size) sample.server += "-rw-r--r-- 1 root root 12 file.txt\r\n# ";
    sample.client.resize(Conversation::head_size);
    sample.server.resize(Conversation::head_size);
    return sample;
}

/// A handshake with a chain of 4 KiB, to its end.
Sample tls_session() {
    const auto hello = test::client_hello(test::server_name("cam.example") + test::protocols("h2"));
    const auto chain = test::certificate({std::string(2000, 'l'), std::string(2000, 'i')});
    return {"tls 1.2, with a chain",
            &tls,
            443,
            test::record(test::handshake, hello) + test::client_finished() + test::record(test::application_data, "GET"),
            test::record(test::handshake, test::server_hello(0x0303, 0xc02f) + chain + test::server_hello_done),
            {{0, 0}}};
}

std::vector<Sample> samples() {
    const std::string page(Conversation::head_size, 'x');
    const std::string fields = "Host: plug\r\nUser-Agent: a browser of today with a long name\r\nAccept: */*\r\n";
    const auto post = [&](std::string_view type, const std::string& body) {
        return "POST / HTTP/1.1\r\n" + fields + "Content-Type: " + std::string{type} +
               "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    };
    const std::string json = R"({"method": "login", "params": {"username": "anna", "password": "secret"}})";
    const std::string soap =
        "<s:Envelope><s:Header><Security><UsernameToken><Username>anna</Username><Password>secret</Password>"
        "</UsernameToken></Security></s:Header></s:Envelope>";
    const std::string ok = "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + page;
    return {
        telnet_session(),
        tls_session(),
        {"ftp", &ftp_login, 21, "USER anna\r\nPASS secret\r\n", "220 ready\r\n331 go\r\n230 in\r\n", {{0, 11}, {11, 19}}},
        {"http, nothing in it", &http_login, 80, "GET / HTTP/1.1\r\n" + fields + "\r\n", ok, {{0, 0}}},
        {"http, basic",
         &http_login,
         80,
         "GET / HTTP/1.1\r\n" + fields + "Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n\r\n",
         ok,
         {{0, 0}}},
        {"pop3", &pop3_login, 110, "USER a\r\nPASS b\r\n", "+OK\r\n+OK\r\n+OK\r\n", {{0, 5}, {8, 10}}},
        {"imap", &imap_login, 143, "a LOGIN anna secret\r\n", "* OK\r\na OK\r\n", {{0, 6}}},
        {"smtp",
         &smtp_login,
         25,
         "EHLO x\r\nAUTH PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm\r\n",
         "220 x\r\n250 x\r\n235 x\r\n",
         {{0, 7}, {8, 14}}},
        {"irc", &irc_login, 6667, "PASS secret\r\nNICK anna\r\n", ":irc 001 anna :hi\r\n", {{0, 0}}},
        {"redis", &redis_login, 6379, "AUTH secret\r\n", "+OK\r\n", {{0, 0}}},
        {"http, json form", &http_login, 80, post("application/json", json), ok, {{0, 0}}},
        {"http, onvif", &http_login, 80, post("application/soap+xml", soap), ok, {{0, 0}}},
        {"nntp",
         &nntp_login,
         119,
         "AUTHINFO USER a\r\nAUTHINFO PASS b\r\n",
         "200 x\r\n381 x\r\n281 x\r\n",
         {{0, 7}, {17, 14}}},
        {"xmpp",
         &xmpp_login,
         5222,
         "<stream:stream to='a'><auth mechanism='PLAIN'>AGFubmEAc2VjcmV0</auth>",
         "<stream:stream><stream:features/><success/>",
         {{0, 0}, {22, 33}}},
        {"sip, basic",
         &sip_login,
         5060,
         "REGISTER sip:a SIP/2.0\r\nCSeq: 1 REGISTER\r\nAuthorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n\r\n",
         "SIP/2.0 200 OK\r\nCSeq: 1 REGISTER\r\n\r\n",
         {{0, 0}}},
        {"vnc",
         &vnc_login,
         5900,
         "RFB 003.003\n\1",
         "RFB 003.008\n"s + "\0\0\0\1"s + std::string(24, 's'),
         {{0, 12}, {12, 16}}},
        {"postgresql",
         &postgresql_login,
         5432,
         "\0\0\0\x13\0\3\0\0user\0anna\0\0p\0\0\0\6x\0"s,
         "R\0\0\0\x08\0\0\0\3R\0\0\0\x08\0\0\0\0"s,
         {{0, 0}, {19, 9}}},
        {"rlogin", &rlogin_login, 513, "\0a\0root\0vt/9\0secret\r"s, "\0Password: \r\n# "s, {{0, 0}, {13, 11}}},
    };
}

void inspect(benchmark::State& state, const Sample& sample) {
    const auto c = conversation(sample);
    Ignored findings;
    for (auto _ : state) sample.dissector->inspect(c, findings);
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
}

/// TLS looks for its hello everywhere in the first bytes of both sides.
void no_tls(benchmark::State& state) {
    const std::string page(Conversation::head_size, '\x16');
    const Sample http{"no tls", nullptr, 80, "GET / HTTP/1.1\r\nHost: plug\r\n\r\n", page, {{0, 0}}};
    const auto c = conversation(http);
    for (auto _ : state) benchmark::DoNotOptimize(tls.wants(c));
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
}

/// All rows are asked, and most conversations belong to nobody: TLS, here.
void who_wants(benchmark::State& state) {
    const Sample begun{"tls", nullptr, 443, "\x16\x03\x01\x02\x00\x01\x00\x01\xFC\x03\x03", "\x16\x03\x03", {{0, 0}}};
    const auto c = conversation(begun);
    for (auto _ : state)
        for (const auto& dissector : stream_dissectors()) benchmark::DoNotOptimize(dissector.wants(c));
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
}

void datagram(benchmark::State& state, std::uint16_t source, std::uint16_t destination, const std::string& payload) {
    const Emit drop = [](Event&& event) {
        auto kind = event.index();
        benchmark::DoNotOptimize(kind);
    };
    Packet packet;
    packet.proto = Proto::udp;
    packet.src_port = {source};
    packet.dst_port = {destination};
    packet.payload = std::as_bytes(std::span{payload});
    for (auto _ : state)
        for (const auto& dissector : datagram_dissectors())
            if (dissector.wants(packet)) dissector.inspect(packet, the_signatures(), drop);
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
}

std::string dhcp_request() {
    std::string message(240, '\0');
    message.replace(0, 3, "\x01\x01\x06");
    message.replace(28, 6, "\x02\x11\x22\x33\x44\x55");
    message.replace(236, 4, "\x63\x82\x53\x63");
    return message + "\x35\x01\x03\x0C\x0Bhall-camera\x3C\x05udhcp\x37\x04\x01\x03\x06\x0C\xFF";
}

}  // namespace

int main(int argc, char** argv) {
    static const auto conversations = samples();
    for (const auto& sample : conversations)
        benchmark::RegisterBenchmark(sample.name.c_str(), [&](benchmark::State& state) { inspect(state, sample); });
    benchmark::RegisterBenchmark("which of a web page's bytes are TLS", no_tls);
    benchmark::RegisterBenchmark("who wants a TLS conversation", who_wants);
    benchmark::RegisterBenchmark("dhcp request", datagram, 68, 67, dhcp_request());
    benchmark::RegisterBenchmark("snmp get", datagram, 40000, 161, "\x30\x10\x02\x01\x01\x04\x06public\xA0\x03\x02\x01\x05");
    benchmark::RegisterBenchmark("a datagram that nobody wants", datagram, 40000, 443, std::string(100, 'q'));
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
}
