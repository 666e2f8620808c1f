// Events as FlatBuffers (events.fbs): writing. Values that break a limit (event_limits.hpp) are brought within it.
#include "event_limits.hpp"
#include "frame.hpp"
#include "schema/events_generated.h"

#include <algorithm>

namespace linnet {
namespace {

using Builder = flatbuffers::FlatBufferBuilder;
using Text = flatbuffers::Offset<flatbuffers::String>;

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
                              service, e.tunnelled)
            .Union();
    }
    flatbuffers::Offset<void> operator()(const Probe& e) const {
        const auto mac = encode(e.mac);
        const auto source = encode(e.source);
        // Not CreateUninitializedVectorOfStructs: FlatBuffers 2.0 takes the size of a struct for its alignment there.
        const auto count = std::min(e.attempts.size(), Probe::max_attempts);
        const auto attempts = to.CreateVectorOfStructs<fb::Attempt>(count, [&e](std::size_t i, fb::Attempt* out) {
            const auto& from = e.attempts[i];
            *out = fb::Attempt{encode(from.target), from.port.number, encode(from.outcome),
                               static_cast<std::uint8_t>(from.hallmark)};
        });
        return fb::CreateProbe(to, &mac, &source, encode(e.kind), encode(e.first_seen), encode(e.last_seen), attempts,
                               e.tunnelled)
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
        return fb::CreateTlsHandshake(to, encode(e.at), e.flow_id, &client, &server, e.version, e.cipher, sni, alpn, ja4,
                                      static_cast<std::uint8_t>(e.proto))
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
        const auto addresses =
            to.CreateVectorOfStructs<fb::Ip>(std::min(e.addresses.size(), NameBinding::max_addresses),
                                             [&e](std::size_t i, fb::Ip* out) { *out = encode(e.addresses[i]); });
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

}  // namespace linnet
