// Packets for tests, written as hexadecimal text, and a decoder for them that also decodes each one cut at every length.
#pragma once

#include "hex.hpp"
#include "sensor/decode.hpp"

#include <fmt/format.h>
#include <pcap/dlt.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace linnet::test {

inline std::size_t length_of(std::string_view hex) { return from_hex(hex).size(); }
inline std::string u8(std::size_t number) { return fmt::format("{:02x}", number); }
inline std::string u16(std::size_t number) { return fmt::format("{:04x}", number); }
inline std::string repeat(std::string_view hex, std::size_t times) {
    std::string text;
    while (times-- > 0) text += hex;
    return text;
}

// Who speaks to whom in most tests.
inline const std::string client_mac = "02 00 00 00 00 01", server_mac = "02 00 00 00 00 02";
inline const std::string client_ip = "c0 00 02 01", server_ip = "c6 33 64 07";            // 192.0.2.1, 198.51.100.7
inline const std::string client_ip6 = "20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 01";  // 2001:db8::1
inline const std::string server_ip6 = "20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 07";

/// RFC 791, section 3.1, with its total length filled in. Time to live 64; the checksum is nobody's business.
struct Ipv4 {
    std::string payload;
    std::size_t protocol = 17;
    std::string options = {};
    std::size_t id = 0x1234;
    std::size_t flags_and_offset = 0;
    std::string src = client_ip;
    std::string dst = server_ip;

    [[nodiscard]] std::string hex() const {
        const std::size_t header = 20 + length_of(options);
        return u8(0x40 + header / 4) + "00" + u16(header + length_of(payload)) + u16(id) + u16(flags_and_offset) + "40" +
               u8(protocol) + "0000" + src + dst + options + payload;
    }
};

/// RFC 8200, section 3. Hop limit 64.
struct Ipv6 {
    std::string payload;
    std::size_t next = 17;

    [[nodiscard]] std::string hex() const {
        return "60 00 00 00" + u16(length_of(payload)) + u8(next) + "40" + client_ip6 + server_ip6 + payload;
    }
};

inline std::string ethernet(const std::string& type, const std::string& payload) {
    return server_mac + client_mac + type + payload;
}

/// Port 49152 to 53, and the four bytes "data".
inline const std::string udp_data = "c0 00 00 35 00 0c 00 00 64 61 74 61";
/// A SYN from port 49152 to 23 with sequence number 3735928559, window 14600, no options.
inline const std::string tcp_syn = "c0 00 00 17 de ad be ef 00 00 00 00 50 02 39 08 00 00 00 00";

/// Bytes in a block of memory of exactly their size, so that a sanitizer sees whoever reads behind them.
class ExactBytes {
 public:
    explicit ExactBytes(std::span<const std::byte> from)
        : size_{from.size()}, bytes_{std::make_unique<std::byte[]>(from.size())} {
        std::copy(from.begin(), from.end(), bytes_.get());
    }
    [[nodiscard]] Bytes get() const { return {bytes_.get(), size_}; }

 private:
    std::size_t size_;
    std::unique_ptr<std::byte[]> bytes_;
};

class TestDecoder {
 public:
    explicit TestDecoder(const DecoderLimits& limits = {}) : decoder{limits} {}

    /// Decodes into `packet`, and checks that the packet cut short at every length is taken well.
    Decoded decode(const std::string& hex, int link_type = DLT_EN10MB, Timestamp at = {});
    /// Decodes what a capture keeps of the packet with a snapshot length.
    Decoded decode_cut(const std::string& hex, std::size_t snap_length, int link_type = DLT_EN10MB);

    Decoder decoder;
    Packet packet;

 private:
    std::vector<ExactBytes> kept_;
};

std::string text_of(Bytes bytes);

}  // namespace linnet::test
