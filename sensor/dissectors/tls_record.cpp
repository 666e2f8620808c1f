#include "tls_record.hpp"

#include "sensor/byte_reader.hpp"

#include <algorithm>

namespace linnet {
namespace {

constexpr std::size_t record_header = 5, message_header = 4;
constexpr std::size_t longest_record = 16 * 1024 + 2048;  // RFC 5246, section 6.2.3
constexpr char handshake_content = 22, major_version = 3;

/// A record with the beginning of a hello: every length and version in it fits the others. Shorter ones pass as far as they
/// go.
bool is_hello(std::string_view record, TlsMessageType type) {
    ByteReader in{record};
    const bool handshake = in.u8() == handshake_content && in.u8() == major_version && in.u8() <= 4;
    const std::size_t length = in.u16();
    const bool right_type = in.u8() == static_cast<std::uint8_t>(type);
    const std::size_t body = in.u24();
    const std::uint8_t major = in.u8(), minor = in.u8();
    constexpr std::size_t shortest = 2 + 32 + 1 + 3;  // version, random, an empty session, one cipher and one method
    const bool version_known = (major == major_version && minor <= 4) || major == 0x7f || major == 0xfb;
    return in.ok() && handshake && right_type && length <= longest_record && length >= message_header + 2 &&
           body >= shortest && body < 0x10000 && version_known;
}

}  // namespace

std::optional<TlsRecord> TlsRecords::next() {
    if (at_ > head_.size()) return std::nullopt;
    ByteReader in{head_.substr(at_)};
    const std::uint8_t content = in.u8(), major = in.u8(), minor = in.u8();
    const std::size_t length = in.u16();
    const bool known = content >= static_cast<std::uint8_t>(TlsContent::change_cipher_spec) &&
                       content <= static_cast<std::uint8_t>(TlsContent::application_data);
    if (!in.ok() || !known || major != major_version || minor > 4 || length > longest_record) return std::nullopt;
    TlsRecord record;
    record.content = TlsContent{content};
    record.version = static_cast<std::uint16_t>(major << 8 | minor);
    record.complete = in.remaining() >= length;
    record.fragment = in.text(std::min(length, in.remaining()));
    at_ += record_header + length;
    return record;
}

/// Goes on to the next record; false where there is none, or none of the handshake.
bool TlsHandshakeMessages::next_fragment() {
    if (over_) return false;
    const auto record = records_.next();
    if (!record) return false;
    over_ = record->content != TlsContent::handshake;
    if (over_) return false;
    version_ = record->version;
    rest_ = record->fragment;
    return true;
}

std::optional<TlsMessage> TlsHandshakeMessages::next() {
    while (rest_.empty())
        if (!next_fragment()) return std::nullopt;
    std::string_view message = rest_;
    const auto wanted = [&] {
        ByteReader in{message};
        in.skip(1);
        const std::size_t length = in.u24();
        return message_header + (in.ok() ? length : 0);
    };
    if (message.size() < wanted()) {
        joined_ = rest_;
        rest_ = {};
        message = joined_;
        while (message.size() < wanted() && (!rest_.empty() || next_fragment())) {
            const auto taken = std::min(rest_.size(), wanted() - message.size());
            joined_.append(rest_.substr(0, taken));
            rest_.remove_prefix(taken);
            message = joined_;
        }
    } else {
        rest_.remove_prefix(wanted());
    }
    if (message.size() < message_header) return std::nullopt;
    const bool complete = message.size() >= wanted();
    return TlsMessage{static_cast<TlsMessageType>(message[0]), message.substr(message_header, wanted() - message_header),
                      complete};
}

std::optional<std::size_t> find_tls_hello(std::string_view head, TlsMessageType type) {
    TlsHandshakeMessages at_once{head};
    if (const auto first = at_once.next(); first && first->type == type) return 0;
    constexpr std::string_view mark{"\x16\x03"};
    for (auto at = head.find(mark, 1); at != std::string_view::npos; at = head.find(mark, at + 1))
        if (is_hello(head.substr(at), type)) return at;
    return std::nullopt;
}

bool starts_like_tls(std::string_view head) {
    if (head.empty()) return false;
    const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(head[i]); };
    const bool record =
        byte(0) == handshake_content && (head.size() < 2 || byte(1) == major_version) && (head.size() < 3 || byte(2) <= 4);
    // SSL 2.0: a length with its highest bit set, client hello (1) or server hello (4)
    const bool ssl2 = head.size() >= 5 && (byte(0) & 0x80) != 0 &&
                      ((byte(2) == 1 && (byte(3) == major_version || (byte(3) == 0 && byte(4) == 2))) ||
                       (byte(2) == 4 && byte(3) <= 1 && byte(4) == 1));
    return record || ssl2;
}

bool is_tls_hello(std::string_view segment) {
    return !segment.empty() && segment[0] == handshake_content &&
           (is_hello(segment, TlsMessageType::client_hello) || is_hello(segment, TlsMessageType::server_hello));
}

}  // namespace linnet
