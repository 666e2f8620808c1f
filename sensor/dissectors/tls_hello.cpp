#include "tls_hello.hpp"

#include "sensor/byte_reader.hpp"

namespace linnet {
namespace {

/// IANA "TLS ExtensionType Values".
namespace extension {
constexpr std::uint16_t server_name = 0, signature_algorithms = 13, alpn = 16, supported_versions = 43;
}

constexpr std::uint16_t tls_1_3 = 0x0304;
constexpr std::size_t random_size = 32;

/// RFC 6066, section 3: a list of names, of which type 0 is a host name.
std::string_view server_name_in(std::string_view value) {
    ByteReader list{value};
    ByteReader names{list.text(list.u16())};
    while (!names.at_end()) {
        const std::uint8_t type = names.u8();
        const auto name = names.text(names.u16());
        if (names.ok() && type == 0) return name;
    }
    return {};
}

/// RFC 7301, section 3.1: the first name of the list.
std::string_view protocol_name_in(std::string_view value) {
    ByteReader list{value};
    ByteReader names{list.text(list.u16())};
    return names.text(names.u8());
}

/// The drafts of TLS 1.3 that were in use: 0x7f00 + number, and Facebook's 0xfb00 + number.
std::uint16_t without_drafts(std::uint16_t version) {
    const auto major = version >> 8;
    return major == 0x7f || major == 0xfb ? tls_1_3 : version;
}

void note(const TlsExtension& extension, TlsClientHello& hello) {
    ByteReader value{extension.value};
    switch (extension.type) {
        case extension::server_name: hello.sni = server_name_in(extension.value); break;
        case extension::alpn: hello.alpn = protocol_name_in(extension.value); break;
        case extension::supported_versions: hello.versions = value.text(value.u8()); break;
        case extension::signature_algorithms: hello.signature_algorithms = value.text(value.u16()); break;
        default: break;
    }
}

}  // namespace

std::optional<TlsExtension> TlsExtensions::next() {
    ByteReader in{rest_};
    TlsExtension extension;
    extension.type = in.u16();
    extension.value = in.text(in.u16());
    if (!in.ok()) return std::nullopt;
    rest_.remove_prefix(rest_.size() - in.remaining());
    return extension;
}

std::optional<TlsClientHello> read_client_hello(std::string_view body) {
    ByteReader in{body};
    TlsClientHello hello;
    hello.version = in.u16();
    in.skip(random_size);
    in.skip(in.u8());  // session
    hello.ciphers = in.text(in.u16());
    in.skip(in.u8());  // compression methods
    if (!in.ok() || hello.version >> 8 != 3) return std::nullopt;
    if (in.at_end()) return hello;  // SSL 3.0 and TLS 1.0 may have no extensions
    hello.extensions = in.text(in.u16());
    TlsExtensions extensions{hello.extensions};
    while (const auto extension = extensions.next()) note(*extension, hello);
    return hello;
}

std::optional<TlsServerHello> read_server_hello(std::string_view body) {
    ByteReader in{body};
    TlsServerHello hello;
    hello.version = without_drafts(in.u16());
    in.skip(random_size);
    // The drafts up to 21 have no session and no compression method; TLS 1.3 itself says that it is TLS 1.2 here.
    const bool early_draft = hello.version == tls_1_3;
    if (!early_draft) in.skip(in.u8());
    hello.cipher = in.u16();
    if (!early_draft) in.skip(1);
    if (!in.ok() || hello.version < 0x0300 || hello.version > tls_1_3) return std::nullopt;
    TlsExtensions extensions{in.at_end() ? std::string_view{} : in.text(in.u16())};
    while (const auto extension = extensions.next()) {
        ByteReader value{extension->value};
        if (extension->type == extension::alpn) hello.alpn = protocol_name_in(extension->value);
        if (extension->type != extension::supported_versions) continue;
        const std::uint16_t chosen = without_drafts(value.u16());
        if (value.ok() && chosen >= 0x0300 && chosen <= tls_1_3) hello.version = chosen;
    }
    return hello;
}

std::optional<std::size_t> ssl2_client_hello_size(std::string_view head) {
    ByteReader in{head};
    const std::uint16_t header = in.u16();
    const bool hello = in.u8() == 1;
    const std::uint16_t version = in.u16();
    const std::size_t ciphers = in.u16(), session = in.u16(), challenge = in.u16();
    const std::size_t length = header & 0x7fffU;
    const bool known = version == 0x0002 || version >> 8 == 3;
    if (!in.ok() || (header & 0x8000) == 0 || !hello || !known || ciphers % 3 != 0 || challenge < 16 ||
        length != 9 + ciphers + session + challenge)
        return std::nullopt;
    return 2 + length;
}

std::optional<Ssl2ServerHello> read_ssl2_server_hello(std::string_view head) {
    ByteReader in{head};
    const std::uint16_t header = in.u16();
    const bool hello = in.u8() == 4;
    in.skip(1);  // was the session known?
    const bool x509 = in.u8() == 1;
    const std::uint16_t version = in.u16();
    const std::size_t certificate = in.u16(), ciphers = in.u16(), connection = in.u16();
    if ((header & 0x8000) == 0 || !hello || !x509 || version != 2 || ciphers % 3 != 0 ||
        (header & 0x7fffU) != 11 + certificate + ciphers + connection)
        return std::nullopt;
    Ssl2ServerHello found{in.text(certificate)};
    in.skip(ciphers + connection);
    if (!in.ok()) return std::nullopt;
    return found;
}

}  // namespace linnet
