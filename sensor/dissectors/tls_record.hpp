// TLS records (RFC 8446, section 5.1; RFC 5246, section 6.2.1; SSL 3.0: RFC 6101, section 5.2.1) and the handshake messages
// in them, which may be cut anywhere and may share records.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace linnet {

enum class TlsContent : std::uint8_t { change_cipher_spec = 20, alert = 21, handshake = 22, application_data = 23 };

struct TlsRecord {
    TlsContent content = TlsContent::handshake;
    std::uint16_t version = 0;
    std::string_view fragment;  ///< as far as it has arrived
    bool complete = false;
};

/// The records of one direction, from `begin` on. Ends at what is no record.
class TlsRecords {
 public:
    explicit TlsRecords(std::string_view head, std::size_t begin = 0) : head_{head}, at_{begin} {}
    std::optional<TlsRecord> next();
    [[nodiscard]] std::size_t offset() const { return at_; }  ///< of the next record

 private:
    std::string_view head_;
    std::size_t at_;
};

enum class TlsMessageType : std::uint8_t {
    client_hello = 1,
    server_hello = 2,
    certificate = 11,
    server_key_exchange = 12,
    certificate_request = 13,
    server_hello_done = 14,
};

struct TlsMessage {
    TlsMessageType type{};
    std::string_view body;  ///< as far as it has arrived; valid until the next one is read
    bool complete = false;
};

/// The handshake messages at the beginning of one direction: up to the first record of another kind, behind which they are
/// encrypted. A message that has not wholly arrived is the last one.
class TlsHandshakeMessages {
 public:
    explicit TlsHandshakeMessages(std::string_view head, std::size_t begin = 0) : records_{head, begin} {}
    std::optional<TlsMessage> next();
    /// True where a record of another kind came: there will be no more messages.
    [[nodiscard]] bool over() const { return over_; }
    [[nodiscard]] std::uint16_t record_version() const { return version_; }  ///< of the newest record

 private:
    bool next_fragment();

    TlsRecords records_;
    std::string_view rest_;  ///< of the record that is being read
    std::string joined_;     ///< the message that is being read, where it came in several records
    std::uint16_t version_ = 0;
    bool over_ = false;
};

/// Where in `head` the handshake begins whose first message is of this type: at 0, or behind what a protocol said before it
/// went over to TLS (STARTTLS and the like). Nothing where there is none.
std::optional<std::size_t> find_tls_hello(std::string_view head, TlsMessageType type);

/// Could these be the first bytes of a TLS conversation, as far as there are any?
bool starts_like_tls(std::string_view head);

/// A whole hello stands at the start of `segment`: strict, for places where anything may stand.
bool is_tls_hello(std::string_view segment);

}  // namespace linnet
