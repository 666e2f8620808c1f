// rsh (port 514) and rexec (port 512), as in the manual pages rshd(8) and rexecd(8): rsh names the user on whose word the
// command is run, and no password at all; rexec sends name and password as they are. The server answers with a zero byte, or
// a one and a sentence.
#include "sensor/byte_reader.hpp"
#include "sensor/dissectors.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace linnet {
namespace {

constexpr std::uint16_t rexec_port = 512, rsh_port = 514;

bool wants(const Conversation& c) { return c.server.port.number == rexec_port || c.server.port.number == rsh_port; }

bool is_port_number(std::string_view text) {
    return text.size() <= 5 && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_name(std::string_view text) {
    constexpr std::size_t longest = 64;
    return !text.empty() && text.size() <= longest &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7F'; });
}

Outcome outcome_of(std::string_view server) {
    if (server.empty()) return Outcome::unknown;
    return server[0] == '\0' ? Outcome::success : Outcome::failure;
}

void inspect(const Conversation& c, Findings& findings) {
    ByteReader client{c.client_head};
    const auto error_port = client.text_to_zero(), first = client.text_to_zero(), second = client.text_to_zero(),
               command = client.text_to_zero();
    if (c.midstream || !client.ok() || !is_port_number(error_port) || !is_name(first) || command.empty()) return;
    const auto outcome = outcome_of(c.server_head);
    if (c.server.port.number == rexec_port) {
        findings.login(Service::rsh, first, second, outcome);
    } else if (is_name(second) && (outcome != Outcome::unknown || c.closing)) {
        // Not through login(): there is no password, so that none can be a factory's.
        Login login;
        login.service = Service::rsh;
        login.outcome = outcome;
        login.user = plain_text(second);
        findings.tell(std::move(login));
    }
}

}  // namespace

const StreamDissector rsh_login{"rsh-login", wants, inspect};

}  // namespace linnet
