// vertical-scan: one source tries many ports of one host. The rows are (source, protocol, target); what is counted is the
// port. A bare ACK, FIN or null packet to a port that was never spoken to counts whatever the answer.
//
// A flood of packets to ports at random begins like a scan. So a scan is told of only after a while: what has turned out to
// be a flood by then is that detector's.
#include "analyzer/ip_state.hpp"
#include "analyzer/scan_detector.hpp"
#include "flood_cause.hpp"

#include <utility>

namespace linnet {
namespace {

BurstKind burst_of(ProbeKind kind) {
    switch (kind) {
        case ProbeKind::udp: return BurstKind::udp;
        case ProbeKind::tcp_other: return BurstKind::ack;
        default: return BurstKind::syn;
    }
}

class VerticalScan : public ScanDetector {
 public:
    explicit VerticalScan(Thresholds& thresholds)
        : ScanDetector{"vertical-scan", thresholds}, wait_{thresholds.seconds("vertical-scan.wait_seconds")} {
        add_rules(ProbeKind::tcp_syn, "tcp", thresholds);
        add_rules(ProbeKind::tcp_other, "tcp-stealth", thresholds);
        add_rules(ProbeKind::udp, "udp", thresholds);
    }

    void on_event(const Event& event, Context& context) override {
        if (waiting_.size() == 0) return;
        const auto* stats = std::get_if<SensorStats>(&event);
        const bool over = stats != nullptr && stats->last;
        const Timestamp now = time_of(event);
        std::vector<std::pair<std::string, Contact>> due;
        waiting_.for_each_row([&](const std::string& key, const Waiting& row) {
            const Timestamp since = row.contact.attempt.at;
            if (over || now >= since + wait_ || now + wait_ < since) due.emplace_back(key, row.contact);
        });
        for (const auto& [key, contact] : due) {
            waiting_.erase(key);
            if (!is_flood(contact, context)) tell(key, contact, context);
        }
    }

    std::vector<StateTableBase*> tables() override {
        auto all = ScanDetector::tables();
        all.push_back(&waiting_);
        return all;
    }

 private:
    static constexpr std::size_t max_waiting = 1024;

    /// A scan that is not told of yet: the contact that made it one.
    struct Waiting {
        Contact contact;
        [[nodiscard]] Json to_state() const {
            Json list = {to_string(contact.mac), to_number(contact.attempt.at), contact.attempt.kind};
            push_ip(list, contact.source);
            push_ip(list, contact.attempt.target);
            return list;
        }
        static Waiting from_state(const Json& list) {
            return {
                {.mac = MacAddress::parse(list.at(0).get<std::string>()).value_or(MacAddress{}),
                 .source = ip_at(list, 3),
                 .attempt = {
                     .at = time_at(list.at(1)), .target = ip_at(list, 5), .port = {}, .kind = list.at(2).get<ProbeKind>()}}};
        }
    };

    bool postpones(const std::string& key, const Contact& contact, bool told) override {
        if (told) return false;
        if (waiting_.find(key) == nullptr) waiting_.touch(key).contact = contact;
        return true;
    }
    static bool is_flood(const Contact& contact, const Context& context) {
        return context.episodes.is_open("flood", context.household.device(contact.mac, contact.source),
                                        flood_cause(contact.source, contact.attempt.target, burst_of(contact.attempt.kind)),
                                        contact.attempt.at);
    }
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

    Duration wait_;
    StateTable<Waiting> waiting_{"vertical-scan-waiting", max_waiting};
};

}  // namespace

std::unique_ptr<Detector> make_vertical_scan(Thresholds& thresholds) { return std::make_unique<VerticalScan>(thresholds); }

}  // namespace linnet
