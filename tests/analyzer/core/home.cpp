#include "home.hpp"

#include "wire/data_directory.hpp"

namespace linnet::test {

std::shared_ptr<const Signatures> signatures() {
    static const auto shared = [] {
        auto read = Signatures::read(signatures_directory(), "/nowhere");
        Makers makers;
        makers.add_csv(
            "Registry,Assignment,Organization Name,Organization Address\nMA-L,B827EB,Raspberry Pi Foundation,Cambridge\n");
        makers.finish();
        read.set_makers(std::move(makers));
        return std::make_shared<const Signatures>(std::move(read));
    }();
    return shared;
}

Timestamp at(double seconds) {
    return std::chrono::sys_days{std::chrono::year{2026} / 3 / 1} + std::chrono::hours{12} +
           Duration{static_cast<std::int64_t>(seconds * 1e6)};
}

IpAddress ip(const std::string& text) { return IpAddress::parse(text).value(); }

MacAddress mac(const std::string& text) { return MacAddress::parse(text).value(); }

Endpoint end(const std::string& address, std::uint16_t port, const std::string& hardware) {
    return {ip(address), {port}, hardware.empty() ? MacAddress{} : mac(hardware)};
}

Flow flow(const Endpoint& client, const Endpoint& server, const std::string& app, double seconds) {
    Flow flow;
    flow.id = static_cast<std::uint64_t>(at(seconds).time_since_epoch().count()) + client.port.number;
    flow.proto = Proto::tcp;
    flow.client = client;
    flow.server = server;
    flow.first_seen = flow.last_seen = at(seconds);
    flow.packets_to_server = flow.packets_to_client = 5;
    flow.bytes_to_server = 500;
    flow.bytes_to_client = 700;
    flow.payload_to_server = 200;
    flow.payload_to_client = 400;
    flow.app_proto = app;
    return flow;
}

Login login(const Endpoint& client, const Endpoint& server, Service service, const std::string& user, double seconds) {
    Login login;
    login.at = at(seconds);
    login.client = client;
    login.server = server;
    login.service = service;
    login.user = user;
    return login;
}

DeviceHint hostname(const std::string& address, const std::string& name, double seconds) {
    return {at(seconds), mac(address), {}, "dhcp", "hostname", name};
}

Probe probe(const std::string& source, const std::string& target, std::uint16_t port, double seconds, ProbeKind kind,
            ProbeOutcome outcome) {
    Probe probe;
    probe.source = ip(source);
    probe.kind = kind;
    probe.first_seen = probe.last_seen = at(seconds);
    probe.attempts = {{ip(target), {port}, outcome, false}};
    return probe;
}

Probe hallmark(const std::string& source, const std::string& target, std::uint16_t port, double seconds) {
    Probe syn = probe(source, target, port, seconds);
    syn.attempts[0].hallmark = true;
    return syn;
}

void wait_until(Core& core, double seconds) {
    SensorStats stats;
    stats.at = at(seconds);
    core.apply("s", stats);
}

std::vector<Alert> alerts(const Core& core, const std::string& detector) {
    std::vector<Alert> chosen;
    for (auto& alert : core.alerts())
        if (alert.detector == detector) chosen.push_back(alert);
    return chosen;
}

std::string view(const Core& core) {
    std::string text;
    for (const auto& alert : core.alerts()) text += dump(to_eve(alert)) + "\n";
    for (const auto& device : core.devices()) text += dump(to_eve(device)) + "\n";
    return text;
}

}  // namespace linnet::test
