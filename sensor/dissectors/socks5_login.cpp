// SOCKS 5 (RFC 1928) with user name and password (RFC 1929).
#include "sensor/byte_reader.hpp"
#include "sensor/dissectors.hpp"

namespace linnet {
namespace {

constexpr std::uint8_t version = 5, by_password = 2, negotiation_version = 1;

bool wants(const Conversation& c) {
    if (c.client_head.empty()) return c.server.port.number == 1080;
    return c.client_head[0] == version && (c.client_head.size() < 2 || (c.client_head[1] > 0 && c.client_head[1] < 16));
}

void inspect(const Conversation& c, Findings& findings) {
    ByteReader client{c.client_head}, server{c.server_head};
    const bool is_socks = client.u8() == version;
    client.skip(client.u8());  // the methods it offers
    if (!is_socks || server.u8() != version || server.u8() != by_password || !server.ok()) return;
    if (client.u8() != negotiation_version) return;
    const auto user = client.text(client.u8());
    const auto secret = client.text(client.u8());
    if (!client.ok()) return;
    const bool answered = server.u8() == negotiation_version;
    const std::uint8_t status = server.u8();
    auto outcome = Outcome::unknown;
    if (answered && server.ok()) outcome = status == 0 ? Outcome::success : Outcome::failure;
    findings.login(Service::socks5, user, secret, outcome);
}

}  // namespace

const StreamDissector socks5_login{"socks5-login", wants, inspect};

}  // namespace linnet
