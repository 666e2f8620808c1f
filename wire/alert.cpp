#include "alert.hpp"

#include "harmless_text.hpp"
#include "json_fields.hpp"

#include <algorithm>
#include <array>

namespace linnet {
namespace {

constexpr std::array<std::string_view, 3> confidence_names{"possible", "likely", "confirmed"};

void read_port(const Json& object, const char* key, Port& port) {
    unsigned number = 0;
    read(object, key, number);
    if (number > 0xffff) refuse_value(key);
    port.number = static_cast<std::uint16_t>(number);
}

std::optional<Outcome> parse_outcome(std::string_view name) {
    for (const auto outcome : {Outcome::unknown, Outcome::success, Outcome::failure})
        if (name == to_string(outcome)) return outcome;
    return std::nullopt;
}

void add_end(Json& eve, const char* ip_key, const IpAddress& ip, const char* port_key, Port port) {
    if (ip.known()) eve[ip_key] = to_string(ip);
    if (port.number != 0) eve[port_key] = port.number;
}

Json device_of(const Alert& alert) {
    Json device = Json::object();
    if (alert.device.mac.known())
        device["mac"] = to_string(alert.device.mac);
    else if (alert.device.ip.known())
        device["ip"] = to_string(alert.device.ip);
    add_text(device, "name", alert.device.name);
    return device;
}

Json linnet_part(const Alert& alert) {
    Json part = Json::object();
    part["id"] = alert.id;
    part["detector"] = alert.detector;
    part["confidence"] = to_string(alert.confidence);
    part["device"] = device_of(alert);
    part["count"] = alert.count;
    part["first_seen"] = to_string(alert.first_seen);
    part["last_seen"] = to_string(alert.last_seen);
    part["guidelines"] = alert.guidelines;
    if (!alert.evidence.empty()) part["evidence"] = alert.evidence;
    if (alert.service) {
        part["service"] = to_string(*alert.service);
        part["username"] = alert.username;
        part["outcome"] = to_string(alert.outcome);
    } else if (alert.tls) {
        part["service"] = alert.tls->version;
        if (alert.outcome != Outcome::unknown) part["outcome"] = to_string(alert.outcome);
    }
    add_text(part, "happened", alert.happened);
    add_text(part, "meaning", alert.meaning);
    add_text(part, "advice", alert.advice);
    return part;
}

/// What a person or time added to a device; what is not there is left out.
void add_identity(const Device& device, Json& part) {
    for (const auto& mac : device.macs) part["macs"].push_back(to_string(mac));
    if (device.away) part["away"] = true;
    add_text(part["given"], "name", device.given.name);
    add_text(part["given"], "kind", device.given.kind);
    add_text(part["given"], "model", device.given.model);
    if (device.given.trusted) part["given"]["trusted"] = true;
    if (part["given"].empty()) part.erase("given");
    for (const auto& entry : device.history) {
        Json& told = part["history"].emplace_back(Json{{"at", to_string(entry.at)}, {"event", entry.event}});
        add_text(told, "subject", entry.subject);
        told["text"] = entry.text;
    }
    for (const auto& other : device.suggestions)
        part["suggestions"].push_back({{"key", other.key}, {"confidence", other.confidence}, {"why", other.why}});
}

void read_identity(const Json& part, Device& device) {
    for (const Json& text : part.value("macs", Json::array())) {
        const auto mac = MacAddress::parse(text.get<std::string>());
        if (!mac) throw std::invalid_argument{"EVE: bad value of macs"};
        device.macs.push_back(*mac);
    }
    read(part, "away", device.away);
    if (const auto given = part.find("given"); given != part.end()) {
        read(*given, "name", device.given.name);
        read(*given, "kind", device.given.kind);
        read(*given, "model", device.given.model);
        read(*given, "trusted", device.given.trusted);
    }
    for (const Json& told : part.value("history", Json::array())) {
        HistoryEntry& entry = device.history.emplace_back();
        read(told, "at", entry.at, parse_timestamp);
        read(told, "event", entry.event);
        read(told, "subject", entry.subject);
        read(told, "text", entry.text);
    }
    for (const Json& told : part.value("suggestions", Json::array())) {
        Suggestion& other = device.suggestions.emplace_back();
        read(told, "key", other.key);
        read(told, "confidence", other.confidence);
        read(told, "why", other.why);
    }
}

}  // namespace

std::string_view to_string(Confidence confidence) {
    const auto index = static_cast<std::size_t>(confidence) - 1;
    return index < confidence_names.size() ? confidence_names[index] : "possible";
}

std::optional<Confidence> parse_confidence(std::string_view name) {
    const auto* found = std::find(confidence_names.begin(), confidence_names.end(), name);
    if (found == confidence_names.end()) return std::nullopt;
    return static_cast<Confidence>(found - confidence_names.begin() + 1);
}

Json to_eve(const Alert& alert) {
    Json eve = Json::object();
    eve["timestamp"] = to_string(alert.first_seen);
    eve["event_type"] = "alert";
    add_end(eve, "src_ip", alert.src, "src_port", alert.src_port);
    add_end(eve, "dest_ip", alert.dest, "dest_port", alert.dest_port);
    add_text(eve, "proto", alert.proto);
    add_text(eve, "app_proto", alert.app_proto);
    eve["alert"] = {{"gid", 1},
                    {"signature_id", alert.signature_id},
                    {"rev", alert.revision},
                    {"severity", static_cast<int>(alert.severity)},
                    {"signature", alert.signature},
                    {"category", alert.category}};
    if (alert.tls) eve["tls"] = to_eve(*alert.tls);
    eve["linnet"] = linnet_part(alert);
    return eve;
}

Alert alert_from_eve(const Json& eve) {
    Alert alert;
    read(eve, "src_ip", alert.src, IpAddress::parse);
    read_port(eve, "src_port", alert.src_port);
    read(eve, "dest_ip", alert.dest, IpAddress::parse);
    read_port(eve, "dest_port", alert.dest_port);
    read(eve, "proto", alert.proto);
    read(eve, "app_proto", alert.app_proto);

    const Json& rule = eve.at("alert");
    rule.at("signature_id").get_to(alert.signature_id);
    rule.at("rev").get_to(alert.revision);
    alert.severity = read_severity(rule);
    rule.at("signature").get_to(alert.signature);
    rule.at("category").get_to(alert.category);

    const Json& part = eve.at("linnet");
    part.at("id").get_to(alert.id);
    part.at("detector").get_to(alert.detector);
    read(part, "confidence", alert.confidence, parse_confidence);
    const Json& device = part.at("device");
    read(device, "mac", alert.device.mac, MacAddress::parse);
    read(device, "ip", alert.device.ip, IpAddress::parse);
    read(device, "name", alert.device.name);
    part.at("count").get_to(alert.count);
    read(part, "first_seen", alert.first_seen, parse_timestamp);
    read(part, "last_seen", alert.last_seen, parse_timestamp);
    read(part, "guidelines", alert.guidelines);
    read(part, "evidence", alert.evidence);
    if (const auto tls = eve.find("tls"); tls != eve.end())
        alert.tls = tls_facts_from_eve(*tls);
    else
        read(part, "service", alert.service, parse_service);
    read(part, "username", alert.username);
    read(part, "outcome", alert.outcome, parse_outcome);
    read(part, "happened", alert.happened);
    read(part, "meaning", alert.meaning);
    read(part, "advice", alert.advice);
    return alert;
}

Json to_eve(const Device& device) {
    Json part = Json::object();
    part["key"] = device.key;
    if (device.mac.known()) part["mac"] = to_string(device.mac);
    part["ips"] = Json::array();
    for (const auto& ip : device.ips) part["ips"].push_back(to_string(ip));
    add_text(part, "name", device.name);
    add_text(part, "hostname", device.hostname);
    add_text(part, "called", device.called);
    add_text(part, "maker", device.maker);
    add_text(part, "kind", device.kind);
    add_text(part, "model", device.model);
    add_text(part, "os", device.os);
    add_text(part, "mud_url", device.mud_url);
    part["confidence"] = device.confidence;
    part["reasons"] = device.reasons;
    part["first_seen"] = to_string(device.first_seen);
    part["last_seen"] = to_string(device.last_seen);
    part["bytes_sent"] = device.bytes_sent;
    part["bytes_received"] = device.bytes_received;
    part["randomized_mac"] = device.randomized_mac;
    add_identity(device, part);
    return {{"timestamp", to_string(device.last_seen)}, {"event_type", "device"}, {"linnet", {{"device", std::move(part)}}}};
}

Device device_from_eve(const Json& eve) {
    const Json& part = eve.at("linnet").at("device");
    Device device;
    part.at("key").get_to(device.key);
    read(part, "mac", device.mac, MacAddress::parse);
    read_each(part, "ips", device.ips, IpAddress::parse);
    read(part, "name", device.name);
    read(part, "hostname", device.hostname);
    read(part, "called", device.called);
    read(part, "maker", device.maker);
    read(part, "kind", device.kind);
    read(part, "model", device.model);
    read(part, "os", device.os);
    read(part, "mud_url", device.mud_url);
    read(part, "confidence", device.confidence);
    read(part, "reasons", device.reasons);
    read(part, "first_seen", device.first_seen, parse_timestamp);
    read(part, "last_seen", device.last_seen, parse_timestamp);
    read(part, "bytes_sent", device.bytes_sent);
    read(part, "bytes_received", device.bytes_received);
    read(part, "randomized_mac", device.randomized_mac);
    read_identity(part, device);
    return device;
}

std::string dump(const Json& json) { return escaped_json(json.dump(-1, ' ', false, Json::error_handler_t::replace)); }

}  // namespace linnet
