// The fields of each event, named once, in the order of event.hpp: what writes, reads and checks events walks this list.
// visit(name, member) is called for every field; the event may be const.
#pragma once

#include "event.hpp"

#include <concepts>
#include <string_view>
#include <type_traits>

namespace linnet {

template <class Value, class Plain>
concept MaybeConst = std::same_as<std::remove_const_t<Value>, Plain>;

/// "flow", "probe", …: the name of an event's type in JSON.
template <class Event>
inline constexpr std::string_view event_name = "";
template <>
inline constexpr std::string_view event_name<Flow> = "flow";
template <>
inline constexpr std::string_view event_name<Probe> = "probe";
template <>
inline constexpr std::string_view event_name<DeviceHint> = "device_hint";
template <>
inline constexpr std::string_view event_name<Login> = "login";
template <>
inline constexpr std::string_view event_name<AddressBinding> = "address_binding";
template <>
inline constexpr std::string_view event_name<SensorStats> = "sensor_stats";
template <>
inline constexpr std::string_view event_name<Lost> = "lost";
template <>
inline constexpr std::string_view event_name<TlsHandshake> = "tls_handshake";
template <>
inline constexpr std::string_view event_name<Certificate> = "certificate";
template <>
inline constexpr std::string_view event_name<NameBinding> = "name_binding";
template <>
inline constexpr std::string_view event_name<PortMapping> = "port_mapping";
template <>
inline constexpr std::string_view event_name<Observation> = "observation";
template <>
inline constexpr std::string_view event_name<Burst> = "burst";

template <MaybeConst<Flow> Self, class Visit>
void for_each_field(Self& e, Visit&& visit) {
    visit("id", e.id);
    visit("stage", e.stage);
    visit("reason", e.reason);
    visit("proto", e.proto);
    visit("midstream", e.midstream);
    visit("tunnelled", e.tunnelled);
    visit("client", e.client);
    visit("server", e.server);
    visit("first_seen", e.first_seen);
    visit("last_seen", e.last_seen);
    visit("packets_to_server", e.packets_to_server);
    visit("packets_to_client", e.packets_to_client);
    visit("bytes_to_server", e.bytes_to_server);
    visit("bytes_to_client", e.bytes_to_client);
    visit("payload_to_server", e.payload_to_server);
    visit("payload_to_client", e.payload_to_client);
    visit("app_proto", e.app_proto);
    visit("service", e.service);
}

template <MaybeConst<ProbeAttempt> Self, class Visit>
void for_each_field(Self& e, Visit&& visit) {
    visit("target", e.target);
    visit("port", e.port);
    visit("outcome", e.outcome);
    visit("hallmark", e.hallmark);
}

template <MaybeConst<Probe> Self, class Visit>
void for_each_field(Self& e, Visit&& visit) {
    visit("mac", e.mac);
    visit("source", e.source);
    visit("kind", e.kind);
    visit("tunnelled", e.tunnelled);
    visit("first_seen", e.first_seen);
    visit("last_seen", e.last_seen);
    visit("attempts", e.attempts);
}

template <MaybeConst<DeviceHint> Self, class Visit>
void for_each_field(Self& e, Visit&& visit) {
    visit("at", e.at);
    visit("mac", e.mac);
    visit("ip", e.ip);
    visit("source", e.source);
    visit("key", e.key);
    visit("value", e.value);
}

template <MaybeConst<Login> Self, class Visit>
void for_each_field(Self& e, Visit&& visit) {
    visit("at", e.at);
    visit("flow_id", e.flow_id);
    visit("client", e.client);
    visit("server", e.server);
    visit("service", e.service);
    visit("outcome", e.outcome);
    visit("default_entry", e.default_entry);
    visit("user", e.user);
}

template <MaybeConst<AddressBinding> Self, class Visit>
void for_each_field(Self& e, Visit&& visit) {
    visit("at", e.at);
    visit("mac", e.mac);
    visit("ip", e.ip);
    visit("source", e.source);
}

template <MaybeConst<SensorStats> Self, class Visit>
void for_each_field(Self& e, Visit&& visit) {
    visit("at", e.at);
    visit("source", e.source);
    visit("packets", e.packets);
    visit("bytes", e.bytes);
    visit("malformed", e.malformed);
    visit("unsupported", e.unsupported);
    visit("truncated", e.truncated);
    visit("kernel_dropped", e.kernel_dropped);
    visit("interface_dropped", e.interface_dropped);
    visit("flows", e.flows);
    visit("flows_active", e.flows_active);
    visit("flows_evicted", e.flows_evicted);
    visit("streams_refused", e.streams_refused);
    visit("fragments_dropped", e.fragments_dropped);
    visit("probes", e.probes);
    visit("logins", e.logins);
    visit("last", e.last);
    visit("progress", e.progress);
}

template <MaybeConst<Lost> Self, class Visit>
void for_each_field(Self& e, Visit&& visit) {
    visit("from", e.from);
    visit("to", e.to);
    visit("count", e.count);
    visit("reason", e.reason);
}

template <MaybeConst<TlsHandshake> Self, class Visit>
void for_each_field(Self& e, Visit&& visit) {
    visit("at", e.at);
    visit("flow_id", e.flow_id);
    visit("client", e.client);
    visit("server", e.server);
    visit("proto", e.proto);
    visit("version", e.version);
    visit("cipher", e.cipher);
    visit("sni", e.sni);
    visit("alpn", e.alpn);
    visit("ja4", e.ja4);
}

template <MaybeConst<Certificate> Self, class Visit>
void for_each_field(Self& e, Visit&& visit) {
    visit("at", e.at);
    visit("flow_id", e.flow_id);
    visit("client", e.client);
    visit("server", e.server);
    visit("version", e.version);
    visit("outcome", e.outcome);
    visit("sni", e.sni);
    visit("chain", e.chain);
}

template <MaybeConst<NameBinding> Self, class Visit>
void for_each_field(Self& e, Visit&& visit) {
    visit("at", e.at);
    visit("client", e.client);
    visit("resolver", e.resolver);
    visit("name", e.name);
    visit("type", e.type);
    visit("rcode", e.rcode);
    visit("addresses", e.addresses);
}

template <MaybeConst<PortMapping> Self, class Visit>
void for_each_field(Self& e, Visit&& visit) {
    visit("at", e.at);
    visit("client", e.client);
    visit("router", e.router);
    visit("protocol", e.protocol);
    visit("action", e.action);
    visit("outcome", e.outcome);
    visit("proto", e.proto);
    visit("external_port", e.external_port);
    visit("internal_ip", e.internal_ip);
    visit("internal_port", e.internal_port);
    visit("lifetime", e.lifetime);
    visit("description", e.description);
}

template <MaybeConst<Observation> Self, class Visit>
void for_each_field(Self& e, Visit&& visit) {
    visit("at", e.at);
    visit("flow_id", e.flow_id);
    visit("client", e.client);
    visit("server", e.server);
    visit("kind", e.kind);
    visit("entry", e.entry);
    visit("protocol", e.protocol);
    visit("subject", e.subject);
}

template <MaybeConst<Burst> Self, class Visit>
void for_each_field(Self& e, Visit&& visit) {
    visit("at", e.at);
    visit("mac", e.mac);
    visit("source", e.source);
    visit("target", e.target);
    visit("port", e.port);
    visit("kind", e.kind);
    visit("packets", e.packets);
    visit("bytes", e.bytes);
    visit("answers", e.answers);
}

}  // namespace linnet
