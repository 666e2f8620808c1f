// VNC, the remote framebuffer protocol (RFC 6143; the community's rfbproto.rst for VeNCrypt and Tight): a screen that is
// shared without a password, and the two ways to send name and password as they are: VeNCrypt's Plain without TLS, and
// TightVNC's Unix login without a tunnel.
//
// "VNC Authentication" (type 2) sends a random challenge, encrypted with the password (DES). That is weak, but the password
// cannot be read, and whoever has none is turned away: it is neither told as a login nor as open. The same holds for the
// types with a key exchange (Apple's 30, RealVNC's, MS-Logon II).
#include "open_service.hpp"
#include "sensor/byte_reader.hpp"
#include "sensor/dissectors.hpp"

#include <algorithm>

namespace linnet {
namespace {

constexpr std::uint32_t no_authentication = 1, tight = 16, vencrypt = 19;
constexpr std::uint32_t vencrypt_plain = 256, tight_unix_login = 129;
constexpr std::size_t version_size = 12, tight_capability_size = 16, server_init_size = 24;

bool wants(const Conversation& c) { return c.server_head.starts_with("RFB 0") || c.client_head.starts_with("RFB 0"); }

/// Both sides of the handshake, read in step.
struct Handshake {
    ByteReader client, server;
    unsigned minor = 0;  ///< of the version that the client chose
    [[nodiscard]] bool ok() const { return client.ok() && server.ok(); }
};

/// "RFB 003.008\n": 3, 7 or 8; anything in between counts as 3 (section 7.1.1). Apple says 889.
unsigned minor_version(std::string_view text) {
    if (!text.starts_with("RFB 003.") && !text.starts_with("RFB 004.") && !text.starts_with("RFB 005.")) return 0;
    const auto minor = text.substr(8, 3);
    if (minor == "007") return 7;
    return minor >= "008" || text[6] > '3' ? 8 : 3;
}

std::uint32_t security_type(Handshake& h) {
    if (h.minor < 7) return h.server.u32();
    h.server.skip(h.server.u8());
    return h.client.u8();
}

Outcome security_result(Handshake& h) {
    const std::uint32_t result = h.server.u32();
    if (!h.server.ok()) return Outcome::unknown;
    return result == 0 ? Outcome::success : Outcome::failure;
}

void read_credential(Handshake& h, Findings& findings) {
    const std::uint32_t user_size = h.client.u32(), secret_size = h.client.u32();
    const auto user = h.client.text(user_size), secret = h.client.text(secret_size);
    if (h.ok()) findings.login(Service::vnc, user, secret, security_result(h));
}

/// Once the server has described its screen (section 7.3.2), it is shared.
void read_unprotected(Handshake& h, Findings& findings) {
    if (h.minor >= 8 && security_result(h) != Outcome::success) return;
    h.client.skip(1);
    h.server.skip(server_init_size);
    if (h.ok()) tell_open_service(findings, "vnc", "a screen shared without a password");
}

void read_vencrypt(Handshake& h, Findings& findings) {
    const std::uint16_t offered = h.server.u16(), chosen = h.client.u16();
    constexpr std::uint16_t version = 0x0002;
    if (offered < version || chosen != version || h.server.u8() != 0) return;
    h.server.skip(h.server.u8() * 4U);
    if (h.client.u32() == vencrypt_plain && h.ok()) read_credential(h, findings);
}

void read_tight(Handshake& h, Findings& findings) {
    const std::uint32_t tunnels = h.server.u32();
    if (tunnels > Conversation::head_size) return;
    h.server.skip(tunnels * tight_capability_size);
    if (tunnels > 0 && h.client.u32() != 0) return;
    const std::uint32_t types = h.server.u32();
    if (types > Conversation::head_size) return;
    h.server.skip(types * tight_capability_size);
    const std::uint32_t chosen = types > 0 ? h.client.u32() : no_authentication;
    if (!h.ok()) return;
    if (chosen == tight_unix_login) read_credential(h, findings);
    if (chosen == no_authentication) read_unprotected(h, findings);
}

void inspect(const Conversation& c, Findings& findings) {
    if (c.midstream) return;
    Handshake h{ByteReader{c.client_head}, ByteReader{c.server_head}};
    const auto offered = minor_version(h.server.text(version_size)), chosen = minor_version(h.client.text(version_size));
    if (!h.ok() || offered == 0 || chosen == 0) return;
    h.minor = std::min(offered, chosen);
    const std::uint32_t type = security_type(h);
    if (!h.ok()) return;
    if (type == no_authentication) read_unprotected(h, findings);
    if (type == vencrypt) read_vencrypt(h, findings);
    if (type == tight) read_tight(h, findings);
}

}  // namespace

const StreamDissector vnc_login{"vnc-login", wants, inspect};

}  // namespace linnet
