#include "quic_hello.hpp"

#include "ja4.hpp"
#include "sensor/byte_reader.hpp"
#include "sensor/dissector.hpp"
#include "tls_record.hpp"

#include <algorithm>
#include <cstring>
#include <optional>

namespace linnet {
namespace {

constexpr std::uint8_t long_header = 0xc0;
constexpr std::size_t message_header = 4;

/// The body of the message that the stream begins with, once it is whole. `hopeless`: it never will be, or is another.
std::optional<std::string_view> message_in(std::string_view stream, TlsMessageType type, bool& hopeless) {
    ByteReader in{stream};
    const auto found = in.u8();
    const std::size_t length = in.u24();
    hopeless = (!stream.empty() && found != static_cast<std::uint8_t>(type)) ||
               (in.ok() && length > CryptoStream::capacity - message_header);
    const auto body = in.text(length);
    if (!in.ok() || hopeless) return std::nullopt;
    return body;
}

}  // namespace

void CryptoStream::insert(std::uint64_t offset, std::string_view data) {
    if (offset >= capacity) return;
    const auto from = static_cast<std::size_t>(offset);
    const auto end = from + std::min(data.size(), capacity - from);
    for (auto at = std::max(from, filled_); at < end; ++at) {
        if (have_[at]) continue;
        bytes_[at] = data[at - from];
        have_[at] = true;
    }
    while (filled_ < capacity && have_[filled_]) ++filled_;
}

void CryptoStream::clear() {
    have_.reset();
    filled_ = 0;
}

QuicHello::QuicHello(StreamMemory& memory) : memory_{memory} { memory_.used += sizeof(QuicHello); }

QuicHello::~QuicHello() { memory_.used -= sizeof(QuicHello); }

bool QuicHello::begins_with(Bytes datagram) {
    constexpr std::size_t shortest = 1200;
    if (datagram.size() < shortest || (static_cast<std::uint8_t>(datagram[0]) & long_header) != long_header) return false;
    return QuicInitials{datagram}.next().has_value();
}

bool QuicHello::read(Bytes datagram, QuicSide sender) {
    const auto awaited = handshake_.ja4.empty() ? QuicSide::client : QuicSide::server;
    if (sender != awaited) return false;
    if (++datagrams_ > patience) return true;
    QuicInitials initials{datagram};
    QuicFrames frames;
    while (const auto initial = initials.next()) {
        const bool opened = sender == QuicSide::client ? read_client(*initial, frames)
                                                       : frames.open(*initial, {first_id_.data(), id_size_}, sender);
        if (!opened) continue;
        while (const auto crypto = frames.next()) stream_.insert(crypto->offset, crypto->data);
        if (sender == QuicSide::client ? take_client_hello() : take_server_hello()) return true;
        if (sender == QuicSide::client && !handshake_.ja4.empty()) return false;
    }
    return false;
}

/// Later packets of the client carry an ID that the server chose, and are sealed as before; but after a Retry or another
/// version, everything begins anew with the new ID.
bool QuicHello::read_client(const QuicInitial& initial, QuicFrames& frames) {
    if (begun_ && frames.open(initial, {first_id_.data(), id_size_}, QuicSide::client)) return true;
    if (!frames.open(initial, initial.destination, QuicSide::client)) return false;
    stream_.clear();
    begun_ = true;
    id_size_ = static_cast<std::uint8_t>(initial.destination.size());
    std::memcpy(first_id_.data(), initial.destination.data(), initial.destination.size());
    return true;
}

/// True where there is nothing more to wait for.
bool QuicHello::take_client_hello() {
    bool hopeless = false;
    const auto body = message_in(stream_.contiguous(), TlsMessageType::client_hello, hopeless);
    if (!body) return hopeless;
    const auto hello = read_client_hello(*body);
    if (!hello) return true;
    handshake_.proto = Proto::udp;
    handshake_.sni = plain_text(hello->sni);
    handshake_.alpn = plain_text(hello->alpn);
    handshake_.ja4 = ja4(*hello, Ja4Transport::quic);
    stream_.clear();
    datagrams_ = 0;
    return false;
}

bool QuicHello::take_server_hello() {
    bool hopeless = false;
    const auto body = message_in(stream_.contiguous(), TlsMessageType::server_hello, hopeless);
    if (!body) return hopeless;
    if (const auto hello = read_server_hello(*body)) {
        handshake_.version = hello->version;
        handshake_.cipher = hello->cipher;
    }
    return true;
}

}  // namespace linnet
