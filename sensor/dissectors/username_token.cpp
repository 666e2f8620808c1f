#include "username_token.hpp"

#include "sensor/ascii_text.hpp"
#include "xml_reader.hpp"

#include <algorithm>

namespace linnet {
namespace {

bool is_soap(const HttpMessage& request) {
    const auto type = http_field(request, "Content-Type").value_or("");
    return starts_with_text(type, "application/soap+xml") || starts_with_text(type, "text/xml") ||
           starts_with_text(type, "application/xml");
}

}  // namespace

bool read_username_token(const HttpMessage& request, std::string_view head, UsernameToken& out) {
    if (!request.start_line.starts_with("POST ") || !is_soap(request)) return false;
    const auto seen = head.substr(0, std::min(request.end, head.size()));
    if (seen.find("UsernameToken", request.body) == std::string_view::npos) return false;  // as in most SOAP messages
    bool inside = false, has_user = false, has_secret = false;
    XmlReader reader{seen, request.body};
    while (const auto tag = reader.next()) {
        if (tag->name == "UsernameToken") {
            if (tag->closes) return has_user && has_secret;
            inside = true;
        } else if (inside && !tag->closes && tag->name == "Username") {
            has_user = reader.text(out.user);
        } else if (inside && !tag->closes && tag->name == "Password") {
            if (ends_with_text(xml_attribute(*tag, "Type"), "#PasswordDigest")) return false;
            has_secret = !tag->empty && reader.text(out.secret);
        }
    }
    return false;
}

}  // namespace linnet
