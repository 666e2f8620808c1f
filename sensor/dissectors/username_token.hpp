// The UsernameToken of Web Services Security (OASIS WSS UsernameToken Profile 1.1), as ONVIF cameras ask for it in SOAP
// messages, with the password as text. The digest form (PasswordDigest) is not readable.
#pragma once

#include "http_message.hpp"
#include "wiped_text.hpp"

#include <string_view>

namespace linnet {

struct UsernameToken {
    WipedText user, secret;
};

/// True where the request's body has one. `head` is the direction that it lies in.
bool read_username_token(const HttpMessage& request, std::string_view head, UsernameToken& out);

}  // namespace linnet
