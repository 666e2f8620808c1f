// horizontal-scan: one source tries one port of many hosts, or calls many hosts by ping or ARP.
// The rows are (source, protocol, port); what is counted is the target.
#include "analyzer/scan_detector.hpp"

#include <algorithm>

namespace linnet {
namespace {

class HorizontalScan : public ScanDetector {
 public:
    explicit HorizontalScan(Thresholds& thresholds)
        : ScanDetector{"horizontal-scan", thresholds}, telnet_ports_{thresholds.ports("mirai-scan.ports")} {
        add_rules(ProbeKind::tcp_syn, "tcp", thresholds);
        add_rules(ProbeKind::tcp_other, "tcp-stealth", thresholds);
        add_rules(ProbeKind::udp, "udp", thresholds);
        add_rules(ProbeKind::icmp_echo, "icmp", thresholds);
        add_rules(ProbeKind::arp, "arp", thresholds);
    }

 private:
    /// One cause is one alert: what mirai-scan has told of is not told again.
    [[nodiscard]] bool is_left_alone(const Contact& contact, const Context& context) const override {
        const Attempt& attempt = contact.attempt;
        const bool telnet_like = attempt.kind == ProbeKind::tcp_syn &&
                                 std::find(telnet_ports_.begin(), telnet_ports_.end(), attempt.port) != telnet_ports_.end();
        return (telnet_like || contact.hallmark) &&
               context.episodes.is_open("mirai-scan", context.household.device(contact.mac, contact.source),
                                        RowKey{}.add(contact.source).text(), attempt.at);
    }
    [[nodiscard]] bool same_row(const Attempt& a, const Attempt& b) const override {
        return a.port == b.port && same_protocol(a, b);
    }
    void add_to_key(RowKey& key, const Attempt& attempt) const override { key.add(attempt.port); }
    [[nodiscard]] std::uint64_t counted(const Attempt& attempt) const override { return number_of(attempt.target); }
    void describe(Finding& finding, const Attempt& attempt) const override {
        finding.dest_port = attempt.port;
        if (attempt.port.number == 0) finding.variant = "hosts";
    }
    [[nodiscard]] const char* unit() const override { return "hosts"; }

    std::vector<Port> telnet_ports_;
};

}  // namespace

std::unique_ptr<Detector> make_horizontal_scan(Thresholds& thresholds) {
    return std::make_unique<HorizontalScan>(thresholds);
}

}  // namespace linnet
