// DVRIP, by hand from the header that published programs describe: FF 00, session, number, kind, length, JSON.
#include "dialogue_checks.hpp"
#include "sensor/dissectors.hpp"

#include <doctest/doctest.h>

using namespace linnet;
using namespace linnet::test;
using namespace std::string_literals;

namespace {

std::string message(unsigned kind, const std::string& json) {
    const std::string text = json + "\n\0"s;
    return "\xFF\x00\x00\x00"s + std::string(8, '\1') + "\x00\x00"s + static_cast<char>(kind & 0xFF) +
           static_cast<char>(kind >> 8) + static_cast<char>(text.size()) + "\0\0\0"s + text;
}
std::string login(const std::string& user, const std::string& hash) {
    return message(1000, R"({ "EncryptType" : "MD5", "LoginType" : "DVRIP-Web", "PassWord" : ")" + hash +
                             R"(", "UserName" : ")" + user + R"(" })");
}
std::string answer(int code) {
    return message(1001, R"({ "AliveInterval" : 20, "Ret" : )" + std::to_string(code) + R"(, "SessionID" : "0x00000002" })");
}
using List = std::vector<Heard>;

}  // namespace

TEST_CASE("DVRIP: the hash of each login, and what the recorder answered to it") {
    Dialogue dialogue{34567};
    dialogue.client(login("admin", "aaaaaaaa")).server(answer(203)).client(login("admin", "tlJwpbo6")).server(answer(100));
    CHECK(logins_of(dvrip_login, dialogue) ==
          List{{Service::dvrip, "admin", "aaaaaaaa", failure}, {Service::dvrip, "admin", "tlJwpbo6", success}});
    CHECK(logins_of(dvrip_login, Dialogue{8000}.client(login("anna", ""))) == List{{Service::dvrip, "anna", "", unknown}});
}

TEST_CASE("DVRIP: hashes of default passwords are on the list, at this service alone") {
    const auto& defaults = the_signatures().defaults;
    CHECK(defaults.match(Service::dvrip, "admin", "tlJwpbo6") == 242);
    CHECK(defaults.match(Service::dvrip, "default", "OxhlwSG8") == 62);  // also told to telnet as it is
    CHECK(defaults.match(Service::telnet, "admin", "tlJwpbo6") == 0);
    CHECK(defaults.match(Service::dvrip, "admin", "aaaaaaaa") == 0);
}

TEST_CASE("DVRIP: what is no login, or none that can be read") {
    const auto heard = [](const std::string& client) { return logins_of(dvrip_login, Dialogue{34567}.client(client)); };
    CHECK(heard(message(1006, R"({ "Name" : "KeepAlive" })")).empty());
    CHECK(heard(message(1000, R"({ "UserName" : "admin" })")).empty());
    CHECK(heard("\xFE" + login("admin", "tlJwpbo6").substr(1)).empty());
    CHECK(heard(login("admin", "tlJwpbo6").substr(0, 60)).empty());
    std::string huge = login("admin", "tlJwpbo6");
    huge[18] = '\x7F';  // longer than any login
    CHECK(heard(huge).empty());
}
