// HTTP logins: Basic (RFC 7617), to servers and proxies, and web forms.
#include "dialogue_checks.hpp"
#include "sensor/dissectors.hpp"

#include <doctest/doctest.h>

using namespace linnet;
using namespace linnet::test;

namespace {

// RFC 7617, section 2: "Aladdin" with "open sesame".
constexpr std::string_view aladdin = "QWxhZGRpbjpvcGVuIHNlc2FtZQ==";

std::string get(std::string_view fields) { return "GET / HTTP/1.1\r\nHost: plug\r\n" + std::string{fields} + "\r\n"; }
std::string answer(int status, std::string_view body = {}) {
    return "HTTP/1.1 " + std::to_string(status) + " x\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
           std::string{body};
}
std::string basic(std::string_view token) { return "Authorization: Basic " + std::string{token} + "\r\n"; }
std::string post(std::string_view type, std::string_view body) {
    return "POST /login HTTP/1.1\r\nContent-Type: " + std::string{type} +
           "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string{body};
}

const std::string form_type = "application/x-www-form-urlencoded";

}  // namespace

TEST_CASE("HTTP Basic: RFC 7617's example, and the status of the response decides") {
    struct Case {
        int status;
        Outcome outcome;
    };
    for (const auto& c : {Case{200, success}, {302, success}, {401, failure}, {404, unknown}, {500, unknown}}) {
        CAPTURE(c.status);
        Dialogue dialogue{8080};
        dialogue.client(get(basic(aladdin))).server(answer(c.status, "hello"));
        CHECK(logins_of(http_login, dialogue) ==
              std::vector<Heard>{{Service::http_basic, "Aladdin", "open sesame", c.outcome}});
    }
}

TEST_CASE("HTTP Basic: colons in the password, empty names and passwords, as the token says") {
    struct Case {
        std::string_view token, user, secret;
    };
    const Case cases[] = {{"dGVzdDoxOjM0", "test", "1:34"}, {"Og==", "", ""}, {"YWRtaW46", "admin", ""}, {"OnB3", "", "pw"}};
    for (const auto& c : cases) {
        Dialogue dialogue{80};
        dialogue.client(get(basic(c.token))).server(answer(200));
        CHECK(logins_of(http_login, dialogue) ==
              std::vector<Heard>{{Service::http_basic, std::string{c.user}, std::string{c.secret}, success}});
    }
}

TEST_CASE("HTTP Basic: fields as servers accept them") {
    for (const std::string_view field : {"authorization:Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n",
                                         "AUTHORIZATION:   basic   QWxhZGRpbjpvcGVuIHNlc2FtZQ==  \r\n",
                                         "Authorization: Basic\r\n QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n",
                                         "Authorization:\r\n\tBasic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n",
                                         "X-Authorization: no\r\nAuthorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n"}) {
        CAPTURE(field);
        Dialogue dialogue{80};
        dialogue.client(get(field)).server(answer(200));
        CHECK(logins_of(http_login, dialogue).size() == 1);
    }
}

TEST_CASE("HTTP: what is no clear text, or no credential") {
    for (const std::string_view field :
         {"Authorization: Digest username=\"anna\", response=\"00\"\r\n", "Authorization: NTLM TlRMTVNTUAAB\r\n",
          "Authorization: Bearer abc\r\n", "Authorization: Basic\r\n",
          "Authorization: BasicQWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n", "Authorization: Basic not base64!\r\n",
          "Authorization: Basic QWxhZGRpbg==\r\n",                    // "Aladdin", no colon
          "Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=\r\n"}) {  // one '=' is missing
        CAPTURE(field);
        Dialogue dialogue{80};
        dialogue.client(get(field)).server(answer(200));
        CHECK(logins_of(http_login, dialogue).empty());
    }
    Dialogue escaped{80};  // backslash, r, backslash, n: no header ever ends here
    escaped.client(R"(GET / HTTP/1.1\r\nAuthorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n\r\n)");
    CHECK(logins_of(http_login, escaped).empty());
}

