// Telnet logins: the prompts, the keys and the answers of real login programs.
#include "dialogue_checks.hpp"
#include "sensor/dissectors.hpp"

#include <doctest/doctest.h>

using namespace linnet;
using namespace linnet::test;
using namespace std::string_view_literals;

namespace {

constexpr auto will_echo = "\xFF\xFB\x01"sv, do_echo = "\xFF\xFD\x01"sv, will_window = "\xFF\xFB\x1F"sv;
constexpr auto window = "\xFF\xFA\x1F\x00\x50\x00\x18\xFF\xF0"sv;  // RFC 1073: 80 columns, 24 lines

/// The client types a line key by key; the server echoes it, but for passwords.
void type(Dialogue& dialogue, std::string_view keys, std::string_view newline, bool echo) {
    for (const char key : keys) {
        dialogue.client({&key, 1});
        if (echo) dialogue.server({&key, 1});
    }
    dialogue.client(newline).server("\r\n");
}

Dialogue busybox_until_login() {
    Dialogue dialogue{23};
    dialogue.server("\xFF\xFD\x01\xFF\xFD\x1F\xFF\xFB\x01\xFF\xFB\x03"sv).client(will_window).client(window);
    dialogue.server("\r\ncamera login: ");
    return dialogue;
}

}  // namespace

TEST_CASE("a BusyBox camera: host login, line by line, a shell prompt on which the server rests") {
    auto dialogue = busybox_until_login();
    dialogue.client("root\r\n").server("root\r\nPassword: ").client("xyzzy\r\n");
    dialogue.server("\r\n\r\nBusyBox v1.19 built-in shell (ash)\r\n\r\n~ # ").client("enable\r\n");
    CHECK(logins_of(telnet_login, dialogue) == std::vector<Heard>{{Service::telnet, "root", "xyzzy", success}});
    CHECK(dialogue.read(telnet_login).apps == std::vector<std::string>{"telnet"});
}

TEST_CASE("until the server rests on something, the outcome is open; where the conversation ends, its end counts") {
    auto dialogue = busybox_until_login();
    dialogue.client("root\r\n").server("Password: ").client("xyzzy\r\n");
    const auto waiting = dialogue.read(telnet_login, dialogue.size(), Dialogue::End::open).logins;
    CHECK(waiting == std::vector<Heard>{{Service::telnet, "root", "xyzzy", unknown}});
    CHECK(dialogue.read(telnet_login).logins == waiting);
    dialogue.server("\r\n# ");
    CHECK(dialogue.read(telnet_login).logins == std::vector<Heard>{{Service::telnet, "root", "xyzzy", success}});
}

TEST_CASE("typed key by key with echo, CR NUL at the end of the line (RFC 854), and \"Last login\"") {
    Dialogue dialogue{23};
    dialogue.server("\xFF\xFD\x18\xFF\xFD\x20"sv).client("\xFF\xFB\x18\xFF\xFC\x20"sv);
    dialogue.server("\r\nOpenBSD/i386 (oof) (ttyp1)\r\n\r\nlogin: ");
    // Options are still negotiated while the prompt stands; they are no answer to it.
    dialogue.client("\xFF\xFD\x01"sv).server("\xFF\xFB\x01"sv);
    type(dialogue, "anna", "\r\0"sv, true);
    dialogue.server("Password:");
    type(dialogue, "secret", "\r\0"sv, false);
    dialogue.server("Last login: Thu Dec  2 21:32:59 on ttyp1\r\n$ ");
    CHECK(logins_of(telnet_login, dialogue) == std::vector<Heard>{{Service::telnet, "anna", "secret", success}});
}

