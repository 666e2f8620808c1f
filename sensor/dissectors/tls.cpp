// TLS and SSL on any port, at once or after what another protocol said first (STARTTLS, a proxy's greeting): what the two
// sides agreed on and which fingerprint the client has (TlsHandshake), and, up to TLS 1.2, which certificates the server
// showed and whether the client went on (Certificate).
//
// The client accepted the certificates where it sent application data afterwards; it refused them where it sent an alert
// before any, or ended the connection. One direction alone tells what it can. Where a device at home shows a certificate of
// its own, as server or as client, the MUD URL in it is a hint (source "tls", mud-url).
#include "sensor/dissectors.hpp"

#include "certificate_mud_url.hpp"
#include "ja4.hpp"
#include "openvpn_control.hpp"
#include "sensor/byte_reader.hpp"
#include "tls_hello.hpp"
#include "tls_record.hpp"

namespace linnet {
namespace {

constexpr std::uint16_t ssl_2_0 = 0x0002, tls_1_3 = 0x0304;

bool is_openvpn(const Conversation& c) {
    constexpr std::uint16_t openvpn_port = 1194;
    return c.server.port.number == openvpn_port && starts_like_openvpn(c.client_head);
}

bool wants(const Conversation& c) {
    return starts_like_tls(c.client_head) || starts_like_tls(c.server_head) || is_openvpn(c) ||
           find_tls_hello(c.client_head, TlsMessageType::client_hello) ||
           find_tls_hello(c.server_head, TlsMessageType::server_hello);
}

/// What the client's direction shows.
struct ClientSide {
    bool began = false;  ///< its hello was seen
    std::string sni, ja4;
    Outcome outcome = Outcome::unknown;  ///< of the certificates
};

/// SSL 3.0's way to say "I have no certificate of my own" is no refusal.
bool is_refusal(std::string_view alert) {
    constexpr std::uint8_t warning = 1, no_certificate = 41;
    ByteReader in{alert};
    return !(alert.size() == 2 && in.u8() == warning && in.u8() == no_certificate);
}

Outcome outcome_in(TlsRecords records, bool hello_seen) {
    bool encrypted = !hello_seen;  // the part that was missed may have had the change of cipher
    while (const auto record = records.next()) {
        if (record->content == TlsContent::change_cipher_spec) encrypted = true;
        if (record->content == TlsContent::application_data && encrypted) return Outcome::success;
        if (record->content == TlsContent::alert && record->complete && is_refusal(record->fragment))
            return Outcome::failure;
    }
    return Outcome::unknown;
}

ClientSide read_client(const Conversation& c) {
    ClientSide client;
    std::size_t records = 0;
    if (const auto ssl2 = ssl2_client_hello_size(c.client_head)) {
        client.began = true;
        records = *ssl2;
    } else if (const auto begin = find_tls_hello(c.client_head, TlsMessageType::client_hello)) {
        client.began = true;
        records = *begin;
        TlsHandshakeMessages messages{c.client_head, records};
        const auto message = messages.next();
        if (const auto hello = message && message->complete ? read_client_hello(message->body) : std::nullopt) {
            client.sni = plain_text(hello->sni);
            if (!c.server_head.empty() || c.closing) client.ja4 = ja4(*hello, Ja4Transport::tcp);
        }
    }
    client.outcome = outcome_in(TlsRecords{c.client_head, records}, client.began);
    if (client.outcome == Outcome::unknown && c.closing && c.ended && client.began) client.outcome = Outcome::failure;
    return client;
}

/// The chain of a Certificate message (RFC 5246, section 7.4.2), as much of it as has arrived and fits.
std::vector<Der> chain_in(std::string_view body) {
    std::vector<Der> chain;
    ByteReader in{body};
    in.skip(3);  // length of the list
    std::size_t bytes = 0;
    while (in.ok() && !in.at_end() && chain.size() < Certificate::max_chain) {
        const auto der = in.text(in.u24());
        bytes += der.size();
        if (!in.ok() || der.empty() || bytes > Certificate::max_bytes) break;
        chain.push_back({std::string{der}});
    }
    return chain;
}

/// What the server's direction shows.
struct ServerSide {
    std::optional<TlsServerHello> hello;
    std::uint16_t version = 0;
    std::string alpn;
    std::vector<Der> chain;
    bool settled = false;  ///< nothing that comes later changes this
};

ServerSide read_server(const Conversation& c) {
    ServerSide server;
    if (const auto ssl2 = read_ssl2_server_hello(c.server_head)) {
        server.hello = TlsServerHello{.version = ssl_2_0};
        server.version = ssl_2_0;
        if (!ssl2->certificate.empty()) server.chain.push_back({std::string{ssl2->certificate}});
        server.settled = true;
        return server;
    }
    const auto begin = find_tls_hello(c.server_head, TlsMessageType::server_hello);
    TlsHandshakeMessages messages{c.server_head, begin.value_or(0)};
    while (const auto message = messages.next()) {
        if (message->type == TlsMessageType::server_hello && !server.hello && message->complete) {
            server.hello = read_server_hello(message->body);
            if (!server.hello) return server;
            server.version = server.hello->version;
            server.alpn = plain_text(server.hello->alpn);
            server.settled = server.version >= tls_1_3;
        } else if (message->type == TlsMessageType::certificate) {
            const bool cut = c.closing || c.server_head.size() >= Conversation::longest_head;
            if (!message->complete && !cut) break;
            server.chain = chain_in(message->body);
            server.settled = true;
        } else if (message->type >= TlsMessageType::server_key_exchange) {
            server.settled = true;  // it shows none
        }
        if (server.settled) break;
    }
    if (server.version == 0) server.version = messages.record_version();
    server.settled = server.settled || messages.over();
    return server;
}

/// The client's own certificate, which it shows where the server asks for one.
std::vector<Der> client_chain(const Conversation& c) {
    TlsHandshakeMessages messages{c.client_head, find_tls_hello(c.client_head, TlsMessageType::client_hello).value_or(0)};
    while (const auto message = messages.next())
        if (message->type == TlsMessageType::certificate) return chain_in(message->body);
    return {};
}

void tell_mud_urls(const Conversation& c, const std::vector<Der>& server, Findings& findings) {
    const auto tell = [&findings](const Endpoint& device, const std::vector<Der>& chain) {
        if (!chain.empty()) findings.hint(device, "tls", "mud-url", mud_url_in(chain.front().bytes));
    };
    tell(c.server, server);
    tell(c.client, client_chain(c));
}

void read(const Conversation& c, Findings& findings) {
    auto client = read_client(c);
    if (client.began) findings.need(Conversation::longest_head);
    auto server = read_server(c);
    if (!server.hello && server.chain.empty()) {
        const bool none_in_sight = c.server_head.size() >= Conversation::head_size && !client.began;
        if (none_in_sight) findings.finished();
        if (c.closing && !client.ja4.empty()) findings.tell(TlsHandshake{.sni = client.sni, .ja4 = client.ja4});
        return;
    }
    findings.need(Conversation::longest_head);
    if (server.hello)
        findings.tell(TlsHandshake{.version = server.version,
                                   .cipher = server.hello->cipher,
                                   .sni = client.sni,
                                   .alpn = server.alpn,
                                   .ja4 = client.ja4});
    if (server.settled && !server.chain.empty() && client.outcome == Outcome::unknown && !c.closing) return;
    if (!server.settled && !c.closing) return;
    if (!server.chain.empty()) {
        tell_mud_urls(c, server.chain, findings);
        findings.tell(Certificate{
            .version = server.version, .outcome = client.outcome, .sni = client.sni, .chain = std::move(server.chain)});
    }
    if (c.app_proto.empty()) findings.app_proto("tls");
    findings.finished();
}

void inspect(const Conversation& c, Findings& findings) {
    if (!is_openvpn(c)) return read(c, findings);
    const std::string client = openvpn_control(c.client_head), server = openvpn_control(c.server_head);
    Conversation inside = c;
    inside.client_head = client;
    inside.server_head = server;
    read(inside, findings);
}

}  // namespace

const StreamDissector tls{"tls", wants, inspect};

}  // namespace linnet
