#include "quic_initial.hpp"

#include "datagram_text.hpp"
#include "sensor/byte_reader.hpp"
#include "sensor/crypto.hpp"

#include <cstring>

namespace linnet {
namespace {

using Salt = std::array<std::uint8_t, 20>;

constexpr std::uint32_t version_1 = 1, version_2 = 0x6b3343cf, drafts = 0xff000000, facebook_22 = 0xfaceb001,
                        facebook_27 = 0xfaceb002;
constexpr std::size_t longest_id = 20;

/// RFC 9001, section 5.2 (also in the drafts 33 and 34); RFC 9369, section 3.3.1; draft-ietf-quic-tls-29, -23 and -22,
/// section 5.2.
constexpr Salt salt_1{0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17,
                      0x9a, 0xe6, 0xa4, 0xc8, 0x0c, 0xad, 0xcc, 0xbb, 0x7f, 0x0a};
constexpr Salt salt_2{0x0d, 0xed, 0xe3, 0xde, 0xf7, 0x00, 0xa6, 0xdb, 0x81, 0x93,
                      0x81, 0xbe, 0x6e, 0x26, 0x9d, 0xcb, 0xf9, 0xbd, 0x2e, 0xd9};
constexpr Salt salt_29{0xaf, 0xbf, 0xec, 0x28, 0x99, 0x93, 0xd2, 0x4c, 0x9e, 0x97,
                       0x86, 0xf1, 0x9c, 0x61, 0x11, 0xe0, 0x43, 0x90, 0xa8, 0x99};
constexpr Salt salt_23{0xc3, 0xee, 0xf7, 0x12, 0xc7, 0x2e, 0xbb, 0x5a, 0x11, 0xa7,
                       0xd2, 0x43, 0x2b, 0xb4, 0x63, 0x65, 0xbe, 0xf9, 0xf5, 0x02};
constexpr Salt salt_22{0x7f, 0xbc, 0xdb, 0x0e, 0x7c, 0x66, 0xbb, 0xe9, 0x19, 0x3a,
                       0x96, 0xcd, 0x21, 0x51, 0x9e, 0xbd, 0x7a, 0x02, 0x64, 0x4a};

const Salt* salt_of(std::uint32_t version) {
    if (version == version_1) return &salt_1;
    if (version == version_2) return &salt_2;
    if (version == facebook_22) return &salt_22;
    if (version == facebook_27) return &salt_23;
    const std::uint32_t draft = version - drafts;
    if (draft > 34 || draft < 22) return nullptr;
    return draft >= 33 ? &salt_1 : draft >= 29 ? &salt_29 : draft >= 23 ? &salt_23 : &salt_22;
}

struct Keys {
    AesKey packet{}, header{};
    GcmNonce iv{};
};

Keys keys_of(const Salt& salt, std::uint32_t version, std::string_view connection_id, QuicSide sender) {
    const bool second = version == version_2;
    const auto initial = extract_secret(salt, std::as_bytes(std::span{connection_id}));
    Digest secret{};
    expand_label(initial, sender == QuicSide::client ? "client in" : "server in", secret);
    Keys keys;
    expand_label(secret, second ? "quicv2 key" : "quic key", keys.packet);
    expand_label(secret, second ? "quicv2 iv" : "quic iv", keys.iv);
    expand_label(secret, second ? "quicv2 hp" : "quic hp", keys.header);
    return keys;
}

/// RFC 9000, section 16: 1, 2, 4 or 8 bytes, by the first two bits.
std::uint64_t variable_length(ByteReader& in) {
    std::uint64_t value = in.u8();
    const unsigned more = (1U << (value >> 6U)) - 1;
    value &= 0x3f;
    for (unsigned i = 0; i < more; ++i) value = value << 8 | in.u8();
    return value;
}

enum class Kind : std::uint8_t { initial, other, without_length };

Kind kind_of(std::uint8_t first, std::uint32_t version) {
    const unsigned bits = first >> 4U & 3;
    const unsigned type = version == version_2 ? (bits + 3) & 3 : bits;  // 0 Initial, 1 0-RTT, 2 Handshake, 3 Retry
    return type == 0 ? Kind::initial : type == 3 ? Kind::without_length : Kind::other;
}

/// Skips an ACK (section 19.3), of which `counts` says whether the ECN counts follow.
void skip_acknowledgement(ByteReader& in, bool counts) {
    variable_length(in);
    variable_length(in);
    std::uint64_t ranges = variable_length(in);
    variable_length(in);
    for (; ranges > 0 && in.ok(); --ranges) {
        variable_length(in);
        variable_length(in);
    }
    for (int i = 0; counts && i < 3; ++i) variable_length(in);
}

}  // namespace

bool is_known_quic(std::uint32_t version) { return salt_of(version) != nullptr; }

std::optional<QuicInitial> QuicInitials::next() {
    while (!rest_.empty()) {
        ByteReader in{rest_};
        QuicInitial initial;
        const std::uint8_t first = in.u8();
        initial.version = in.u32();
        const std::size_t id_size = in.u8();
        initial.destination = in.text(id_size);
        in.skip(in.u8());
        const auto kind = kind_of(first, initial.version);
        constexpr std::uint8_t long_header = 0xc0;
        if (!in.ok() || (first & long_header) != long_header || id_size > longest_id || !is_known_quic(initial.version) ||
            kind == Kind::without_length)
            return std::nullopt;
        if (kind == Kind::initial) in.skip(static_cast<std::size_t>(variable_length(in)));  // the token
        const std::uint64_t length = variable_length(in);
        if (!in.ok() || length > in.remaining()) return std::nullopt;
        initial.number_offset = rest_.size() - in.remaining();
        const auto size = initial.number_offset + static_cast<std::size_t>(length);
        initial.packet = rest_.first(size);
        rest_ = rest_.subspan(size);
        if (kind == Kind::initial) return initial;
    }
    return std::nullopt;
}

bool QuicFrames::open(const QuicInitial& initial, std::string_view connection_id, QuicSide sender) {
    constexpr std::size_t longest_number = 4;
    const auto at = initial.number_offset;
    const auto* salt = salt_of(initial.version);
    if (salt == nullptr || initial.packet.size() > longest ||
        initial.packet.size() < at + longest_number + std::tuple_size_v<AesBlock>)
        return false;
    const auto keys = keys_of(*salt, initial.version, connection_id, sender);
    // RFC 9001, section 5.4: the header's protection first
    std::array<std::uint8_t, longest> header;  // NOLINT(*-member-init): what is read is copied first
    std::memcpy(header.data(), initial.packet.data(), at + longest_number);
    ByteReader sample{initial.packet.subspan(at + longest_number)};
    const auto mask = encrypt_block(keys.header, sample.array<std::tuple_size_v<AesBlock>>());
    header[0] ^= static_cast<std::uint8_t>(mask[0] & 0x0f);
    const std::size_t number_size = (header[0] & 3U) + 1;
    auto nonce = keys.iv;
    for (std::size_t i = 0; i < number_size; ++i) {
        header[at + i] ^= mask[1 + i];
        nonce[nonce.size() - number_size + i] ^= header[at + i];
    }
    const auto sealed = initial.packet.subspan(at + number_size);
    const std::span opened{opened_.data(), sealed.size() - std::tuple_size_v<AesBlock>};
    if (!open_sealed(keys.packet, nonce, std::span{header}.first(at + number_size), sealed, opened)) return false;
    rest_ = std::as_bytes(opened);
    return true;
}

std::optional<QuicFrames::Crypto> QuicFrames::next() {
    ByteReader in{rest_};
    while (!in.at_end()) {
        const std::uint8_t type = in.u8();
        if (type <= 1) continue;  // PADDING, PING
        if (type == 2 || type == 3) {
            skip_acknowledgement(in, type == 3);
            continue;
        }
        if (type != 6) break;
        Crypto crypto;
        crypto.offset = variable_length(in);
        crypto.data = text_of(in.bytes(static_cast<std::size_t>(variable_length(in))));
        if (!in.ok()) break;
        rest_ = in.rest();
        return crypto;
    }
    rest_ = {};
    return std::nullopt;
}

}  // namespace linnet