TEST_CASE("what is taken back is not part of the password: backspace, DEL, ^U, ^C, and telnet's own commands for them") {
    struct Typed {
        std::string_view keys, read_as;
    };
    const Typed cases[] = {{"sex\bcret", "secret"},       {"secrett\x7F", "secret"},
                           {"wrong\x15secret", "secret"}, {"\b\bsecret", "secret"},
                           {"wrong\x03secret", "secret"}, {"se\x1B[Dcret", "secret"},
                           {"sex\xFF\xF7"sv, "se"},       {"x\xFF\xF8"sv, ""},
                           {"tab\tbed", "tabbed"},        {"\xC3\xA4\xFF\xFF"sv, "\xC3\xA4\xFF"}};
    for (const auto& typed : cases) {
        CAPTURE(typed.keys);
        auto dialogue = busybox_until_login();
        dialogue.client("anna\r\n").server("Password: ").client(std::string{typed.keys} + "\r\n");
        dialogue.server("\r\n# ").client("exit\r\n");
        CHECK(logins_of(telnet_login, dialogue) ==
              std::vector<Heard>{{Service::telnet, "anna", std::string{typed.read_as}, success}});
    }
}

TEST_CASE("several attempts on one connection, each with its own end") {
    auto dialogue = busybox_until_login();
    dialogue.client("root\r\n").server("Password: ").client("one\r\n").server("\r\nLogin incorrect\r\ncamera login: ");
    dialogue.client("admin\r\n").server("Password: ").client("two\r\n").server("\r\nLogin incorrect\r\ncamera login: ");
    dialogue.client("root\r\n").server("Password: ").client("three\r\n").server("\r\n# ").client("ls\r\n");
    CHECK(logins_of(telnet_login, dialogue) == std::vector<Heard>{{Service::telnet, "root", "one", failure},
                                                                  {Service::telnet, "admin", "two", failure},
                                                                  {Service::telnet, "root", "three", success}});
}

TEST_CASE("a router that asks for a password only, three times: no name, and the question again is a refusal") {
    Dialogue dialogue{23};
    dialogue.server("\xFF\xFB\x01\xFF\xFB\x03\r\nUser Access Verification\r\n\r\nPassword: "sv).client(do_echo);
    dialogue.client("one\r\n").server("\r\nPassword: ").client("two\r\n").server("\r\nPassword: ");
    dialogue.client("three\r\n").server("\r\n% Bad passwords\r\n");
    CHECK(logins_of(telnet_login, dialogue) == std::vector<Heard>{{Service::telnet, "", "one", failure},
                                                                  {Service::telnet, "", "two", failure},
                                                                  {Service::telnet, "", "three", failure}});
}

TEST_CASE("prompts and refusals as different makers write them") {
    struct Device {
        std::string_view login, password, answer;
        Outcome outcome;
    };
    const Device devices[] = {
        {"Username: ", "Password: ", "\r\nRouter>", success},
        {"User name:", "password:", "\r\nMatrix(su)->", success},
        {"Login: ", "Password: ", "\r\n[admin@gateway] > ", success},
        {"User: ", "Password: ", "\r\nAccess denied\r\n", failure},
        {"login as: ", "anna@host's password: ", "\r\nuser@host:~$ ", success},
        {"login: ", "Password for anna: ", "\r\nC:\\>", success},
        {"Benutzername: ", "Passwort: ", "\r\nAuthentication failed\r\n", failure},
        {"\x1B[1mUsername:\x1B[0m ", "\x1B[1mPassword:\x1B[0m ", "\r\n% Login invalid\r\n", failure},
        {"login: ", "Password: ", "\r\nSorry.\r\nlogin: ", failure},
        {"login: ", "Password: ", "\r\nPress a key\r\n", unknown},
    };
    for (const auto& device : devices) {
        CAPTURE(device.login);
        Dialogue dialogue{23};
        dialogue.server(std::string{will_echo} + "\r\n" + std::string{device.login}).client(do_echo).client("anna\r\n");
        dialogue.server("anna\r\n" + std::string{device.password}).client("secret\r\n").server(device.answer).client("\r\n");
        CHECK(logins_of(telnet_login, dialogue) == std::vector<Heard>{{Service::telnet, "anna", "secret", device.outcome}});
    }
}

