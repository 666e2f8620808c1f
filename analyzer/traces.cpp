#include "traces.hpp"

#include "ip_state.hpp"

#include <algorithm>
#include <cctype>

namespace linnet {
namespace {

std::string lower(std::string_view text) {
    std::string out{text};
    std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) { return std::tolower(c); });
    return out;
}

bool is_letter(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }

/// 192.168.1.2 is not in 192.168.1.23, nor fe80::1 in fe80::1:2.
bool goes_on(std::string_view text, std::size_t at) {
    if (at >= text.size()) return false;
    if (is_letter(text[at])) return true;
    return (text[at] == '.' || text[at] == ':') && at + 1 < text.size() && is_letter(text[at + 1]);
}

bool contains_word(std::string_view text, std::string_view word) {
    for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
        const bool inside = at > 0 && is_letter(text[at - 1]);
        if (!inside && !goes_on(text, at + word.size())) return true;
    }
    return false;
}

template <class Bytes>
std::string as_text(const Bytes& bytes) {
    return {bytes.begin(), bytes.end()};
}

/// As Json::to_cbor() writes the two numbers of an address, one behind the other.
std::string in_state(const IpAddress& ip) {
    Json halves = Json::array();
    push_ip(halves, ip);
    std::string bytes;
    for (const auto& half : halves) {
        std::string one;
        Json::to_cbor(half, one);
        bytes += one;
    }
    return bytes;
}

std::vector<std::string> names_of(const Device& device) {
    return {device.name, device.hostname, device.called, device.given.name};
}

bool shares(const Device& device, const IpAddress& ip) {
    return std::find(device.ips.begin(), device.ips.end(), ip) != device.ips.end();
}

/// Also as a part: "hall" is no trace where another device is called "hall-camera".
bool shares(const Device& device, const std::string& name) {
    const auto sought = lower(name);
    const auto theirs = names_of(device);
    return std::any_of(theirs.begin(), theirs.end(),
                       [&sought](const std::string& their) { return lower(their).find(sought) != std::string::npos; });
}

template <class Trace>
bool is_shared(const std::vector<Device>& others, const Trace& trace) {
    return std::any_of(others.begin(), others.end(), [&trace](const Device& other) { return shares(other, trace); });
}

}  // namespace

Traces::Traces(const Device& device, const std::vector<Device>& others) {
    add(device.mac);
    for (const auto& mac : device.macs) add(mac);
    if (const auto ip = IpAddress::parse(device.key)) add(*ip);
    for (const auto& ip : device.ips)
        if (!is_shared(others, ip)) add(ip);
    for (const auto& name : names_of(device))
        if (!name.empty() && !is_shared(others, name)) add_name(name);
}

void Traces::add(const MacAddress& mac) {
    if (!mac.known() || std::find(macs_.begin(), macs_.end(), mac) != macs_.end()) return;
    macs_.push_back(mac);
    bytes_.push_back(as_text(mac.bytes));
    const auto colons = to_string(mac);
    words_.push_back(colons);
    auto dashes = colons, bare = colons;
    std::replace(dashes.begin(), dashes.end(), ':', '-');
    std::erase(bare, ':');
    words_.push_back(std::move(dashes));
    words_.push_back(std::move(bare));
}

void Traces::add(const IpAddress& ip) {
    if (!ip.known() || std::find(ips_.begin(), ips_.end(), ip) != ips_.end()) return;
    ips_.push_back(ip);
    words_.push_back(lower(to_string(ip)));
    bytes_.push_back(as_text(ip.bytes));
    bytes_.push_back(in_state(ip));
}

void Traces::add_name(std::string_view name) {
    if (name.size() < shortest_name) return;
    auto word = lower(name);
    if (std::find(words_.begin(), words_.end(), word) == words_.end()) words_.push_back(std::move(word));
}

std::vector<std::string> Traces::keys() const {
    std::vector<std::string> keys;
    for (const auto& mac : macs_) keys.push_back(to_string(mac));
    for (const auto& ip : ips_) keys.push_back(to_string(ip));
    return keys;
}

bool Traces::in_text(std::string_view text) const {
    const auto lowered = lower(text);
    return std::any_of(words_.begin(), words_.end(),
                       [&lowered](const std::string& word) { return contains_word(lowered, word); });
}

bool Traces::in_bytes(std::string_view bytes) const {
    return std::any_of(bytes_.begin(), bytes_.end(),
                       [bytes](const std::string& trace) { return bytes.find(trace) != std::string_view::npos; });
}

bool Traces::in_json(const Json& json) const {
    if (json.is_string()) return in_text(json.get_ref<const std::string&>());
    if (!json.is_structured()) return false;
    for (const auto& [name, value] : json.items())
        if ((json.is_object() && in_text(name)) || in_json(value)) return true;
    return false;
}

}  // namespace linnet