TEST_CASE("HTTP: a proxy's password has its own name and its own refusal, 407") {
    Dialogue dialogue{3128};
    dialogue.client("CONNECT example.com:443 HTTP/1.1\r\nProxy-Authorization: Basic " + std::string{aladdin} + "\r\n\r\n");
    dialogue.server(answer(407));
    CHECK(logins_of(http_login, dialogue) == std::vector<Heard>{{Service::http_proxy, "Aladdin", "open sesame", failure}});
}

TEST_CASE("HTTP: each request has its own response, one after the other or pipelined, past bodies of every kind") {
    const std::string first = get(basic("YTph")), second = post("text/plain", get(basic("eDp4"))),
                      third = "HEAD / HTTP/1.1\r\n" + basic("YzpkZA==") + "\r\n", fourth = get(basic("ZDpl"));
    const std::string chunked = "HTTP/1.1 401 no\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX: y\r\n\r\n";
    const std::string head_answer =
        "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n";  // and no body (RFC 9110, section 9.3.2)
    const std::vector<Heard> expected{{Service::http_basic, "a", "a", failure},
                                      {Service::http_basic, "c", "dd", success},
                                      {Service::http_basic, "d", "e", success}};
    Dialogue in_turn{80};
    in_turn.client(first).server(chunked).client(second).server("HTTP/1.1 100 Continue\r\n\r\n" + answer(401, "no"));
    in_turn.client(third).server(head_answer).client(fourth).server(answer(200));
    CHECK(logins_of(http_login, in_turn) == expected);
    Dialogue pipelined{80};
    pipelined.client(first + second + third + fourth).server(chunked + answer(401, "no") + head_answer + answer(200));
    CHECK(logins_of(http_login, pipelined) == expected);
}

TEST_CASE("HTTP: an exchange that is over need not be read again") {
    const auto request = get(basic(aladdin));
    Dialogue dialogue{80};
    dialogue.client(request).server(answer(200, "hello"));
    CHECK(dialogue.read(http_login).done_client == 0);
    dialogue.client("GET /next");
    CHECK(dialogue.read(http_login).done_client == request.size());
    CHECK(dialogue.read(http_login).done_server == answer(200, "hello").size());
}

TEST_CASE("RTSP has the same fields and its own name") {
    Dialogue dialogue{554};
    dialogue.client("DESCRIBE rtsp://192.0.2.7/1 RTSP/1.0\r\nCSeq: 2\r\n" + basic(aladdin) + "\r\n");
    dialogue.server("RTSP/1.0 401 Unauthorized\r\nCSeq: 2\r\n\r\n");
    CHECK(logins_of(http_login, dialogue) == std::vector<Heard>{{Service::rtsp, "Aladdin", "open sesame", failure}});
}

TEST_CASE("web forms: a name and a password among the fields, in any order and case, decoded") {
    struct Case {
        std::string_view body, user, secret;
    };
    const Case cases[] = {
        {"username=anna&password=secret", "anna", "secret"},
        {"pass=secret&username=anna", "anna", "secret"},
        {"LOG=anna%40example.com&pwd=a+b%26c&go=1", "anna@example.com", "a b&c"},
        {"csrf=1&j_username=anna&j_password=100%", "anna", "100%"},
        {"uname=anna&password=", "anna", ""},
        {"user%5Blogin%5D=anna&user%5Bpassword%5D=secret", "anna", "secret"},
        {"_task=login&_user=anna&_pass=secret", "anna", "secret"},
    };
    for (const auto& c : cases) {
        CAPTURE(c.body);
        Dialogue dialogue{80};
        dialogue.client(post(form_type, c.body)).server(answer(200));
        CHECK(logins_of(http_login, dialogue) ==
              std::vector<Heard>{{Service::http_form, std::string{c.user}, std::string{c.secret}, unknown}});
    }
}

