// memcached (doc/protocol.txt and the binary protocol of its wiki): data or statistics for somebody who has not signed in.
// In the text protocol a password is sent with a first `set`, so that only what came before any `set` tells.
#include "open_service.hpp"
#include "sensor/ascii_text.hpp"
#include "sensor/byte_reader.hpp"
#include "sensor/dissectors.hpp"
#include "sensor/line_reader.hpp"

#include <algorithm>
#include <array>

namespace linnet {
namespace {

bool wants(const Conversation& c) { return c.server.port.number == 11211 || c.app_proto == "memcached"; }

bool is_read_command(std::string_view line) {
    constexpr std::array<std::string_view, 4> commands{"get", "gets", "gat", "stats"};
    const auto command = take_word(line);
    return std::find(commands.begin(), commands.end(), command) != commands.end();
}

bool serves_text(const Conversation& c) {
    const auto request = LineReader{c.client_head}.next();
    const auto answer = LineReader{c.server_head}.next();
    if (!request || !answer || !is_read_command(request->text)) return false;
    return answer->text.starts_with("STAT ") || answer->text.starts_with("VALUE ") || answer->text == "END";
}

/// The first request and its response: magic number, command, …, status. Signing in is by commands 0x20 to 0x22.
bool serves_binary(const Conversation& c) {
    constexpr std::uint8_t get = 0x00, set = 0x01, stat = 0x10, request_magic = 0x80, response_magic = 0x81;
    ByteReader client{c.client_head}, server{c.server_head};
    if (client.u8() != request_magic || server.u8() != response_magic) return false;
    const std::uint8_t command = client.u8();
    if (server.u8() != command || (command != get && command != set && command != stat)) return false;
    server.skip(4);  // key length, extras length, data type
    const std::uint16_t status = server.u16();
    return client.ok() && server.ok() && status <= 1;  // done, or there is no such key
}

void inspect(const Conversation& c, Findings& findings) {
    if (!c.midstream && (serves_text(c) || serves_binary(c)))
        tell_open_service(findings, "memcached", "a memory cache that asks for no password");
}

}  // namespace

const StreamDissector memcached{"memcached", wants, inspect};

}  // namespace linnet
