// rlogin (RFC 1282): the client says who it is on its side and who it wants to be. Where the server trusts that, nothing
// more is asked; otherwise a password is typed, as in telnet (see typed_login.hpp).
#include "sensor/byte_reader.hpp"
#include "sensor/dissectors.hpp"
#include "typed_login.hpp"

namespace linnet {
namespace {

bool wants(const Conversation& c) { return c.server.port.number == 513; }

/// Zero, client user, zero, server user, zero, "terminal/speed", zero.
struct Startup {
    std::string_view user;
    std::size_t end = 0;  ///< 0 where it has not wholly arrived, or is none
};

Startup read_startup(std::string_view head) {
    ByteReader reader{head};
    if (reader.u8() != 0) return {};
    const auto here = reader.text_to_zero(), there = reader.text_to_zero(), terminal = reader.text_to_zero();
    if (!reader.ok() || here.empty() || there.empty() || terminal.find('/') == std::string_view::npos) return {};
    return {there, head.size() - reader.remaining()};
}

/// Not through login(): there is no password, so that none can be a factory's.
void tell_trusted(std::string_view user, Outcome outcome, Findings& findings) {
    Login login;
    login.service = Service::rlogin;
    login.outcome = outcome;
    login.user = plain_text(user);
    findings.tell(std::move(login));
}

void inspect(const Conversation& c, Findings& findings) {
    const Startup startup = read_startup(c.client_head);
    if (c.midstream || startup.end == 0) return;
    const TelnetStream client{c.client_head, TelnetStream::Dialect::rlogin},
        server{c.server_head, TelnetStream::Dialect::rlogin};
    const auto session = read_typed_logins(c, Service::rlogin, client, server, startup.end, startup.user, findings);
    if (session.start == TypedSession::Start::at_shell)
        tell_trusted(startup.user, Outcome::success, findings);
    else if (c.closing && session.logins == 0)
        tell_trusted(startup.user, c.server_head.starts_with('\1') ? Outcome::failure : Outcome::unknown, findings);
}

}  // namespace

const StreamDissector rlogin_login{"rlogin-login", wants, inspect};

}  // namespace linnet
