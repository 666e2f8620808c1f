// A small home to test with: a core with the shipped signatures, and short ways to write events.
#pragma once

#include "analyzer/core.hpp"
#include "analyzer/signatures.hpp"

#include <memory>
#include <string>
#include <vector>

namespace linnet::test {

/// The words and numbers that are shipped, and a registry of one maker: b8:27:eb is Raspberry Pi.
std::shared_ptr<const Signatures> signatures();

Timestamp at(double seconds);  ///< after 2026-03-01T12:00:00Z
IpAddress ip(const std::string& text);
MacAddress mac(const std::string& text);
Endpoint end(const std::string& address, std::uint16_t port = 0, const std::string& mac = "");

/// A TCP conversation in which both sides spoke, at its start.
Flow flow(const Endpoint& client, const Endpoint& server, const std::string& app = "", double seconds = 0);
Login login(const Endpoint& client, const Endpoint& server, Service service, const std::string& user, double seconds = 0);
DeviceHint hostname(const std::string& mac, const std::string& name, double seconds = 0);

/// One attempt; add more to `attempts`.
Probe probe(const std::string& source, const std::string& target, std::uint16_t port, double seconds = 0,
            ProbeKind kind = ProbeKind::tcp_syn, ProbeOutcome outcome = ProbeOutcome::unanswered);
/// A SYN whose sequence number is its destination address.
Probe hallmark(const std::string& source, const std::string& target, std::uint16_t port, double seconds);

/// A sensor says that it is so late; nothing else has happened.
void wait_until(Core& core, double seconds);

/// The open alerts of one detector.
std::vector<Alert> alerts(const Core& core, const std::string& detector);

/// Everything that is visible of a core: open alerts and devices as EVE lines.
std::string view(const Core& core);

}  // namespace linnet::test
