// Logins in chat: XMPP; IRC beyond PASS.
#include "dialogue_checks.hpp"
#include "sensor/dissectors.hpp"
#include "sensor/dissectors/xml_reader.hpp"

#include <doctest/doctest.h>

using namespace linnet;
using namespace linnet::test;

namespace {

constexpr std::string_view stream = "<?xml version='1.0'?><stream:stream to='example.org' xmlns='jabber:client'>";
constexpr std::string_view sasl = "xmlns='urn:ietf:params:xml:ns:xmpp-sasl'";

std::string auth(std::string_view mechanism, std::string_view text) {
    return "<auth " + std::string{sasl} + " mechanism='" + std::string{mechanism} + "'>" + std::string{text} + "</auth>";
}

Dialogue chat() {
    Dialogue dialogue{5222};
    dialogue.client(stream).server("<stream:stream id='1'><stream:features/>");
    return dialogue;
}

}  // namespace

TEST_CASE("XML: tags, attributes, entities, and what is none of them") {
    const std::string_view document =
        "<?xml version='1.0'?><!-- <a> --><ns:a x=\"1 > 0\" y = 'two'><![CDATA[<b>]]><c/> &lt;&#65;&#x42;&amp;&nbsp; "
        "</ns:a>";
    XmlReader reader{document};
    const auto a = reader.next();
    REQUIRE(a);
    CHECK(a->name == "a");
    CHECK(xml_attribute(*a, "x") == "1 > 0");
    CHECK(xml_attribute(*a, "y") == "two");
    CHECK(xml_attribute(*a, "z").empty());
    const auto c = reader.next();
    REQUIRE(c);
    CHECK(c->name == "c");
    CHECK(c->empty);
    WipedText text;
    REQUIRE(reader.text(text));
    CHECK(text.view() == "<AB&&nbsp;");
    const auto end = reader.next();
    REQUIRE(end);
    CHECK(end->closes);
    CHECK(end->end == document.size());
    CHECK_FALSE(reader.next());
}

TEST_CASE("XMPP: SASL PLAIN (RFC 6120), refused and accepted") {
    auto dialogue = chat();
    dialogue.client(auth("PLAIN", "AGFubmEAd3Jvbmc=")).server("<failure><not-authorized/></failure>");
    dialogue.client(auth("PLAIN", "AGFubmEAc2VjcmV0")).server("<success/>");
    CHECK(logins_of(xmpp_login, dialogue) ==
          std::vector<Heard>{{Service::xmpp, "anna", "wrong", failure}, {Service::xmpp, "anna", "secret", success}});
    auto in_two_steps = chat();
    in_two_steps.client("<auth mechanism=\"PLAIN\"/>").server("<challenge/>");
    in_two_steps.client("<response>AGFubmEAc2VjcmV0</response>").server("<success/>");
    CHECK(logins_of(xmpp_login, in_two_steps) == std::vector<Heard>{{Service::xmpp, "anna", "secret", success}});
}

TEST_CASE("XMPP: other mechanisms, and what follows <proceed/>, are not readable") {
    auto scram = chat();
    scram.client(auth("SCRAM-SHA-1", "AGFubmEAc2VjcmV0")).server("<success/>");
    CHECK(logins_of(xmpp_login, scram).empty());
    auto encrypted = chat();
    encrypted.client("<starttls/>").server("<proceed/>").client(auth("PLAIN", "AGFubmEAc2VjcmV0"));
    CHECK(logins_of(xmpp_login, encrypted).empty());
    auto declined = chat();
    declined.client("<starttls/>").server("<failure/>").client(auth("PLAIN", "AGFubmEAc2VjcmV0")).server("<success/>");
    CHECK(logins_of(xmpp_login, declined).size() == 1);
}

TEST_CASE("XMPP: jabber:iq:auth (XEP-0078) with a password, and with a digest") {
    const auto query = [](std::string_view secret) {
        return "<iq type='set' id='a2'><query xmlns='jabber:iq:auth'><username>anna</username>" + std::string{secret} +
               "</query></iq>";
    };
    auto dialogue = chat();
    dialogue.client("<iq type='get' id='a1'><query xmlns='jabber:iq:auth'/></iq>").server("<iq type='result' id='a1'/>");
    dialogue.client(query("<password>a&amp;b</password>")).server("<iq type='error' id='a2'/>");
    CHECK(logins_of(xmpp_login, dialogue) == std::vector<Heard>{{Service::xmpp, "anna", "a&b", failure}});
    CHECK(logins_of(xmpp_login, chat().client(query("<digest>00</digest>")).server("<iq type='result' id='a2'/>")).empty());
}

TEST_CASE("IRC: SASL PLAIN, OPER, and what services are told") {
    Dialogue dialogue{6667};
    dialogue.client("CAP REQ :sasl\r\nNICK anna\r\nAUTHENTICATE PLAIN\r\n").server("AUTHENTICATE +\r\n");
    dialogue.client("AUTHENTICATE AGFubmEAc2VjcmV0\r\n").server(":irc 900 * :in\r\n:irc 903 * :SASL ok\r\n");
    dialogue.client("OPER root boss\r\n").server(":irc 491 anna :no\r\n");
    dialogue.client("PRIVMSG NickServ :IDENTIFY secret\r\n").server(":irc 900 anna :logged in\r\n");
    dialogue.client("NS IDENTIFY other word\r\n").server(":irc 900 anna :logged in\r\n");
    dialogue.client("PRIVMSG Q@CServe.quakenet.org :AUTH anna secret\r\n").server(":irc NOTICE anna :hello\r\n");
    CHECK(logins_of(irc_login, dialogue) == std::vector<Heard>{{Service::irc, "anna", "secret", success},
                                                               {Service::irc, "root", "boss", failure},
                                                               {Service::irc, "anna", "secret", success},
                                                               {Service::irc, "other", "word", success},
                                                               {Service::irc, "anna", "secret", unknown}});
}

TEST_CASE("IRC: words that are no logins") {
    for (const std::string_view line :
         {"PRIVMSG #home :IDENTIFY secret\r\n", "PRIVMSG NickServ :HELP IDENTIFY\r\n", "PRIVMSG NickServ :IDENTIFY\r\n",
          "AUTHENTICATE EXTERNAL\r\nAUTHENTICATE AGFubmEAc2VjcmV0\r\n", "OPER root\r\n",
          "STARTTLS\r\nPRIVMSG NickServ :IDENTIFY secret\r\n"}) {
        CAPTURE(line);
        CHECK(logins_of(irc_login, Dialogue{6667}.client("NICK anna\r\n").client(line)).empty());
    }
}
