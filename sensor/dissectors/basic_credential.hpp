// The credential of the Basic scheme (RFC 7617), as HTTP, RTSP and SIP carry it in a header field.
#pragma once

#include "base64.hpp"
#include "sensor/ascii_text.hpp"

#include <string_view>

namespace linnet {

class BasicCredential {
 public:
    /// `field` is "Basic <token>", over folded lines too. False where it is another scheme, or no token of user:password.
    bool read(std::string_view field) {
        constexpr std::string_view blanks = " \t\r\n";
        if (!starts_with_text(field, "Basic")) return false;
        field.remove_prefix(5);
        const auto token = field.find_first_not_of(blanks);
        if (token == 0 || token == std::string_view::npos) return false;
        field.remove_prefix(token);
        if (!decode_base64(field.substr(0, field.find_first_of(blanks)), text_)) return false;
        colon_ = text_.view().find(':');
        return colon_ != std::string_view::npos;
    }
    [[nodiscard]] std::string_view user() const { return text_.view().substr(0, colon_); }
    [[nodiscard]] std::string_view secret() const { return text_.view().substr(colon_ + 1); }

 private:
    WipedText text_;
    std::size_t colon_ = 0;
};

}  // namespace linnet
