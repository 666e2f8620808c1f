#include "traits.hpp"

#include "analyzer/household/host_name.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

namespace linnet {
namespace {

/// FNV-1a, 64 bits: the same on every machine, for it is kept.
std::uint64_t number_of(std::string_view text, std::uint64_t number = 0xcbf29ce484222325) {
    for (const char c : text) number = (number ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    return number;
}

template <class Value>
bool put(std::vector<Value>& list, Value value, std::size_t most) {
    if (std::find(list.begin(), list.end(), value) != list.end()) return false;
    if (list.size() == most) list.erase(list.begin());
    list.push_back(std::move(value));
    return true;
}

bool put_text(std::vector<std::string>& list, std::string value, std::size_t most) {
    return !value.empty() && value.size() <= Traits::max_text && put(list, std::move(value), most);
}

/// At least four different bytes: no row of zeros, no counter.
bool is_varied(std::string_view hexadecimal) {
    std::set<std::string_view> bytes;
    for (std::size_t at = 0; at + 2 <= hexadecimal.size(); at += 2) bytes.insert(hexadecimal.substr(at, 2));
    return bytes.size() >= 4;
}

std::string in_hexadecimal(const MacAddress& mac) {
    std::string text;
    for (const auto byte : mac.bytes) text += fmt::format("{:02x}", byte);
    return text;
}

/// 8-4-4-4-12 hexadecimal digits (RFC 9562).
bool is_uuid(std::string_view text) {
    if (text.size() != 36) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        const char c = text[i];
        const bool hexadecimal = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
        if (dash ? c != '-' : !hexadecimal) return false;
    }
    return true;
}

std::string lower(std::string_view text) {
    std::string small{text};
    std::transform(small.begin(), small.end(), small.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return small;
}

/// Keys under which makers publish a number that stays with the device, whatever the network card.
bool names_an_id(const DeviceHint& hint) {
    static constexpr std::array keys{"txt.id", "txt.uuid", "txt.deviceid", "txt.pi", "txt.psi", "uuid", "udn"};
    return std::find(keys.begin(), keys.end(), hint.key) != keys.end();
}

bool note_id(Traits& traits, const DeviceHint& hint) {
    if (hint.source == "dhcp" && hint.key == "client-id") {
        const std::string id = lasting_id(hint.value, hint.mac);
        return !id.empty() && put_text(traits.ids, id, Traits::max_ids);
    }
    if (hint.source == "dhcpv6" && hint.key == "duid") return put_text(traits.ids, "duid:" + hint.value, Traits::max_ids);
    if (!names_an_id(hint)) return false;
    std::string_view value = hint.value;
    if (value.starts_with("uuid:")) value.remove_prefix(5);
    if (is_uuid(value)) return put_text(traits.ids, "uuid:" + lower(value), Traits::max_ids);
    if (const auto mac = MacAddress::parse(value); mac && hint.key != "txt.psi")
        return put_text(traits.ids, "device-id:" + to_string(*mac), Traits::max_ids);
    return false;
}

}  // namespace

std::string lasting_id(std::string_view client_id, const MacAddress& mac) {
    constexpr std::size_t type_and_interface = 10, least = 16;
    if (client_id.starts_with("ff") && client_id.size() >= type_and_interface + least) {
        const auto duid = client_id.substr(type_and_interface);
        return is_varied(duid) ? "duid:" + std::string{duid} : "";
    }
    const bool own = client_id.find(in_hexadecimal(mac)) != std::string_view::npos;
    if (own || client_id.size() < 2 + least || !is_varied(client_id)) return "";
    return "client-id:" + std::string{client_id};
}

bool is_host_name(const DeviceHint& hint) {
    static constexpr std::array sources{"dhcp", "mdns", "llmnr", "netbios", "smb"};
    const bool by_name = hint.key == "hostname" && std::find(sources.begin(), sources.end(), hint.source) != sources.end();
    return (by_name || (hint.key == "fqdn" && (hint.source == "dhcp" || hint.source == "dhcpv6"))) && !hint.value.empty();
}

bool Traits::note(const DeviceHint& hint) {
    if (is_host_name(hint)) {
        const bool fresh = put_text(names, comparable(hint.value), max_names);
        const bool by_mdns = hint.source == "mdns" && put_text(announced, comparable(hint.value), max_names);
        return fresh || by_mdns;
    }
    if (hint.source == "mdns" && hint.key == "instance") return put_text(instances, hint.value, max_instances);
    if (hint.source == "dhcp" && hint.key == "parameter-list") {
        const auto number = number_of(hint.value);
        return std::exchange(dhcp, number) != number;
    }
    return note_id(*this, hint);
}

bool Traits::note(const TlsHandshake& handshake) {
    if (handshake.ja4.empty()) return false;
    const auto kind = number_of(handshake.ja4);
    const bool fresh = put(kinds, kind, max_kinds);
    return (!handshake.sni.empty() && put(hellos, number_of(handshake.sni, kind), max_hellos)) || fresh;
}

void Traits::take(const Traits& other) {
    for (const auto& id : other.ids) put_text(ids, id, max_ids);
    for (const auto& name : other.names) put_text(names, name, max_names);
    for (const auto& name : other.announced) put_text(announced, name, max_names);
    for (const auto& instance : other.instances) put_text(instances, instance, max_instances);
    for (const auto hello : other.hellos) put(hellos, hello, max_hellos);
    for (const auto kind : other.kinds) put(kinds, kind, max_kinds);
    if (other.dhcp != 0) dhcp = other.dhcp;
}

Json Traits::to_state() const { return {ids, names, announced, instances, dhcp, hellos, kinds}; }

Traits Traits::from_state(const Json& state) {
    Traits traits;
    state.at(0).get_to(traits.ids);
    state.at(1).get_to(traits.names);
    state.at(2).get_to(traits.announced);
    state.at(3).get_to(traits.instances);
    state.at(4).get_to(traits.dhcp);
    state.at(5).get_to(traits.hellos);
    state.at(6).get_to(traits.kinds);
    return traits;
}

}  // namespace linnet
