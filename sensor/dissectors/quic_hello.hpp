// The hellos of one QUIC connection: the client's, which may come in several packets and in any order, and what the server's
// agrees to.
#pragma once

#include "quic_initial.hpp"
#include "sensor/stream_head.hpp"
#include "wire/event.hpp"

#include <array>
#include <bitset>
#include <cstdint>
#include <string_view>

namespace linnet {

/// The beginning of a stream whose pieces come in any order. What came first stays; what lies behind the end is dropped.
class CryptoStream {
 public:
    static constexpr std::size_t capacity = 4096;

    void insert(std::uint64_t offset, std::string_view data);
    [[nodiscard]] std::string_view contiguous() const { return {bytes_.data(), filled_}; }
    void clear();

 private:
    std::array<char, capacity> bytes_{};
    std::bitset<capacity> have_;
    std::size_t filled_ = 0;
};

/// Takes the datagrams of a conversation until both hellos were read, or `patience` datagrams of one side brought none.
class QuicHello {
 public:
    static constexpr unsigned patience = 16;

    /// Counts itself in `memory`; whoever makes one asks has_room() first.
    explicit QuicHello(StreamMemory& memory);
    ~QuicHello();
    QuicHello(const QuicHello&) = delete;
    QuicHello& operator=(const QuicHello&) = delete;
    static bool has_room(const StreamMemory& memory) { return memory.used + sizeof(QuicHello) <= memory.limit; }

    /// Cheap: a client may begin a connection with this datagram (RFC 9000, section 14.1: 1200 bytes at least).
    static bool begins_with(Bytes datagram);

    /// True where nothing that comes later matters.
    bool read(Bytes datagram, QuicSide sender);

    /// What is known: nothing without the client's hello (`ja4` is empty then); `version` is 0 without the server's. Ends,
    /// time and flow are not filled in.
    [[nodiscard]] const TlsHandshake& handshake() const { return handshake_; }

 private:
    bool read_client(const QuicInitial& initial, QuicFrames& frames);
    bool take_client_hello();
    bool take_server_hello();

    StreamMemory& memory_;
    TlsHandshake handshake_;
    CryptoStream stream_;              ///< of the side whose hello is waited for
    std::array<char, 20> first_id_{};  ///< the connection ID that the keys follow from
    std::uint8_t id_size_ = 0;
    bool begun_ = false;
    unsigned datagrams_ = 0;  ///< of that side so far
};

}  // namespace linnet