TEST_CASE("web forms: in a URL, in JSON, and refused") {
    Dialogue query{80};
    query.client("GET /login.cgi?user=anna&pwd=secret HTTP/1.1\r\n\r\n").server(answer(403));
    CHECK(logins_of(http_login, query) == std::vector<Heard>{{Service::http_form, "anna", "secret", failure}});
    Dialogue json{80};
    json.client(post("application/json; charset=utf-8", R"({"data": {"userName" : "anna", "password":"a\"b\u00e4"}})"));
    json.server(answer(401));
    CHECK(logins_of(http_login, json) == std::vector<Heard>{{Service::http_form, "anna", R"(a"b\u00e4)", failure}});
}

TEST_CASE("web forms: a password alone, a name alone, or a body that never ends is no login") {
    for (const auto& request : {post(form_type, "pass=%20;cat%20/etc/passwd"), post(form_type, "user=anna&token=1"),
                                post("application/json", R"({"username":"anna","token":"x"})"),
                                post("text/plain", "username=anna&password=secret"),
                                std::string{"POST /login HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n"
                                            "username=anna&password=secret"},  // without a length there is no body
                                std::string{"POST / HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                                            "Content-Length: 4000\r\n\r\nusername=anna&password=secret"}}) {
        CAPTURE(request);
        Dialogue dialogue{80};
        dialogue.client(request).server(answer(200));
        CHECK(logins_of(http_login, dialogue).empty());
    }
}

TEST_CASE("HTTP: lost bytes are zeros; the next request is found behind them") {
    Dialogue dialogue{80, "http"};
    dialogue.client(std::string(300, '\0') + get(basic(aladdin))).server(answer(200));
    CHECK(logins_of(http_login, dialogue).size() == 1);
}

TEST_CASE("web forms: multipart/form-data (RFC 7578), without its files") {
    const auto part = [](std::string_view name, std::string_view value) {
        return "--x1\r\nContent-Disposition: form-data; name=\"" + std::string{name} + "\"\r\n\r\n" + std::string{value} +
               "\r\n";
    };
    const std::string type = "multipart/form-data; boundary=x1", end = "--x1--\r\n";
    Dialogue dialogue{80};
    dialogue.client(post(type, part("token", "7") + part("username", "anna") + part("password", "se\r\ncret") + end));
    dialogue.server(answer(200));
    CHECK(logins_of(http_login, dialogue) == std::vector<Heard>{{Service::http_form, "anna", "se\r\ncret", unknown}});
    Dialogue file{80};
    file.client(post(type, part("username", "anna") + part("password\"; filename=\"p", "secret") + end)).server(answer(200));
    CHECK(logins_of(http_login, file).empty());
    Dialogue endless{80};
    endless.client(post(type, part("username", "anna") + part("password", "secret"))).server(answer(200));
    CHECK(logins_of(http_login, endless).empty());
}

TEST_CASE("web forms: the better name of a field wins, and what only looks like a login") {
    struct Case {
        std::string_view body, user;
    };
    for (const auto& c : {Case{"id=7&login=1&username=anna&password=x", "anna"},
                          {"name=anna&pass=x", "anna"},
                          {"log=anna&pwd=x", "anna"},
                          {"loginuse=anna&loginpas=x", "anna"}}) {
        CAPTURE(c.body);
        Dialogue dialogue{80};
        dialogue.client(post(form_type, c.body)).server(answer(200));
        CHECK(logins_of(http_login, dialogue) ==
              std::vector<Heard>{{Service::http_form, std::string{c.user}, "x", unknown}});
    }
    Dialogue width_of_page{80};
    width_of_page.client("GET /pixel?uid=4711&pw=1280&ph=800 HTTP/1.1\r\n\r\n").server(answer(200));
    CHECK(logins_of(http_login, width_of_page).empty());
    Dialogue camera{80};
    camera.client("GET /snapshot.cgi?user=anna&pw=x HTTP/1.1\r\n\r\n").server(answer(200));
    CHECK(logins_of(http_login, camera).size() == 1);
}

TEST_CASE("web forms: JSON under another name, numbers, and the empty password that asks for a challenge") {
    Dialogue plain{80};
    plain.client(post("text/plain", R"({"username": "anna", "password": 123456})")).server(answer(200));
    CHECK(logins_of(http_login, plain) == std::vector<Heard>{{Service::http_form, "anna", "123456", unknown}});
    Dialogue challenge{80};
    challenge.client(post("application/json", R"({"params": {"userName": "admin", "password": ""}})")).server(answer(200));
    CHECK(logins_of(http_login, challenge).empty());
}

namespace {

std::string soap(std::string_view password_type) {
    return "<s:Envelope><s:Header><wsse:Security><wsse:UsernameToken><wsse:Username>anna</wsse:Username>"
           "<wsse:Password" +
           std::string{password_type} +
           ">a&lt;b</wsse:Password></wsse:UsernameToken></wsse:Security></s:Header><s:Body/></s:Envelope>";
}
constexpr std::string_view token_profile =
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#";

}  // namespace

TEST_CASE("web forms: a body in chunks") {
    const std::string fields = "POST / HTTP/1.1\r\nContent-Type: " + form_type + "\r\nTransfer-Encoding: chunked\r\n\r\n";
    Dialogue dialogue{80};
    dialogue.client(fields + "8\r\nusername\r\n10\r\n=anna&password=s\r\n5\r\necret\r\n0\r\n\r\n").server(answer(200));
    CHECK(logins_of(http_login, dialogue) == std::vector<Heard>{{Service::http_form, "anna", "secret", unknown}});
}

TEST_CASE("ONVIF: the password of a UsernameToken as text, which is also what no type means; not as a digest") {
    const auto typed = [](std::string_view name) {
        return " Type=\"" + std::string{token_profile} + std::string{name} + "\"";
    };
    Dialogue text{8080};
    text.client(post("application/soap+xml; charset=utf-8", soap(typed("PasswordText")))).server(answer(400));
    text.client(post("text/xml", soap(""))).server(answer(200));
    CHECK(logins_of(http_login, text) ==
          std::vector<Heard>{{Service::onvif, "anna", "a<b", failure}, {Service::onvif, "anna", "a<b", success}});
    Dialogue digest{80};
    digest.client(post("application/soap+xml", soap(typed("PasswordDigest")))).server(answer(200));
    CHECK(logins_of(http_login, digest).empty());
}

TEST_CASE("MQTT over WebSocket: masked frames (RFC 6455) behind the upgrade") {
    using namespace std::string_view_literals;
    const auto frame = [](const std::string& payload) {
        const std::string_view mask = "\x12\x34\x56\x78";
        std::string text = "\x82" + std::string(1, static_cast<char>(0x80 | payload.size())) + std::string{mask};
        for (std::size_t i = 0; i < payload.size(); ++i) text += static_cast<char>(payload[i] ^ mask[i % 4]);
        return text;
    };
    const std::string connect{"\x10\x1D\0\4MQTT\4\xC2\0\x3C\0\5plug1\0\4anna\0\6secret"sv};
    const std::string upgrade = "GET /mqtt HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";
    Dialogue dialogue{9001};
    dialogue.client(upgrade).server("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n");
    dialogue.client(frame(connect.substr(0, 9)) + frame(connect.substr(9))).server("\x82\4\x20\2\0\5"sv);
    CHECK(logins_of(http_login, dialogue) == std::vector<Heard>{{Service::mqtt, "anna", "secret", failure}});
    Dialogue refused{9001};
    refused.client(upgrade).server(answer(404)).client(frame(connect));
    CHECK(logins_of(http_login, refused).empty());
}

TEST_CASE("TR-069: Basic on the port of remote management") {
    Dialogue dialogue{7547};
    dialogue.client("POST /acs HTTP/1.1\r\nContent-Type: text/xml\r\n" + basic(aladdin) +
                    "Content-Length: 15\r\n\r\n<cwmp:Inform/>\r\n");
    dialogue.server(answer(200));
    CHECK(logins_of(http_login, dialogue) == std::vector<Heard>{{Service::http_basic, "Aladdin", "open sesame", success}});
}
