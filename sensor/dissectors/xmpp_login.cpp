// XMPP: SASL PLAIN (RFC 6120, section 6), and the password of the older jabber:iq:auth (XEP-0078). After <proceed/> (RFC
// 6120, section 5) nothing can be read.
#include "sasl.hpp"
#include "sensor/dissectors.hpp"
#include "xml_reader.hpp"

namespace linnet {
namespace {

bool wants(const Conversation& c) {
    const auto port = c.server.port.number;
    if (port == 5222 || port == 5223 || c.app_proto == "jabber" || c.app_proto == "xmpp") return true;
    return c.client_head.starts_with("<stream:stream") || c.client_head.starts_with("<?xml");
}

/// What the server says to what the client had sent up to `client_end`: the first tag of one of these two names.
Outcome answer_to(const Conversation& c, std::size_t client_end, std::string_view good, std::string_view bad) {
    XmlReader reader{c.server_head, server_bytes_before(c, client_end - 1)};
    while (const auto tag = reader.next()) {
        if (tag->closes) continue;
        if (tag->name == good) return Outcome::success;
        if (tag->name == bad) return Outcome::failure;
    }
    return Outcome::unknown;
}

/// The same for the <iq/> with this identifier.
Outcome answer_to_query(const Conversation& c, std::size_t client_end, std::string_view id) {
    XmlReader reader{c.server_head, server_bytes_before(c, client_end - 1)};
    while (const auto tag = reader.next()) {
        if (tag->closes || tag->name != "iq" || xml_attribute(*tag, "id") != id) continue;
        const auto type = xml_attribute(*tag, "type");
        if (type == "result") return Outcome::success;
        if (type == "error") return Outcome::failure;
    }
    return Outcome::unknown;
}

/// What the client sends and what has been gathered of an older login.
class Client {
 public:
    Client(const Conversation& c, Findings& findings) : c_{c}, findings_{findings} {}

    /// False where nothing behind the tag can be read (until more has arrived).
    bool read(const XmlTag& tag, const XmlReader& reader) {
        if (tag.name == "starttls" && !tag.closes) return answer_to(c_, tag.end, "failure", "proceed") == Outcome::success;
        if (tag.name == "iq") return read_query(tag);
        if (tag.closes) return true;
        if (tag.name == "auth") plain_ = xml_attribute(tag, "mechanism") == "PLAIN";
        if (tag.name == "auth" || tag.name == "response") return !plain_ || read_sasl_plain(tag, reader);
        if (tag.name == "query") legacy_ = xml_attribute(tag, "xmlns") == "jabber:iq:auth";
        if (legacy_ && tag.name == "username") return reader.text(user_);
        if (legacy_ && tag.name == "password") return has_secret_ = reader.text(secret_);
        return true;
    }

 private:
    bool read_sasl_plain(const XmlTag& tag, const XmlReader& reader) {
        WipedText message;
        if (tag.empty) return true;
        if (!reader.text(message)) return false;
        SaslCredential credential;
        if (!decode_sasl_plain(message.view(), credential)) return true;
        plain_ = false;
        return report(credential.user.view(), credential.secret.view(), answer_to(c_, tag.end, "success", "failure"));
    }
    bool read_query(const XmlTag& tag) {
        if (!tag.closes) {
            id_ = xml_attribute(tag, "id");
            legacy_ = has_secret_ = false;
            return true;
        }
        if (!has_secret_) return true;
        has_secret_ = false;
        return report(user_.view(), secret_.view(), answer_to_query(c_, tag.end, id_));
    }
    bool report(std::string_view user, std::string_view secret, Outcome outcome) {
        findings_.login(Service::xmpp, user, secret, outcome);
        return outcome != Outcome::unknown || c_.closing;
    }

    const Conversation& c_;
    Findings& findings_;
    std::string_view id_;
    WipedText user_, secret_;
    bool plain_ = false, legacy_ = false, has_secret_ = false;
};

void inspect(const Conversation& c, Findings& findings) {
    Client client{c, findings};
    for (XmlReader reader{c.client_head}; const auto tag = reader.next();)
        if (!client.read(*tag, reader)) return;
}

}  // namespace

const StreamDissector xmpp_login{"xmpp-login", wants, inspect};

}  // namespace linnet
