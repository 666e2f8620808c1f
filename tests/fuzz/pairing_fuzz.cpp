// Messages of a pairing, for both sides at every point of their exchange; and the file that a pairing leaves.
#include "wire/keys.hpp"
#include "wire/link.hpp"
#include "wire/pairing.hpp"

#include <algorithm>
#include <cstdlib>

using namespace linnet;
using namespace linnet::pairing;

namespace {

const std::string host_key = "009c61o!#m2NH?C3>iWS5d]J*6CRx17-skh9337x",
                  guest_key = "wmYv=xLzi%y&a6dAb/]tBAI+JCZjQZE0{D[FpSr8";

bool are_digits(const std::string& text) {
    return text.size() == 6 && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto bytes = std::as_bytes(std::span{data, size});
    Host asked{host_key, Number{1}};
    if (asked.on_ask(bytes) && !link::is_sensor_name(asked.guest_name())) std::abort();
    Host offered{host_key, Number{1}};
    Guest guest{guest_key, "attic", Number{2}}, early{guest_key, "attic", Number{3}};
    const auto commitment = offered.on_ask(guest.ask());
    if (offered.on_offer(bytes) && (!are_digits(offered.digits()) || !is_public_key(offered.guest_key()))) std::abort();
    early.on_commitment(bytes);
    if (!guest.on_commitment(commitment.value())) std::abort();
    if (guest.on_reveal(bytes) && !are_digits(guest.digits())) std::abort();
    Guest::on_verdict(bytes);
    const auto with = parse_paired({reinterpret_cast<const char*>(data), size});
    if (with && !is_public_key(with->key)) std::abort();
    return 0;
}
