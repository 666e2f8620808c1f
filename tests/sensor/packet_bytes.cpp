#include "packet_bytes.hpp"

#include <doctest/doctest.h>

namespace linnet::test {
namespace {

bool lies_within(Bytes part, Bytes whole) {
    if (part.empty()) return true;
    return part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size();
}

/// Nothing points outside of what was captured, and a good packet does not turn bad because the capture ends in it.
void check_cuts(const std::vector<std::byte>& whole, int link_type, Decoded expected) {
    for (std::size_t length = 0; length < whole.size(); ++length) {
        const ExactBytes cut{std::span{whole}.first(length)};
        for (const std::size_t wire_length : {whole.size(), length}) {
            CAPTURE(length);
            CAPTURE(wire_length);
            Decoder decoder;
            Packet packet;
            const Decoded result = decoder.decode({.at = {},
                                                   .link_type = link_type,
                                                   .wire_length = static_cast<std::uint32_t>(wire_length),
                                                   .bytes = cut.get()},
                                                  packet);
            if (wire_length == whole.size() && expected != Decoded::malformed) REQUIRE(result != Decoded::malformed);
            if (result != Decoded::packet) continue;
            REQUIRE(lies_within(packet.ip_packet, cut.get()));
            REQUIRE(lies_within(packet.payload, cut.get()));
            if (packet.proto == Proto::tcp) REQUIRE(lies_within(packet.tcp.options, cut.get()));
        }
    }
}

}  // namespace

Decoded TestDecoder::decode(const std::string& hex, int link_type, Timestamp at) {
    const auto whole = from_hex(hex);
    const Bytes bytes = kept_.emplace_back(whole).get();
    const Decoded result = decoder.decode(
        {.at = at, .link_type = link_type, .wire_length = static_cast<std::uint32_t>(bytes.size()), .bytes = bytes}, packet);
    check_cuts(whole, link_type, result);
    return result;
}

Decoded TestDecoder::decode_cut(const std::string& hex, std::size_t snap_length, int link_type) {
    const auto whole = from_hex(hex);
    const Bytes bytes = kept_.emplace_back(std::span{whole}.first(std::min(snap_length, whole.size()))).get();
    return decoder.decode(
        {.at = {}, .link_type = link_type, .wire_length = static_cast<std::uint32_t>(whole.size()), .bytes = bytes}, packet);
}

std::string text_of(Bytes bytes) {
    std::string text;
    for (const std::byte byte : bytes) text += static_cast<char>(byte);
    return text;
}

}  // namespace linnet::test
