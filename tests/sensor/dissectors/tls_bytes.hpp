// TLS by hand for tests: records and handshake messages (RFC 8446, section 5.1 and 4; RFC 5246, section 7.4).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace linnet::test {

inline std::string be(std::size_t number, int bytes) {
    std::string text;
    for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) text += static_cast<char>(number >> shift);
    return text;
}
/// A length of so many bytes, then the value.
inline std::string sized(int bytes, std::string_view value) { return be(value.size(), bytes) + std::string{value}; }

inline constexpr int change_cipher_spec = 20, alert = 21, handshake = 22, application_data = 23;
inline std::string record(int content, std::string_view fragment, std::uint16_t version = 0x0303) {
    return static_cast<char>(content) + be(version, 2) + sized(2, fragment);
}
inline std::string message(int type, std::string_view body) { return static_cast<char>(type) + sized(3, body); }
inline std::string extension(std::size_t type, std::string_view value) { return be(type, 2) + sized(2, value); }

inline const std::string random_bytes(32, '\x5a');

inline std::string server_name(std::string_view name) { return extension(0, sized(2, '\0' + sized(2, name))); }
inline std::string protocols(std::string_view name) { return extension(16, sized(2, sized(1, name))); }

inline std::string client_hello(std::string_view extensions, std::uint16_t version = 0x0303) {
    return message(1, be(version, 2) + random_bytes + sized(1, "") + sized(2, be(0x1301, 2) + be(0x002f, 2)) +
                          sized(1, std::string(1, '\0')) + sized(2, extensions));
}
inline std::string server_hello(std::uint16_t version, std::uint16_t cipher, std::string_view extensions = "") {
    return message(2, be(version, 2) + random_bytes + sized(1, "session") + be(cipher, 2) + '\0' +
                          (extensions.empty() ? "" : sized(2, extensions)));
}
inline std::string certificate(const std::vector<std::string>& chain) {
    std::string list;
    for (const auto& der : chain) list += sized(3, der);
    return message(11, sized(3, list));
}
inline const std::string server_hello_done = message(14, ""), client_key_exchange = message(16, "key");
/// What a client sends until it may send application data.
inline std::string client_finished() {
    return record(handshake, client_key_exchange) + record(change_cipher_spec, "\x01") +
           record(handshake, "encrypted finished");
}

}  // namespace linnet::test
