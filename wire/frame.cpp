#include "frame.hpp"

#include "event_limits.hpp"
#include "schema/events_generated.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace linnet {
namespace {

using Builder = flatbuffers::FlatBufferBuilder;
using Text = flatbuffers::Offset<flatbuffers::String>;

constexpr std::size_t length_size = 4;

// Encoding: values that break a limit (event_limits.hpp) are brought within it.

fb::Ip encode(const IpAddress& ip) { return fb::Ip{flatbuffers::span<const std::uint8_t, 16>{ip.bytes.data(), 16}}; }
fb::Mac encode(const MacAddress& mac) { return fb::Mac{flatbuffers::span<const std::uint8_t, 6>{mac.bytes.data(), 6}}; }
fb::Endpoint encode(const Endpoint& end) { return {encode(end.ip), encode(end.mac), end.port.number}; }

std::int64_t encode(Timestamp time) { return std::clamp(time, earliest_time, latest_time).time_since_epoch().count(); }

template <class Enum>
requires std::is_enum_v<Enum> std::uint8_t encode(Enum value) { return static_cast<std::uint8_t>(value); }

Text required_text(Builder& to, const std::string& text) {
    if (text.size() <= max_text && utf8_prefix(text) == text.size()) return to.CreateString(text);
    return to.CreateString(legal_text(text));
}
Text optional_text(Builder& to, const std::string& text) { return text.empty() ? Text{} : required_text(to, text); }

struct BodyEncoder {
    Builder& to;

