// Reads pcapng (draft-ietf-opsawg-pcapng), which libpcap only reads where all interfaces of a file agree in link type and
// snapshot length; Wireshark and mergecap write files in which they do not. Sections, interfaces with their time
// resolution, and the three kinds of packet block are understood, all other blocks are passed over.
#pragma once

#include "byte_reader.hpp"
#include "capture_reader.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <vector>

namespace linnet {

class PcapngReader final : public CaptureReader {
 public:
    static constexpr std::size_t max_block = 16 * 1024 * 1024;  ///< bytes; a longer one means damage
    static constexpr std::size_t max_interfaces = 1024;         ///< per section, likewise

    /// `stream` stays the caller's. Reads up to the first packet, so that link_types() knows its interface.
    explicit PcapngReader(std::FILE* stream);

    SourceRead next(RawPacket& packet) override;
    [[nodiscard]] std::string reason() const override { return reason_; }
    [[nodiscard]] std::vector<int> link_types() const override;
    /// Whether this is pcapng at all: whether it begins with a section header.
    [[nodiscard]] bool in_section() const { return in_section_; }

 private:
    struct Interface {
        int link_type = 0;
        std::uint32_t snap_length = 0;
        bool binary = false;        // whether a tick is a power of 2, not of 10, of a second
        std::uint8_t exponent = 6;  // that power, negated
        std::int64_t offset_s = 0;
    };
    struct Fields;  // a ByteReader in the section's byte order
    enum class Block { packet, other, end, bad };

    SourceRead read(RawPacket& packet);
    Block read_block(RawPacket& packet);
    bool read_bytes(std::size_t count);
    [[nodiscard]] std::uint32_t number_at(std::size_t place) const;
    bool section(Fields& fields);
    bool interface(Fields& fields);
    Block enhanced_packet(Fields& fields, RawPacket& packet);
    Block obsolete_packet(Fields& fields, RawPacket& packet);
    Block simple_packet(Fields& fields, RawPacket& packet);
    Block finish_packet(Fields& fields, std::size_t interface, std::uint64_t ticks, RawPacket& packet);
    Block bad(const char* reason);
    static Timestamp time_of(const Interface& interface, std::uint64_t ticks);

    std::FILE* stream_;
    std::vector<std::byte> block_;
    std::vector<Interface> interfaces_;
    Timestamp last_{};
    std::optional<SourceRead> first_;  // until it was asked for
    RawPacket first_packet_;
    std::string reason_;
    bool in_section_ = false;
    bool little_endian_ = false;
};

}  // namespace linnet
