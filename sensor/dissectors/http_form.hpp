// Logins in web forms: a user name and a password among the fields of a URL's query, of a form's body
// (application/x-www-form-urlencoded, multipart/form-data) or of a JSON object.
#pragma once

#include "http_message.hpp"
#include "wiped_text.hpp"

#include <cstdint>
#include <string_view>

namespace linnet {

/// The first user name and the first password of a request.
struct FormLogin {
    WipedText user, secret;
    enum class User : std::uint8_t { none, weak, strong };  ///< how sure the name of its field is
    User has_user = User::none;
    bool has_secret = false;
    [[nodiscard]] bool complete() const { return has_secret && user.size() > 0; }
};

/// True where the request has both. `head` is the direction that it lies in; a body that has not wholly arrived is not read.
bool read_form_login(const HttpMessage& request, std::string_view head, FormLogin& out);

}  // namespace linnet
