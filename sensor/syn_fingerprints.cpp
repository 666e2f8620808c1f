#include "syn_fingerprints.hpp"

#include "byte_reader.hpp"

#include <fmt/format.h>

#include <string_view>

namespace linnet {
namespace {

/// IANA "TCP Option Kind Numbers".
char letter_of(std::uint8_t kind) {
    constexpr std::uint8_t fast_open = 34;
    constexpr std::string_view known = "ENMWS";  // kinds 0 to 4
    if (kind < known.size()) return known[kind];
    return kind == 8 ? 'T' : kind == fast_open ? 'F' : 'U';
}

/// Systems begin with one of these, and each router on the way takes one off.
unsigned first_ttl(std::uint8_t ttl) { return ttl <= 32 ? 32 : ttl <= 64 ? 64 : ttl <= 128 ? 128 : 255; }

}  // namespace

std::size_t SynFingerprints::place_of(const FlowKey& key) {
    const std::uint64_t ports = static_cast<std::uint64_t>(key.low_port) << 16 | key.high_port;
    return static_cast<std::size_t>(mixed(fixed_hash(key.low) ^ mixed(fixed_hash(key.high) ^ ports))) % places;
}

void SynFingerprints::read_options(Bytes options, Form& form) {
    ByteReader in{options};
    while (!in.at_end() && form.option_count < most_options) {
        const std::uint8_t kind = in.u8();
        form.options[form.option_count++] = letter_of(kind);
        if (kind == 0) return;
        if (kind == 1) continue;
        const std::size_t length = in.u8();
        ByteReader value{length < 2 ? Bytes{} : in.bytes(length - 2)};
        if (!in.ok() || length < 2) return;
        if (kind == 2) form.mss = value.u16();
        if (kind == 3) {
            form.scale = value.u8();
            form.scales = value.ok();
        }
    }
}

void SynFingerprints::note(const Packet& syn) {
    Form form;
    form.key = FlowKey::of(syn);
    form.window = syn.tcp.window;
    form.ttl = syn.ttl;
    read_options(syn.tcp.options, form);
    forms_[place_of(form.key)] = form;
}

std::optional<DeviceHint> SynFingerprints::completed(const FlowKey& key, const Endpoint& client, Timestamp at) {
    auto& form = forms_[place_of(key)];
    if (!(form.key == key)) return std::nullopt;
    const std::string_view options{form.options.data(), form.option_count};
    DeviceHint hint{.at = at, .mac = client.mac, .ip = client.ip, .source = "tcp", .key = "syn", .value = {}};
    hint.value = fmt::format("{}:{}:{}:{}:{}", first_ttl(form.ttl), form.window, form.mss,
                             form.scales ? std::to_string(form.scale) : "-", options);
    form = {};
    return hint;
}

}  // namespace linnet
