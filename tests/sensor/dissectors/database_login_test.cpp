// MySQL, PostgreSQL, and services that ask nobody: memcached, MongoDB, Redis, Android's debugging bridge; VNC.
#include "dialogue_checks.hpp"
#include "sensor/dissectors.hpp"

#include <doctest/doctest.h>

using namespace linnet;
using namespace linnet::test;
using namespace std::string_view_literals;

namespace {

std::string le32(std::uint32_t value) {
    std::string text;
    for (int i = 0; i < 4; ++i, value >>= 8) text += static_cast<char>(value & 0xFF);
    return text;
}
std::string be32(std::uint32_t value) {
    const auto text = le32(value);
    return {text.rbegin(), text.rend()};
}
std::string operator""_s(const char* text, std::size_t size) { return {text, size}; }

std::string mysql_packet(int number, const std::string& payload) {
    return le32(static_cast<std::uint32_t>(payload.size())).substr(0, 3) + static_cast<char>(number) + payload;
}
const std::string mysql_greeting = mysql_packet(0, "\x0A"_s + "8.0.1\0"_s + std::string(60, 'x'));
/// HandshakeResponse41 with CLIENT_PROTOCOL_41, SECURE_CONNECTION, CONNECT_WITH_DB and PLUGIN_AUTH.
std::string mysql_response(const std::string& user, const std::string& answer, const std::string& plugin) {
    return mysql_packet(1, le32(0x8'8208) + std::string(28, '\0') + user + '\0' + static_cast<char>(answer.size()) + answer +
                               "shop\0"_s + plugin + '\0');
}
const std::string mysql_ok = mysql_packet(2, "\0\0\0\2\0\0\0"_s), mysql_error = mysql_packet(2, "\xFF\x15\x04no"_s);

std::string pg_startup(const std::string& user) {
    const auto body = be32(0x0003'0000) + "database\0shop\0user\0"_s + user + "\0\0"_s;
    return be32(static_cast<std::uint32_t>(body.size() + 4)) + body;
}
std::string pg_message(char kind, const std::string& body) {
    return kind + be32(static_cast<std::uint32_t>(body.size() + 4)) + body;
}
const std::string pg_ssl_request = be32(8) + be32(80877103);

std::string mongo(std::uint32_t id, std::uint32_t answers, const std::string& document) {
    const auto body = le32(0) + '\0' + le32(static_cast<std::uint32_t>(document.size() + 5)) + document + '\0';
    return le32(static_cast<std::uint32_t>(16 + body.size())) + le32(id) + le32(answers) + le32(2013) + body;
}
std::string bson_text(const std::string& name, const std::string& value) {
    return '\2' + name + '\0' + le32(static_cast<std::uint32_t>(value.size() + 1)) + value + '\0';
}
std::string bson_ok(bool good) { return "\1ok\0"_s + (good ? "\0\0\0\0\0\0\xF0\x3F"_s : std::string(8, '\0')); }

std::string adb_message(const std::string& command, const std::string& data) {
    std::string magic;
    for (const char c : command) magic += static_cast<char>(~c);
    return command + std::string(8, '\1') + le32(static_cast<std::uint32_t>(data.size())) + le32(0) + magic + data;
}

/// How many observations of an open service there are, none of them before it is certain.
std::size_t open_services(const StreamDissector& dissector, const Dialogue& dialogue) {
    check_every_prefix(dissector, dialogue);
    const auto notes = dialogue.read(dissector);
    for (const auto& event : notes.events) CHECK(std::get<Observation>(event).kind == ObservationKind::open_service);
    CHECK(notes.logins.empty());
    return notes.events.size();
}

}  // namespace

TEST_CASE("MySQL: mysql_clear_password at once, and after the server has asked for it") {
    Dialogue at_once{3306};
    at_once.server(mysql_greeting).client(mysql_response("anna", "secret\0"_s, "mysql_clear_password")).server(mysql_ok);
    CHECK(logins_of(mysql_login, at_once) == std::vector<Heard>{{Service::mysql, "anna", "secret", success}});
    Dialogue asked{3307};
    asked.server(mysql_greeting).client(mysql_response("anna", std::string(20, 'h'), "mysql_native_password"));
    asked.server(mysql_packet(2, "\xFEmysql_clear_password\0"_s)).client(mysql_packet(3, "secret\0"_s)).server(mysql_error);
    CHECK(logins_of(mysql_login, asked) == std::vector<Heard>{{Service::mysql, "anna", "secret", failure}});
    Dialogue dialog{3306};
    dialog.server(mysql_greeting).client(mysql_response("anna", "", "mysql_native_password"));
    dialog
        .server(mysql_packet(2,
                             "\xFE"
                             "dialog\0\x04Password: "_s))
        .client(mysql_packet(3, "secret\0"_s))
        .server(mysql_ok);
    CHECK(logins_of(mysql_login, dialog) == std::vector<Heard>{{Service::mysql, "anna", "secret", success}});
}

TEST_CASE("MySQL: hashes are not readable; an account without a password is open") {
    Dialogue hash{3306};
    hash.server(mysql_greeting)
        .client(mysql_response("anna", std::string(20, 'h'), "mysql_native_password"))
        .server(mysql_ok);
    CHECK(open_services(mysql_login, hash) == 0);
    Dialogue switched{3306};
    switched.server(mysql_greeting).client(mysql_response("anna", "", "caching_sha2_password"));
    switched.server(mysql_packet(2, "\xFEmysql_native_password\0salt"_s)).client(mysql_packet(3, std::string(20, 'h')));
    switched.server(mysql_ok);
    CHECK(open_services(mysql_login, switched) == 0);
    Dialogue ssl{3306};
    ssl.server(mysql_greeting).client(mysql_packet(1, le32(0x8'8A08) + std::string(28, '\0'))).client("\x16\x03\x01"_s);
    CHECK(open_services(mysql_login, ssl) == 0);
    Dialogue empty{3306};
    empty.server(mysql_greeting).client(mysql_response("root", "", "mysql_native_password")).server(mysql_ok);
    CHECK(open_services(mysql_login, empty) == 1);
}

TEST_CASE("PostgreSQL: AuthenticationCleartextPassword, also after SSL was declined") {
    Dialogue dialogue{5432};
    dialogue.client(pg_ssl_request).server("N").client(pg_startup("anna")).server(pg_message('R', be32(3)));
    dialogue.client(pg_message('p', "secret\0"_s)).server(pg_message('R', be32(0)) + pg_message('Z', "I"));
    CHECK(logins_of(postgresql_login, dialogue) == std::vector<Heard>{{Service::postgresql, "anna", "secret", success}});
    Dialogue refused{15432};
    refused.client(pg_startup("anna")).server(pg_message('R', be32(3)));
    refused.client(pg_message('p', "wrong\0"_s)).server(pg_message('E', "SFATAL\0\0"_s));
    CHECK(logins_of(postgresql_login, refused) == std::vector<Heard>{{Service::postgresql, "anna", "wrong", failure}});
}

TEST_CASE("PostgreSQL: MD5, SCRAM and SSL are not readable; trust is open") {
    for (const std::uint32_t method : {5U, 10U}) {
        Dialogue dialogue{5432};
        dialogue.client(pg_startup("anna")).server(pg_message('R', be32(method) + "salt"_s));
        dialogue.client(pg_message('p', "md5secret\0"_s)).server(pg_message('R', be32(0)));
        CHECK(open_services(postgresql_login, dialogue) == 0);
    }
    Dialogue ssl{5432};
    ssl.client(pg_ssl_request).server("S").client(pg_startup("anna")).server(pg_message('R', be32(3)));
    CHECK(open_services(postgresql_login, ssl) == 0);
    const auto trusted = [](char then) {
        return Dialogue{5432}
            .client(pg_startup("anna"))
            .server(pg_message('R', be32(0)) + pg_message('S', "a\0b\0"_s) + pg_message(then, "I"));
    };
    CHECK(open_services(postgresql_login, trusted('Z')) == 1);
    CHECK(open_services(postgresql_login, trusted('E')) == 0);
}

TEST_CASE("memcached: values and statistics for anybody, in both protocols") {
    CHECK(open_services(memcached, Dialogue{11211}.client("stats\r\n").server("STAT pid 1\r\nEND\r\n")) == 1);
    CHECK(open_services(memcached, Dialogue{11211}.client("get key\r\n").server("END\r\n")) == 1);
    const std::string get = "\x80\0\0\3\0\0\0\0\0\0\0\3\0\0\0\0\0\0\0\0\0\0\0\0key"_s;
    CHECK(open_services(memcached, Dialogue{11211}.client(get).server("\x81\0\0\0\0\0\0\1"_s)) == 1);
    CHECK(open_services(memcached, Dialogue{11211}.client(get).server("\x81\0\0\0\0\0\0\x20"_s)) == 0);  // sign in first
    CHECK(open_services(memcached, Dialogue{11211}.client("get key\r\n").server("CLIENT_ERROR unauthenticated\r\n")) == 0);
    Dialogue signed_in{11211};
    signed_in.client("set x 0 0 11\r\nanna secret\r\n").server("STORED\r\n").client("get key\r\n").server("END\r\n");
    CHECK(open_services(memcached, signed_in) == 0);
}

TEST_CASE("MongoDB: a command that needs an account is carried out, or not") {
    const auto hello = mongo(1, 0, "\x10hello\0\1\0\0\0"_s), hello_reply = mongo(9, 1, "\x08isMaster\0\1"_s + bson_ok(true));
    const auto find = mongo(2, 0, bson_text("find", "users")),
               found = mongo(10, 2, "\3cursor\0\5\0\0\0\0"_s + bson_ok(true));
    const auto refused = mongo(10, 2, bson_ok(false) + bson_text("errmsg", "requires authentication"));
    const auto start = [&] { return Dialogue{27017}.client(hello).server(hello_reply); };
    CHECK(open_services(mongodb, start()) == 0);
    CHECK(open_services(mongodb, start().client(find).server(found)) == 1);
    CHECK(open_services(mongodb, start().client(find).server(refused)) == 0);
    const auto sign_in = mongo(3, 0, "\x10saslStart\0\1\0\0\0"_s);
    CHECK(open_services(mongodb, start().client(sign_in).server(mongo(11, 3, bson_ok(true))).client(find).server(found)) ==
          0);
}

TEST_CASE("MongoDB: SASL PLAIN sends the password; other mechanisms and a login that is cut short do not tell") {
    const auto sign_in = [](const std::string& mechanism, const std::string& payload) {
        return mongo(3, 0,
                     "\x10saslStart\0\1\0\0\0"_s + bson_text("mechanism", mechanism) + "\5payload\0"_s +
                         le32(static_cast<std::uint32_t>(payload.size())) + '\0' + payload + "\3options\0\5\0\0\0\0"_s +
                         bson_text("$db", "$external"));
    };
    const auto accepted = mongo(11, 3, '\x10' + "conversationId\0\1\0\0\0"_s + '\x08' + "done\0\1"_s + bson_ok(true));
    const auto refused = mongo(11, 3, bson_ok(false) + bson_text("errmsg", "Authentication failed."));
    const auto plain = sign_in("PLAIN", "\0anna\0open sesame"_s);
    using List = std::vector<Heard>;
    CHECK(logins_of(mongodb, Dialogue{27017}.client(plain).server(accepted)) ==
          List{{Service::mongodb, "anna", "open sesame", success}});
    CHECK(logins_of(mongodb, Dialogue{27017}.client(plain).server(refused)) ==
          List{{Service::mongodb, "anna", "open sesame", failure}});
    CHECK(logins_of(mongodb, Dialogue{27017}.client(plain)) == List{{Service::mongodb, "anna", "open sesame", unknown}});
    CHECK(logins_of(mongodb, Dialogue{27017}.client(sign_in("SCRAM-SHA-256", "n,,n=anna,r=x")).server(accepted)).empty());
    CHECK(logins_of(mongodb, Dialogue{27017}.client(sign_in("PLAIN", "anna")).server(refused)).empty());
}

TEST_CASE("Redis: a command that is carried out before anybody has signed in") {
    CHECK(open_services(redis_login, Dialogue{6379}.client("*1\r\n$4\r\nINFO\r\n").server("$3\r\nabc\r\n")) == 1);
    CHECK(open_services(redis_login, Dialogue{6379}.client("PING\r\n").server("-NOAUTH Authentication required.\r\n")) == 0);
    CHECK(open_services(redis_login, Dialogue{6379}.client("QUIT\r\n").server("+OK\r\n")) == 0);
    CHECK(Dialogue{6379}
              .client("AUTH a\r\n")
              .server("+OK\r\n")
              .client("PING\r\n")
              .server("+PONG\r\n")
              .read(redis_login)
              .events.empty());
}

TEST_CASE("adb: open where CNXN is answered with CNXN") {
    const auto connect = adb_message("CNXN", "host::\0"_s);
    CHECK(open_services(adb, Dialogue{5555}.client(connect).server(adb_message("CNXN", "device::tv"))) == 1);
    CHECK(open_services(adb, Dialogue{5555}.client(connect).server(adb_message("AUTH", std::string(20, 't')))) == 0);
    CHECK(open_services(adb, Dialogue{5555}.client(connect).server(adb_message("STLS", ""))) == 0);
}

TEST_CASE("VNC: a screen without a password, in each version; and with one") {
    const std::string screen(24, 's');
    Dialogue version_8{5900};
    version_8.server("RFB 003.008\n").client("RFB 003.008\n").server("\2\1\2"_s).client("\1").server(be32(0)).client("\1");
    CHECK(open_services(vnc_login, Dialogue{version_8}) == 0);
    CHECK(open_services(vnc_login, version_8.server(screen)) == 1);
    Dialogue version_3{5900};
    version_3.server("RFB 003.008\n").client("RFB 003.003\n").server(be32(1)).client("\1").server(screen);
    CHECK(open_services(vnc_login, version_3) == 1);
    Dialogue challenge{5900};
    challenge.server("RFB 003.008\n").client("RFB 003.008\n").server("\1\2"_s).client("\2").server(std::string(16, 'c'));
    challenge.client(std::string(16, 'r')).server(be32(0)).client("\1").server(screen);
    CHECK(open_services(vnc_login, challenge) == 0);
}

TEST_CASE("VNC: names and passwords as they are: VeNCrypt's Plain, TightVNC's Unix login") {
    const auto credential = be32(4) + be32(6) + "annasecret";
    Dialogue vencrypt{5900};
    vencrypt.server("RFB 003.008\n").client("RFB 003.008\n").server("\1\x13"_s).client("\x13").server("\0\2"_s);
    vencrypt.client("\0\2"_s).server("\0\2"_s + be32(256) + be32(259)).client(be32(256)).client(credential).server(be32(1));
    CHECK(logins_of(vnc_login, vencrypt) == std::vector<Heard>{{Service::vnc, "anna", "secret", failure}});
    Dialogue over_tls{5900};
    over_tls.server("RFB 003.008\n").client("RFB 003.008\n").server("\1\x13"_s).client("\x13").server("\0\2"_s);
    over_tls.client("\0\2"_s).server("\0\1"_s + be32(259)).client(be32(259)).client(credential);
    CHECK(logins_of(vnc_login, over_tls).empty());
    Dialogue tight{5900};
    tight.server("RFB 003.008\n").client("RFB 003.008\n").server("\1\x10"_s).client("\x10").server(be32(0) + be32(1));
    tight.server(be32(129) + "TGHTULGNAUTH").client(be32(129) + credential).server(be32(0));
    CHECK(logins_of(vnc_login, tight) == std::vector<Heard>{{Service::vnc, "anna", "secret", success}});
}
