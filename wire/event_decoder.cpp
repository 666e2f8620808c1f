// Events as FlatBuffers (events.fbs): reading. Absent structs and strings are "not known" and empty.
#include "event_limits.hpp"
#include "frame.hpp"
#include "schema/events_generated.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace linnet {
namespace {

IpAddress decode(const fb::Ip* from) {
    IpAddress ip;
    if (from != nullptr) std::copy_n(from->b()->data(), ip.bytes.size(), ip.bytes.begin());
    return ip;
}
MacAddress decode(const fb::Mac* from) {
    MacAddress mac;
    if (from != nullptr) std::copy_n(from->b()->data(), mac.bytes.size(), mac.bytes.begin());
    return mac;
}
Endpoint decode(const fb::Endpoint* from) { return {decode(&from->ip()), Port{from->port()}, decode(&from->mac())}; }
std::string decode(const flatbuffers::String* from) { return from == nullptr ? std::string{} : from->str(); }
Timestamp decode(std::int64_t from) { return Timestamp{Duration{from}}; }

/// Sticky: `ok` turns false at the first number that is no value of its enumeration.
struct EnumDecoder {
    bool ok = true;

    template <class Enum>
    void operator()(std::uint8_t from, Enum& to) {
        if (from > static_cast<std::uint8_t>(last_value<Enum>))
            ok = false;
        else
            to = static_cast<Enum>(from);
    }
};

bool decode(const fb::Flow& from, Flow& to) {
    EnumDecoder value;
    value(from.stage(), to.stage);
    value(from.reason(), to.reason);
    value(from.proto(), to.proto);
    to.id = from.flow_id();
    to.midstream = from.midstream();
    to.tunnelled = from.tunnelled();
    to.client = decode(from.client());
    to.server = decode(from.server());
    to.first_seen = decode(from.first_seen());
    to.last_seen = decode(from.last_seen());
    to.packets_to_server = from.packets_to_server();
    to.packets_to_client = from.packets_to_client();
    to.bytes_to_server = from.bytes_to_server();
    to.bytes_to_client = from.bytes_to_client();
    to.payload_to_server = from.payload_to_server();
    to.payload_to_client = from.payload_to_client();
    to.app_proto = decode(from.app_proto());
    to.service = decode(from.service());
    return value.ok;
}

bool decode(const fb::Probe& from, Probe& to) {
    if (from.attempts()->size() > Probe::max_attempts) return false;
    EnumDecoder value;
    value(from.kind(), to.kind);
    to.tunnelled = from.tunnelled();
    to.mac = decode(from.mac());
    to.source = decode(from.source());
    to.first_seen = decode(from.first_seen());
    to.last_seen = decode(from.last_seen());
    to.attempts.reserve(from.attempts()->size());
    for (const auto* attempt : *from.attempts()) {
        auto& out = to.attempts.emplace_back();
        out.target = decode(&attempt->target());
        out.port = Port{attempt->port()};
        value(attempt->outcome(), out.outcome);
        value.ok = value.ok && attempt->hallmark() <= 1;
        out.hallmark = attempt->hallmark() == 1;
    }
    return value.ok;
}

bool decode(const fb::DeviceHint& from, DeviceHint& to) {
    to = {decode(from.at()),     decode(from.mac()), decode(from.ip()),
          decode(from.source()), decode(from.key()), decode(from.value())};
    return true;
}

bool decode(const fb::Login& from, Login& to) {
    EnumDecoder value;
    value(from.service(), to.service);
    value(from.outcome(), to.outcome);
    to.at = decode(from.at());
    to.flow_id = from.flow_id();
    to.client = decode(from.client());
    to.server = decode(from.server());
    to.default_entry = from.default_entry();
    to.user = decode(from.user());
    return value.ok;
}

bool decode(const fb::AddressBinding& from, AddressBinding& to) {
    to = {decode(from.at()), decode(from.mac()), decode(from.ip()), decode(from.source())};
    return true;
}

bool decode(const fb::SensorStats& from, SensorStats& to) {
    to = {decode(from.at()),
          decode(from.source()),
          from.packets(),
          from.bytes(),
          from.malformed(),
          from.unsupported(),
          from.truncated(),
          from.kernel_dropped(),
          from.interface_dropped(),
          from.flows(),
          from.flows_active(),
          from.flows_evicted(),
          from.streams_refused(),
          from.fragments_dropped(),
          from.probes(),
          from.logins(),
          from.last(),
          from.progress()};
    return true;
}

bool decode(const fb::Lost& from, Lost& to) {
    to = {decode(from.from()), decode(from.to()), from.count(), decode(from.reason())};
    return true;
}

bool decode(const fb::TlsHandshake& from, TlsHandshake& to) {
    to = {decode(from.at()), from.flow_id(), decode(from.client()), decode(from.server()), Proto{from.proto()},
          from.version(),    from.cipher(),  decode(from.sni()),    decode(from.alpn()),   decode(from.ja4())};
    return true;
}

bool decode(const fb::Certificate& from, Certificate& to) {
    EnumDecoder value;
    value(from.outcome(), to.outcome);
    to.at = decode(from.at());
    to.flow_id = from.flow_id();
    to.client = decode(from.client());
    to.server = decode(from.server());
    to.version = from.version();
    to.sni = decode(from.sni());
    if (from.chain() == nullptr) return value.ok;
    if (from.chain()->size() > Certificate::max_chain) return false;
    for (const auto* der : *from.chain()) to.chain.emplace_back().bytes.assign(der->bytes()->begin(), der->bytes()->end());
    return value.ok;
}

bool decode(const fb::NameBinding& from, NameBinding& to) {
    to.at = decode(from.at());
    to.client = decode(from.client());
    to.resolver = decode(from.resolver());
    to.name = decode(from.name());
    to.type = from.type();
    to.rcode = from.rcode();
    if (from.addresses() == nullptr) return true;
    if (from.addresses()->size() > NameBinding::max_addresses) return false;
    for (const auto* address : *from.addresses()) to.addresses.push_back(decode(address));
    return true;
}

bool decode(const fb::PortMapping& from, PortMapping& to) {
    EnumDecoder value;
    value(from.protocol(), to.protocol);
    value(from.action(), to.action);
    value(from.outcome(), to.outcome);
    value(from.proto(), to.proto);
    to.at = decode(from.at());
    to.client = decode(from.client());
    to.router = decode(from.router());
    to.external_port = Port{from.external_port()};
    to.internal_ip = decode(from.internal_ip());
    to.internal_port = Port{from.internal_port()};
    to.lifetime = from.lifetime();
    to.description = decode(from.description());
    return value.ok;
}

bool decode(const fb::Observation& from, Observation& to) {
    EnumDecoder value;
    value(from.kind(), to.kind);
    to.at = decode(from.at());
    to.flow_id = from.flow_id();
    to.client = decode(from.client());
    to.server = decode(from.server());
    to.entry = from.entry();
    to.protocol = decode(from.protocol());
    to.subject = decode(from.subject());
    return value.ok;
}

bool decode(const fb::Burst& from, Burst& to) {
    EnumDecoder value;
    value(from.kind(), to.kind);
    to.at = decode(from.at());
    to.mac = decode(from.mac());
    to.source = decode(from.source());
    to.target = decode(from.target());
    to.port = Port{from.port()};
    to.packets = from.packets();
    to.bytes = from.bytes();
    to.answers = from.answers();
    return value.ok;
}

template <class Body, class Encoded>
std::optional<Event> decode_body(const Encoded* body) {
    Event event{std::in_place_type<Body>};
    if (!decode(*body, std::get<Body>(event)) || !broken_limit(event).empty()) return std::nullopt;
    return event;
}

std::optional<Event> decode_aligned(const std::uint8_t* bytes, std::size_t size) {
    constexpr flatbuffers::uoffset_t max_depth = 4, max_tables = 2 + Certificate::max_chain;  // Event, its body, Ders
    flatbuffers::Verifier verifier{bytes, size, max_depth, max_tables};
    if (!fb::VerifyEventBuffer(verifier)) return std::nullopt;
    const auto* event = fb::GetEvent(bytes);
    switch (event->body_type()) {
        case fb::Body::Flow: return decode_body<Flow>(event->body_as_Flow());
        case fb::Body::Probe: return decode_body<Probe>(event->body_as_Probe());
        case fb::Body::DeviceHint: return decode_body<DeviceHint>(event->body_as_DeviceHint());
        case fb::Body::Login: return decode_body<Login>(event->body_as_Login());
        case fb::Body::AddressBinding: return decode_body<AddressBinding>(event->body_as_AddressBinding());
        case fb::Body::SensorStats: return decode_body<SensorStats>(event->body_as_SensorStats());
        case fb::Body::Lost: return decode_body<Lost>(event->body_as_Lost());
        case fb::Body::TlsHandshake: return decode_body<TlsHandshake>(event->body_as_TlsHandshake());
        case fb::Body::Certificate: return decode_body<Certificate>(event->body_as_Certificate());
        case fb::Body::NameBinding: return decode_body<NameBinding>(event->body_as_NameBinding());
        case fb::Body::PortMapping: return decode_body<PortMapping>(event->body_as_PortMapping());
        case fb::Body::Observation: return decode_body<Observation>(event->body_as_Observation());
        case fb::Body::Burst: return decode_body<Burst>(event->body_as_Burst());
        default: return std::nullopt;
    }
}

}  // namespace

std::optional<Event> decode_event(std::span<const std::byte> bytes) {
    if (bytes.empty() || bytes.size() > max_event_size) return std::nullopt;
    alignas(8) std::array<std::uint8_t, max_event_size> aligned;  // NOLINT(*-member-init): what is read is copied first
    std::memcpy(aligned.data(), bytes.data(), bytes.size());
    return decode_aligned(aligned.data(), bytes.size());
}

}  // namespace linnet
