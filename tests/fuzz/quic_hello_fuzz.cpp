// Bytes that should be a QUIC conversation: datagrams as they came; and, since no fuzzer finds the right seal, the same
// bytes as the frames of well sealed packets. The first byte of each says who sent it and how long it is.
#include "sensor/dissectors/quic_hello.hpp"
#include "tests/sensor/dissectors/quic_bytes.hpp"

#include <algorithm>
#include <cstdlib>

using namespace linnet;

namespace {

const test::QuicVersion quic_1{1, "\x38\x76\x2c\xf7\xf5\x59\x34\xb3\x4d\x17\x9a\xe6\xa4\xc8\x0c\xad\xcc\xbb\x7f\x0a", "quic",
                               0};

void check(const TlsHandshake& told) {
    constexpr std::size_t longest_name = 255, fingerprint = 36;
    if (told.sni.size() > longest_name || (!told.ja4.empty() && told.ja4.size() != fingerprint)) std::abort();
    if (told.version != 0 && told.ja4.empty()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    std::string_view rest{reinterpret_cast<const char*>(bytes), size};
    StreamMemory memory;
    QuicHello as_it_came{memory}, sealed{memory};
    bool over = false, sealed_over = false;
    for (std::uint32_t number = 0; !rest.empty(); ++number) {
        const auto head = static_cast<std::uint8_t>(rest[0]);
        const auto piece = rest.substr(1, std::min<std::size_t>(rest.size() - 1, (head & 0x7fU) * 16));
        rest.remove_prefix(1 + piece.size());
        const auto sender = (head & 0x80) == 0 ? QuicSide::client : QuicSide::server;
        if (!over) over = as_it_came.read(std::as_bytes(std::span{piece}), sender);
        const auto packet = test::sealed_initial(quic_1, "fuzz", sender == QuicSide::client ? "client in" : "server in",
                                                 "fuzz", "", number, std::string{piece}, 0);
        if (!sealed_over) sealed_over = sealed.read(std::as_bytes(std::span{packet}), sender);
    }
    check(as_it_came.handshake());
    check(sealed.handshake());
    return 0;
}
