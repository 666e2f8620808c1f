// The two SASL mechanisms that send the password as it is: PLAIN (RFC 4616) and LOGIN (draft-murchison-sasl-login), both in
// Base64, as POP3 (RFC 5034), IMAP (RFC 9051) and SMTP (RFC 4954) carry them.
#pragma once

#include "base64.hpp"
#include "sensor/ascii_text.hpp"
#include "sensor/dissector.hpp"
#include "sensor/line_reader.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

namespace linnet {

struct SaslCredential {
    WipedText user;
    WipedText secret;
    std::size_t end = 0;  ///< of the client's last line that belongs to it
};

enum class Sasl : std::uint8_t {
    credential,  ///< read
    incomplete,  ///< the client has not sent all of it
    unreadable,  ///< another mechanism, cancelled, or not what the mechanism asks for
};

/// Authorization identity NUL authentication identity NUL password.
inline bool read_sasl_plain(std::string_view text, SaslCredential& out) {
    const auto first = text.find('\0');
    const auto second = first == std::string_view::npos ? first : text.find('\0', first + 1);
    if (second == std::string_view::npos) return false;
    out.user.assign(text.substr(first + 1, second - first - 1));
    out.secret.assign(text.substr(second + 1));
    return true;
}

inline bool decode_sasl_plain(std::string_view base64, SaslCredential& out) {
    WipedText message;
    return decode_base64(base64, message) && read_sasl_plain(message.view(), out);
}

/// `command_end` is behind the line that named the mechanism; `client` gives the lines behind it.
inline Sasl read_sasl(std::string_view mechanism, std::string_view initial_response, std::size_t command_end,
                      LineReader& client, SaslCredential& out) {
    out.end = command_end;
    const auto response = [&]() -> std::optional<std::string_view> {
        if (!initial_response.empty()) return std::exchange(initial_response, {});
        const auto line = client.next();
        if (!line) return std::nullopt;
        out.end = line->end;
        return line->text;
    };
    if (same_text(mechanism, "PLAIN")) {
        const auto message = response();
        if (!message) return Sasl::incomplete;
        return decode_sasl_plain(*message, out) ? Sasl::credential : Sasl::unreadable;
    }
    if (!same_text(mechanism, "LOGIN")) return Sasl::unreadable;
    const auto user = response();
    if (!user) return Sasl::incomplete;
    if (!decode_base64(*user, out.user)) return Sasl::unreadable;
    const auto secret = response();
    if (!secret) return Sasl::incomplete;
    return decode_base64(*secret, out.secret) ? Sasl::credential : Sasl::unreadable;
}

/// What a server says to a line of the client.
enum class Answer : std::uint8_t { accepted, refused, go_on };

inline Outcome outcome_of(std::optional<Answer> answer) {
    if (!answer || *answer == Answer::go_on) return Outcome::unknown;
    return *answer == Answer::accepted ? Outcome::success : Outcome::failure;
}

/// Reads "AUTH mechanism [initial response]" and what follows it. `answers.to(line_end)` gives the next answer to the line
/// that ends there. False where nothing behind it can be read until more has arrived.
template <class Answers>
bool read_auth(const Conversation& c, Service service, std::string_view arguments, std::size_t command_end,
               LineReader& client, Answers& answers, Findings& findings) {
    const auto mechanism = take_word(arguments);
    if (arguments.empty()) {
        const auto answer = answers.to(command_end);
        if (!answer && !c.closing) return false;
        if (answer && *answer != Answer::go_on) return true;
    }
    SaslCredential credential;
    const Sasl read = read_sasl(mechanism, arguments, command_end, client, credential);
    if (read != Sasl::credential) return read == Sasl::unreadable;
    auto answer = answers.to(credential.end);
    while (answer == Answer::go_on) answer = answers.to(credential.end);
    findings.login(service, credential.user.view(), credential.secret.view(), outcome_of(answer));
    return answer || c.closing;
}

}  // namespace linnet
