// vertical-scan: one source tries many ports of one host. The rows are (source, protocol, target); what is counted is the
// port. A bare ACK, FIN or null packet to a port that was never spoken to counts whatever the answer.
#include "analyzer/scan_detector.hpp"

namespace linnet {
namespace {

class VerticalScan : public ScanDetector {
 public:
    explicit VerticalScan(Thresholds& thresholds) : ScanDetector{"vertical-scan", thresholds} {
        add_rules(ProbeKind::tcp_syn, "tcp", thresholds);
        add_rules(ProbeKind::tcp_other, "tcp-stealth", thresholds);
        add_rules(ProbeKind::udp, "udp", thresholds);
    }

 private:
    [[nodiscard]] bool same_row(const Attempt& a, const Attempt& b) const override {
        return a.target == b.target && same_protocol(a, b);
    }
    void add_to_key(RowKey& key, const Attempt& attempt) const override { key.add(attempt.target); }
    [[nodiscard]] std::uint64_t counted(const Attempt& attempt) const override { return attempt.port.number + 1U; }
    void describe(Finding& finding, const Attempt& attempt) const override {
        finding.dest = attempt.target;
        finding.peer = to_string(attempt.target);
    }
    [[nodiscard]] const char* unit() const override { return "ports"; }
};

}  // namespace

std::unique_ptr<Detector> make_vertical_scan(Thresholds& thresholds) { return std::make_unique<VerticalScan>(thresholds); }

}  // namespace linnet