TEST_CASE("a banner that holds the mark of a prompt decides nothing: the server does not rest there") {
    auto dialogue = busybox_until_login();
    dialogue.client("anna\r\n").server("Password: ").client("secret\r\n");
    dialogue.server("\r\n### Authorised people only ###\r\n% 3 messages > see below\r\nLogin incorrect\r\nlogin: ")
        .client("x");
    CHECK(logins_of(telnet_login, dialogue) == std::vector<Heard>{{Service::telnet, "anna", "secret", failure}});
}

TEST_CASE("an empty password is a password") {
    auto dialogue = busybox_until_login();
    dialogue.client("root\r\n").server("Password: ").client("\r\n").server("\r\n# ").client("ls\r\n");
    CHECK(logins_of(telnet_login, dialogue) == std::vector<Heard>{{Service::telnet, "root", "", success}});
}

TEST_CASE("lines that answer no prompt are no logins: commands at a shell, text ahead of its prompt") {
    auto dialogue = busybox_until_login();
    dialogue.client("root\r\nsecret\r\n").server("Password: ").client("late\r\n").server("\r\n# ").client("cat login:\r\n");
    CHECK(logins_of(telnet_login, dialogue) == std::vector<Heard>{{Service::telnet, "root", "late", success}});
}

TEST_CASE("a session in use is told from a probe") {
    SUBCASE("on port 23, both sides have spoken: whatever they speak, it is in the clear") {
        Dialogue dialogue{23};
        dialogue.server("\x2A\xF3\x67\xC3"sv).client("\xA8\x44\xAC\x65"sv);
        CHECK(dialogue.read(telnet_login).apps == std::vector<std::string>{"telnet"});
    }
    SUBCASE("a banner that nobody answered is none") {
        Dialogue dialogue{23};
        dialogue.server("camera login: ");
        CHECK(dialogue.read(telnet_login).apps.empty());
    }
    SUBCASE("nor is one byte thrown at the port") {
        Dialogue dialogue{23};
        dialogue.server("camera login: ").client("\n");
        CHECK(dialogue.read(telnet_login).apps.empty());
    }
    SUBCASE("nor one direction alone") {
        Dialogue dialogue{23};
        dialogue.client("root\r\nsecret\r\n");
        CHECK(dialogue.read(telnet_login).apps.empty());
        CHECK(dialogue.read(telnet_login).logins.empty());
    }
    SUBCASE("SSH, HTTP and TLS on port 23 are what they are") {
        CHECK(Dialogue{23}.server("SSH-2.0-dropbear\r\n").client("SSH-2.0-x\r\n").read(telnet_login).apps.empty());
        CHECK(Dialogue{23}.client("GET / HTTP/1.0\r\n\r\n").server("HTTP/1.0 400 Bad\r\n").read(telnet_login).apps.empty());
        CHECK(
            Dialogue{23}.client("\x16\x03\x01\x00\x05hello"sv).server("\x15\x03\x01\x00"sv).read(telnet_login).apps.empty());
    }
    SUBCASE("on any other port it takes the negotiation of both sides") {
        const auto talk = [](std::string_view from_client) {
            Dialogue dialogue{60023};
            dialogue.server("\xFF\xFD\x01\xFF\xFB\x03login: "sv).client(from_client);
            return dialogue;
        };
        CHECK(talk("\xFF\xFC\x01\xFF\xFD\x03"sv).read(telnet_login).apps == std::vector<std::string>{"telnet"});
        CHECK(talk("hello there\r\n").read(telnet_login).apps.empty());
    }
}

TEST_CASE("a conversation seen from its middle, or with one direction missing, gives nothing wrong") {
    Dialogue dialogue{23};
    dialogue.client("ret\r\n").server("\r\n# ").client("ls\r\n").server("file\r\n# ").client("exit\r\n");
    CHECK(logins_of(telnet_login, dialogue).empty());
    auto whole = busybox_until_login();
    whole.client("root\r\n").server("Password: ").client("secret\r\n").server("\r\n# ");
    CHECK(whole.read_client_only(telnet_login).logins.empty());
}