    flatbuffers::Offset<void> operator()(const Flow& e) const {
        const auto client = encode(e.client), server = encode(e.server);
        const auto app_proto = optional_text(to, e.app_proto), service = optional_text(to, e.service);
        return fb::CreateFlow(to, e.id, encode(e.stage), encode(e.reason), encode(e.proto), e.midstream, &client, &server,
                              encode(e.first_seen), encode(e.last_seen), e.packets_to_server, e.packets_to_client,
                              e.bytes_to_server, e.bytes_to_client, e.payload_to_server, e.payload_to_client, app_proto,
                              service)
            .Union();
    }
    flatbuffers::Offset<void> operator()(const Probe& e) const {
        const auto mac = encode(e.mac);
        const auto source = encode(e.source);
        fb::Attempt* out = nullptr;
        const auto count = std::min(e.attempts.size(), Probe::max_attempts);
        const auto attempts = to.CreateUninitializedVectorOfStructs(count, &out);
        for (std::size_t i = 0; i < count; ++i) {
            const auto& from = e.attempts[i];
            out[i] = fb::Attempt{encode(from.target), from.port.number, encode(from.outcome),
                                 static_cast<std::uint8_t>(from.hallmark)};
        }
        return fb::CreateProbe(to, &mac, &source, encode(e.kind), encode(e.first_seen), encode(e.last_seen), attempts)
            .Union();
    }
    flatbuffers::Offset<void> operator()(const DeviceHint& e) const {
        const auto mac = encode(e.mac);
        const auto ip = encode(e.ip);
        const auto source = required_text(to, e.source), key = required_text(to, e.key), value = required_text(to, e.value);
        return fb::CreateDeviceHint(to, encode(e.at), &mac, &ip, source, key, value).Union();
    }
    flatbuffers::Offset<void> operator()(const Login& e) const {
        const auto client = encode(e.client), server = encode(e.server);
        const auto user = optional_text(to, e.user);
        return fb::CreateLogin(to, encode(e.at), e.flow_id, &client, &server, encode(e.service), encode(e.outcome),
                               e.default_entry, user)
            .Union();
    }
    flatbuffers::Offset<void> operator()(const AddressBinding& e) const {
        const auto mac = encode(e.mac);
        const auto ip = encode(e.ip);
        const auto source = required_text(to, e.source);
        return fb::CreateAddressBinding(to, encode(e.at), &mac, &ip, source).Union();
    }
    flatbuffers::Offset<void> operator()(const SensorStats& e) const {
        const auto source = optional_text(to, e.source);
        return fb::CreateSensorStats(to, encode(e.at), source, e.packets, e.bytes, e.malformed, e.unsupported, e.truncated,
                                     e.kernel_dropped, e.interface_dropped, e.flows, e.flows_active, e.flows_evicted,
                                     e.streams_refused, e.fragments_dropped, e.probes, e.logins, e.last, e.progress)
            .Union();
    }
    flatbuffers::Offset<void> operator()(const Lost& e) const {
        const auto reason = optional_text(to, e.reason);
        return fb::CreateLost(to, encode(e.from), encode(e.to), e.count, reason).Union();
    }
    flatbuffers::Offset<void> operator()(const TlsHandshake& e) const {
        const auto client = encode(e.client), server = encode(e.server);
        const auto sni = optional_text(to, e.sni), alpn = optional_text(to, e.alpn), ja4 = optional_text(to, e.ja4);
        return fb::CreateTlsHandshake(to, encode(e.at), e.flow_id, &client, &server, e.version, e.cipher, sni, alpn, ja4)
            .Union();
    }
    flatbuffers::Offset<void> operator()(const Certificate& e) const {
        const auto client = encode(e.client), server = encode(e.server);
        const auto sni = optional_text(to, e.sni);
        std::vector<flatbuffers::Offset<fb::Der>> chain;
        std::size_t bytes = 0;
        for (const auto& certificate : e.chain) {
            bytes += certificate.bytes.size();
            if (chain.size() == Certificate::max_chain || bytes > Certificate::max_bytes) break;
            chain.push_back(fb::CreateDer(
                to,
                to.CreateVector(reinterpret_cast<const std::uint8_t*>(certificate.bytes.data()), certificate.bytes.size())));
        }
        const auto certificates = to.CreateVector(chain);
        return fb::CreateCertificate(to, encode(e.at), e.flow_id, &client, &server, e.version, encode(e.outcome), sni,
                                     certificates)
            .Union();
    }
    flatbuffers::Offset<void> operator()(const NameBinding& e) const {
        const auto client = encode(e.client), resolver = encode(e.resolver);
        const auto name = optional_text(to, e.name);
        fb::Ip* out = nullptr;
        const auto count = std::min(e.addresses.size(), NameBinding::max_addresses);
        const auto addresses = to.CreateUninitializedVectorOfStructs(count, &out);
        for (std::size_t i = 0; i < count; ++i) out[i] = encode(e.addresses[i]);
        return fb::CreateNameBinding(to, encode(e.at), &client, &resolver, name, e.type, e.rcode, addresses).Union();
    }
    flatbuffers::Offset<void> operator()(const PortMapping& e) const {
        const auto client = encode(e.client), router = encode(e.router);
        const auto internal_ip = encode(e.internal_ip);
        const auto description = optional_text(to, e.description);
        return fb::CreatePortMapping(to, encode(e.at), &client, &router, encode(e.protocol), encode(e.action),
                                     encode(e.outcome), encode(e.proto), e.external_port.number, &internal_ip,
                                     e.internal_port.number, e.lifetime, description)
            .Union();
    }
    flatbuffers::Offset<void> operator()(const Observation& e) const {
        const auto client = encode(e.client), server = encode(e.server);
        const auto protocol = optional_text(to, e.protocol), subject = optional_text(to, e.subject);
        return fb::CreateObservation(to, encode(e.at), e.flow_id, &client, &server, encode(e.kind), e.entry, protocol,
                                     subject)
            .Union();
    }
    flatbuffers::Offset<void> operator()(const Burst& e) const {
        const auto mac = encode(e.mac);
        const auto source = encode(e.source), target = encode(e.target);
        return fb::CreateBurst(to, encode(e.at), &mac, &source, &target, e.port.number, encode(e.kind), e.packets, e.bytes,
                               e.answers)
            .Union();
    }
};

// Decoding. Absent structs and strings are "not known" and empty.

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
    to = {decode(from.at()), from.flow_id(),     decode(from.client()), decode(from.server()), from.version(),
          from.cipher(),     decode(from.sni()), decode(from.alpn()),   decode(from.ja4())};
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

struct EventEncoder::Impl {
    Builder builder{1024};
};

EventEncoder::EventEncoder() : impl_{std::make_unique<Impl>()} {}
EventEncoder::~EventEncoder() = default;

void EventEncoder::append_frame(const Event& event, std::vector<std::byte>& out) {
    auto& builder = impl_->builder;
    builder.Clear();
    const auto body = std::visit(BodyEncoder{builder}, event);
    const auto type = static_cast<fb::Body>(event.index() + 1);  // the union has the variant's order, behind NONE
    builder.Finish(fb::CreateEvent(builder, type, body));
    const auto* bytes = reinterpret_cast<const std::byte*>(builder.GetBufferPointer());
    linnet::append_frame({bytes, builder.GetSize()}, out);
}

void append_frame(std::span<const std::byte> event, std::vector<std::byte>& out) {
    std::array<std::byte, length_size> length{};
    for (std::size_t i = 0; i < length_size; ++i) length[i] = static_cast<std::byte>(event.size() >> (8 * i) & 0xff);
    out.insert(out.end(), length.begin(), length.end());
    out.insert(out.end(), event.begin(), event.end());
}

std::optional<Event> decode_event(std::span<const std::byte> bytes) {
    if (bytes.empty() || bytes.size() > max_event_size) return std::nullopt;
    alignas(8) std::array<std::uint8_t, max_event_size> aligned;  // NOLINT(*-member-init): what is read is copied first
    std::memcpy(aligned.data(), bytes.data(), bytes.size());
    return decode_aligned(aligned.data(), bytes.size());
}

void FrameReader::feed(std::span<const std::byte> bytes) {
    if (broken_) return;
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(read_));
    read_ = 0;
    buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
}

std::optional<std::span<const std::byte>> FrameReader::next() {
    if (broken_ || pending() < length_size) return std::nullopt;
    std::size_t size = 0;
    for (std::size_t i = 0; i < length_size; ++i) size |= std::to_integer<std::size_t>(buffer_[read_ + i]) << (8 * i);
    if (size > max_event_size) {
        broken_ = true;
        return std::nullopt;
    }
    if (pending() < length_size + size) return std::nullopt;
    const std::span<const std::byte> frame{buffer_.data() + read_ + length_size, size};
    read_ += length_size + size;
    return frame;
}

}  // namespace linnet
