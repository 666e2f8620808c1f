// How servers greet and what programs call themselves: hints.
#include "dialogue_checks.hpp"
#include "sensor/dissectors.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace linnet;
using namespace linnet::test;
using namespace std::string_literals;

namespace {

/// "ssh/banner server SSH-2.0-x", for each hint.
std::vector<std::string> hints_of(const Notes& notes) {
    std::vector<std::string> hints;
    for (const auto& event : notes.events)
        if (const auto* hint = std::get_if<DeviceHint>(&event))
            hints.push_back(hint->source + "/" + hint->key + " " + to_string(hint->ip) + " " + hint->value);
    return hints;
}

/// At the end, and never something else before it.
std::vector<std::string> told(const StreamDissector& dissector, const Dialogue& dialogue) {
    const auto whole = hints_of(dialogue.read(dissector));
    for (std::size_t bytes = 0; bytes <= dialogue.size(); ++bytes) {
        const auto part = hints_of(dialogue.read(dissector, bytes, Dialogue::End::open));
        REQUIRE(part.size() <= whole.size());
        for (std::size_t i = 0; i < part.size(); ++i) CHECK(part[i] == whole[i]);
    }
    return whole;
}

using Hints = std::vector<std::string>;

}  // namespace

TEST_CASE("SSH: both sides' lines") {
    Dialogue ssh{2222};
    ssh.server("SSH-2.0-dropbear_2019.78\r\n").client("SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n").client("\0\0\1\x14"s);
    CHECK(told(banner, ssh) == Hints{"ssh/banner 192.168.1.30 SSH-2.0-dropbear_2019.78",
                                     "ssh/client-banner 192.168.1.20 SSH-2.0-OpenSSH_9.2p1 Debian-2"});
    CHECK(told(banner, Dialogue{22}.server("SSH-2.0-x\n")) == Hints{"ssh/banner 192.168.1.30 SSH-2.0-x"});
    CHECK(told(banner, Dialogue{22}.server("SSH-2.0-" + std::string(600, 'x') + "\n")).empty());
    CHECK(told(banner, Dialogue{22}.server("SSH-2.0-half a li")).empty());
}

TEST_CASE("FTP and SMTP: the first line, by port or by the client's first command") {
    CHECK(told(banner, Dialogue{21}.server("220-Camera FTP 1.0\r\n220 ready\r\n")) ==
          Hints{"ftp/banner 192.168.1.30 Camera FTP 1.0"});
    CHECK(told(banner, Dialogue{25}.server("220 nas ESMTP Postfix\r\n")) ==
          Hints{"smtp/banner 192.168.1.30 nas ESMTP Postfix"});
    CHECK(told(banner, Dialogue{9021}.server("220 hall\r\n").client("USER anna\r\n")) ==
          Hints{"ftp/banner 192.168.1.30 hall"});
    CHECK(told(banner, Dialogue{9025}.server("220 hall\r\n").client("EHLO me\r\n")) ==
          Hints{"smtp/banner 192.168.1.30 hall"});
    CHECK(told(banner, Dialogue{9021}.server("220 hall\r\n").client("SOMETHING\r\n")).empty());
    CHECK(told(banner, Dialogue{9021}.server("220 hall\r\n")).empty());
    CHECK(told(banner, Dialogue{21}.server("220 \r\n")).empty());
    CHECK(told(banner, Dialogue{21}.server("421 busy\r\n")).empty());
}

TEST_CASE("telnet: what stands there before anything is typed, and nothing of what is typed") {
    Dialogue telnet{23};
    telnet.server("\xFF\xFD\x01\xFF\xFB\x03\r\n\r\nHall Camera 2\r\n\r\n(none) login: ").client("\xFF\xFC\x01").client("r");
    telnet.server("r").client("oot\r\n").server("oot\r\nPassword: ").client("secret\r\n").server("\r\n# ");
    CHECK(told(banner, telnet) == Hints{"telnet/banner 192.168.1.30 Hall Camera 2 (none) login:"});
    CHECK(told(banner, Dialogue{23}.server("login: ").client("\xFF\xFC\x01")).empty());
    CHECK(told(banner, Dialogue{23}.server("\r\n").client("x")).empty());
}

TEST_CASE("HTTP: programs at both ends, each once in a row; RTSP under its own name") {
    Dialogue http{80};
    http.client("GET / HTTP/1.1\r\nHost: a\r\nUser-Agent: Hall/1.0 (Linux)\r\n\r\n");
    http.server("HTTP/1.1 200 OK\r\nServer: App-webs/\r\nContent-Length: 0\r\n\r\n");
    http.client("GET /b HTTP/1.1\r\nHost: a\r\nuser-agent: Hall/1.0 (Linux)\r\n\r\n");
    http.server("HTTP/1.1 200 OK\r\nServer: other\r\nContent-Length: 0\r\n\r\n");
    CHECK(told(http_login, http) == Hints{"http/user-agent 192.168.1.20 Hall/1.0 (Linux)",
                                          "http/server 192.168.1.30 App-webs/", "http/server 192.168.1.30 other"});
    Dialogue rtsp{554, "rtsp"};
    rtsp.client("OPTIONS rtsp://a/ RTSP/1.0\r\nCSeq: 1\r\nUser-Agent: VLC\r\n\r\n");
    rtsp.server("RTSP/1.0 200 OK\r\nCSeq: 1\r\nServer: Hipcam RealServer/V1.0\r\n\r\n");
    CHECK(told(http_login, rtsp) ==
          Hints{"rtsp/user-agent 192.168.1.20 VLC", "rtsp/server 192.168.1.30 Hipcam RealServer/V1.0"});
}

TEST_CASE("HTTP: the name of the server that a device asks, and the model that it tells there") {
    const auto asked = [](const std::string& target, const std::string& host) {
        Dialogue http{80};
        http.client("GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
        return told(http_login, http);
    };
    const auto model = [&](const std::string& target) {
        const auto hints = asked(target, "a");
        return hints.empty() ? "" : hints.at(0);
    };
    CHECK(asked("/", "updates.example.org:8080") == Hints{"http/host 192.168.1.20 updates.example.org"});
    for (const char* no_name :
         {"a", "192.168.1.30", "192.168.1.30:80", "[2001:db8::1]:80", "a.org/b", "me@a.org", "a.1", "."})
        CHECK(asked("/", no_name).empty());
    const std::string hint = "http/model 192.168.1.20 ";
    CHECK(model("/query.aspx?model=DIR-600_Ax_Default") == hint + "DIR-600");
    CHECK(model("/q?a=1&Model=AB1.2&model=other#x") == hint + "AB1.2");
    CHECK(model("/q?modelname=TV%20one") == hint + "TV");
    for (const char* no_model :
         {"/model=x", "/q?", "/q?model", "/q?model=", "/q?model=%20x", "/q?mymodel=x", "/q?&&=", "/q#?model"})
        CHECK(model(no_model).empty());
    CHECK(model("/q?a=" + std::string(300, 'x') + "&model=TV").empty());  // a web page
    Dialogue rtsp{554, "rtsp"};
    rtsp.client("OPTIONS rtsp://a/?model=x RTSP/1.0\r\nHost: a.org\r\nCSeq: 1\r\n\r\n");
    CHECK(told(http_login, rtsp).empty());
}
