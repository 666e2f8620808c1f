// Who typed which name and password at a prompt, and what came of it: telnet and rlogin.
//
// A line that the client typed answers a prompt when that prompt was the last thing the server had written at the moment the
// line began (Conversation::turns). What the server wrote after the password decides: a sentence of refusal at once; a
// prompt, where the server rested on it, that is, where the client's next byte came or the conversation ended.
#pragma once

#include "sensor/dissector.hpp"
#include "telnet_stream.hpp"

#include <cstdint>

namespace linnet {

struct TypedSession {
    enum class Start : std::uint8_t {
        nothing_typed,  ///< not a whole line yet
        at_login,       ///< the first line that was typed answered a prompt for a name or a password
        at_shell,  ///< … or a prompt for commands, and the server answered with another: nobody was asked who they are
        elsewhere,
    };
    Start start = Start::nothing_typed;
    std::size_t logins = 0;
};

/// Reports the logins in what was typed behind the client's raw byte `from`. `user` is who signs in where only a password is
/// asked for.
TypedSession read_typed_logins(const Conversation& c, Service service, const TelnetStream& client,
                               const TelnetStream& server, std::size_t from, std::string_view user, Findings& findings);

}  // namespace linnet
