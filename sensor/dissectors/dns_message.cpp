#include "dns_message.hpp"

#include "sensor/ascii_text.hpp"
#include "sensor/byte_reader.hpp"

#include <string>

namespace linnet {
namespace {

constexpr std::uint16_t type_a = 1, type_aaaa = 28, class_internet = 1;
constexpr std::size_t longest_name = 255;  // RFC 1035, section 2.3.4
constexpr std::uint8_t pointer = 0xC0;

/// One byte for each: a name fits where a text fits, and what is no plain character of a label cannot pretend to be one.
char shown(std::uint8_t byte) {
    return byte > ' ' && byte < 0x7F && byte != '.' ? ascii_lower(static_cast<char>(byte)) : '?';
}

/// Puts the name at the reader's place into `out`, and the reader behind it. Pointers may only lead back, each further than
/// the one before (section 4.1.4), so that there is no circle.
void read_name(ByteReader& reader, std::span<const std::byte> message, std::string& out) {
    ByteReader at = reader;
    bool followed = false;
    std::size_t earliest = message.size() - reader.remaining(), size = 1;
    out.clear();
    for (std::uint8_t length = at.u8(); length != 0 || !at.ok(); length = at.u8()) {
        if (!at.ok()) return reader.fail();
        if ((length & pointer) == pointer) {
            const std::size_t target = (length & 0x3FU) << 8U | at.u8();
            if (!followed) reader = at;
            followed = true;
            if (!at.ok() || target >= earliest) return reader.fail();
            earliest = target;
            at = ByteReader{message.subspan(target)};
            continue;
        }
        size += 1U + length;
        if ((length & pointer) != 0 || size > longest_name) return reader.fail();
        if (!out.empty()) out += '.';
        for (std::uint8_t i = 0; i < length; ++i) out += shown(at.u8());
    }
    if (!followed) reader = at;
}

void skip_name(ByteReader& reader) {
    for (std::uint8_t length = reader.u8(); length != 0; length = reader.u8()) {
        if ((length & pointer) == 0) {
            reader.skip(length);
            continue;
        }
        if ((length & pointer) == pointer)
            reader.skip(1);
        else
            reader.fail();
        return;
    }
}

IpAddress read_address(ByteReader data) {
    const bool v4 = data.remaining() == 4;
    return v4 ? IpAddress::v4(data.u32()) : IpAddress{data.array<16>()};
}

}  // namespace

std::optional<NameBinding> read_dns_response(std::span<const std::byte> message) {
    constexpr std::uint16_t response = 0x8000, opcode = 0x7800;
    ByteReader reader{message};
    reader.skip(2);
    const std::uint16_t flags = reader.u16(), questions = reader.u16(), answers = reader.u16();
    reader.skip(4);
    if (!reader.ok() || (flags & (response | opcode)) != response || questions != 1) return std::nullopt;
    NameBinding binding;
    binding.rcode = flags & 0x0F;
    read_name(reader, message, binding.name);
    binding.type = reader.u16();
    reader.skip(2);
    if (!reader.ok()) return std::nullopt;
    for (std::uint16_t i = 0; i < answers && binding.addresses.size() < NameBinding::max_addresses; ++i) {
        skip_name(reader);
        const std::uint16_t type = reader.u16(), its_class = reader.u16();
        reader.skip(4);  // time to live
        const auto data = reader.bytes(reader.u16());
        if (!reader.ok()) break;
        const bool is_address = (type == type_a && data.size() == 4) || (type == type_aaaa && data.size() == 16);
        if (is_address && its_class == class_internet) binding.addresses.push_back(read_address(ByteReader{data}));
    }
    return binding;
}

}  // namespace linnet
