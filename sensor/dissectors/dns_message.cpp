#include "dns_message.hpp"

#include "dns_name.hpp"
#include "sensor/ascii_text.hpp"
#include "sensor/byte_reader.hpp"

#include <string>

namespace linnet {
namespace {

constexpr std::uint16_t type_a = 1, type_aaaa = 28, type_https = 65, class_internet = 1;
constexpr std::uint16_t response = 0x8000, opcode = 0x7800;  // of the flags

/// One byte for each: a name fits where a text fits, and what is no plain character of a label cannot pretend to be one.
char shown(std::uint8_t byte) {
    return byte > ' ' && byte < 0x7F && byte != '.' ? ascii_lower(static_cast<char>(byte)) : '?';
}

std::string read_name(ByteReader& reader, std::span<const std::byte> message) {
    std::string name;
    read_dns_name(reader, message, [&](std::string_view label) {
        if (!name.empty()) name += '.';
        for (const char byte : label) name += shown(static_cast<std::uint8_t>(byte));
    });
    return name;
}

IpAddress read_address(ByteReader data) {
    const bool v4 = data.remaining() == 4;
    return v4 ? IpAddress::v4(data.u32()) : IpAddress{data.array<16>()};
}

}  // namespace

std::optional<NameBinding> read_dns_response(std::span<const std::byte> message) {
    ByteReader reader{message};
    reader.skip(2);
    const std::uint16_t flags = reader.u16(), questions = reader.u16(), answers = reader.u16();
    reader.skip(4);
    if (!reader.ok() || (flags & (response | opcode)) != response || questions != 1) return std::nullopt;
    NameBinding binding;
    binding.rcode = flags & 0x0F;
    binding.name = read_name(reader, message);
    binding.type = reader.u16();
    reader.skip(2);
    if (!reader.ok()) return std::nullopt;
    for (std::uint16_t i = 0; i < answers && binding.addresses.size() < NameBinding::max_addresses; ++i) {
        skip_dns_name(reader);
        const std::uint16_t type = reader.u16(), its_class = reader.u16();
        reader.skip(4);  // time to live
        const auto data = reader.bytes(reader.u16());
        if (!reader.ok()) break;
        const bool is_address = (type == type_a && data.size() == 4) || (type == type_aaaa && data.size() == 16);
        if (is_address && its_class == class_internet) binding.addresses.push_back(read_address(ByteReader{data}));
    }
    return binding;
}

std::optional<std::string> read_dns_question(std::span<const std::byte> message) {
    ByteReader reader{message};
    reader.skip(2);
    const std::uint16_t flags = reader.u16(), questions = reader.u16();
    reader.skip(6);
    if (!reader.ok() || (flags & (response | opcode)) != 0 || questions != 1) return std::nullopt;
    std::string name = read_name(reader, message);
    const std::uint16_t type = reader.u16(), its_class = reader.u16();
    const bool of_an_address = type == type_a || type == type_aaaa || type == type_https;
    if (!reader.ok() || !of_an_address || its_class != class_internet || name.empty()) return std::nullopt;
    return name;
}

}  // namespace linnet
