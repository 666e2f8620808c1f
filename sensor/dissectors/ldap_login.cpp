// LDAP (RFC 4511): simple binds (section 4.2), and binds by SASL PLAIN. A bind without a password is anonymous and no login.
#include "ber.hpp"
#include "sasl.hpp"
#include "sensor/dissectors.hpp"

#include <optional>

namespace linnet {
namespace {

constexpr std::uint8_t bind_request = 0x60, bind_response = 0x61, simple = 0x80, sasl = 0xA3;

bool wants(const Conversation& c) {
    const auto port = c.server.port.number;
    return port == 389 || port == 3268 || c.app_proto == "ldap";
}

/// LDAPMessage ::= SEQUENCE { messageID, protocolOp, … }
struct Message {
    std::uint32_t id = 0;
    ByteReader operation;
};

std::optional<Message> next_message(ByteReader& reader) {
    ByteReader operation = ber_value(reader, ber::sequence);
    const std::uint32_t id = ber_number(operation, ber::integer);
    return reader.ok() && operation.ok() ? std::optional{Message{id, operation}} : std::nullopt;
}

Outcome bind_outcome(std::string_view server, std::uint32_t id) {
    ByteReader reader{server};
    while (auto message = next_message(reader)) {
        if (message->id != id) continue;
        ByteReader response = ber_value(message->operation, bind_response);
        const std::uint32_t result = ber_number(response, ber::enumerated);
        if (!message->operation.ok() || !response.ok()) return Outcome::unknown;
        return result == 0 ? Outcome::success : Outcome::failure;
    }
    return Outcome::unknown;
}

/// AuthenticationChoice: simple, or SASL with mechanism and credentials. False where it holds no readable password.
bool read_choice(ByteReader bind, std::string_view name, SaslCredential& out) {
    ByteReader choice = bind;
    if (const auto secret = ber_text(bind, simple); bind.ok()) {
        out.user.assign(name);
        out.secret.assign(secret);
        return !secret.empty();
    }
    ByteReader credentials = ber_value(choice, sasl);
    if (ber_text(credentials, ber::octet_string) != "PLAIN") return false;
    const auto message = ber_text(credentials, ber::octet_string);
    return choice.ok() && credentials.ok() && read_sasl_plain(message, out);
}

void inspect(const Conversation& c, Findings& findings) {
    ByteReader reader{c.client_head};
    while (auto message = next_message(reader)) {
        ByteReader bind = ber_value(message->operation, bind_request);
        ber_number(bind, ber::integer);  // version
        const auto name = ber_text(bind, ber::octet_string);
        SaslCredential credential;
        if (!message->operation.ok() || !bind.ok() || !read_choice(bind, name, credential)) continue;
        const auto outcome = bind_outcome(c.server_head, message->id);
        findings.login(Service::ldap, credential.user.view(), credential.secret.view(), outcome);
        if (outcome == Outcome::unknown && !c.closing) return;
    }
}

}  // namespace

const StreamDissector ldap_login{"ldap-login", wants, inspect};

}  // namespace linnet
