// The hellos of TLS (RFC 8446, section 4.1; RFC 5246, section 7.4.1) and of SSL 2.0 (draft-hickman-netscape-ssl-00). Views
// look into the bytes that were read.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace linnet {

/// What a client offers: everything that fingerprints of clients are made of.
struct TlsClientHello {
    std::uint16_t version = 0;              ///< the field; later versions are among `supported_versions`
    std::string_view ciphers;               ///< 2 bytes each, in order
    std::string_view extensions;            ///< of them all: type (2), length (2), value, …; see TlsExtensions
    std::string_view sni;                   ///< empty = none
    std::string_view alpn;                  ///< the first protocol; empty = none
    std::string_view versions;              ///< supported_versions: 2 bytes each; empty = none
    std::string_view signature_algorithms;  ///< 2 bytes each, in order
};

/// What a server chose.
struct TlsServerHello {
    std::uint16_t version = 0;  ///< supported_versions where it is there; drafts of TLS 1.3 count as TLS 1.3
    std::uint16_t cipher = 0;
    std::string_view alpn;
};

struct TlsExtension {
    std::uint16_t type = 0;
    std::string_view value;
};

/// The extensions of a hello, one after the other. Ends at what is cut short.
class TlsExtensions {
 public:
    explicit TlsExtensions(std::string_view list) : rest_{list} {}
    std::optional<TlsExtension> next();

 private:
    std::string_view rest_;
};

/// The body of a message, which has wholly arrived; nothing where it is none.
std::optional<TlsClientHello> read_client_hello(std::string_view body);
std::optional<TlsServerHello> read_server_hello(std::string_view body);

/// SSL 2.0, from the start of a direction. A client hello of this form may offer SSL 3.0 and TLS as well.
struct Ssl2ServerHello {
    std::string_view certificate;
};
std::optional<std::size_t> ssl2_client_hello_size(std::string_view head);  ///< with its header
std::optional<Ssl2ServerHello> read_ssl2_server_hello(std::string_view head);

}  // namespace linnet
