#include "scan_detector.hpp"

#include "analyzer/ip_state.hpp"

#include <algorithm>
#include <cmath>

namespace linnet {
namespace {

Duration distance(Timestamp a, Timestamp b) { return a > b ? a - b : b - a; }

bool failed(const Attempt& attempt) { return attempt.outcome != ProbeOutcome::answered; }

ProbeKind protocol(ProbeKind kind) { return kind == ProbeKind::tcp_other ? ProbeKind::tcp_syn : kind; }

}  // namespace

bool same_protocol(const Attempt& a, const Attempt& b) { return protocol(a.kind) == protocol(b.kind); }

/// Jung et al.: theta_0 and theta_1 are the chances that a first contact of a benign source and of a
/// scanner is answered.
WalkSteps::WalkSteps(Thresholds& thresholds) {
    const double theta_0 = thresholds.ratio("scan.benign_success"), theta_1 = thresholds.ratio("scan.scanner_success");
    const double false_alarm = thresholds.ratio("scan.false_alarm"), detection = thresholds.ratio("scan.detection");
    success = std::log(theta_1 / theta_0);
    failure = std::log((1 - theta_1) / (1 - theta_0));
    top = std::log(detection / false_alarm);
    bottom = std::log((1 - detection) / (1 - false_alarm));
}

ScanDetector::ScanDetector(std::string name, Thresholds& thresholds)
    : name_{std::move(name)},
      steps_{thresholds},
      quiet_{thresholds.seconds("scan.quiet_seconds")},
      rows_{name_, max_rows, [this](ScanRow&& row) { slots_ -= row.seen.slots(); }} {}

void ScanDetector::add_rules(ProbeKind kind, const std::string& path, Thresholds& thresholds) {
    for (const bool inside : {true, false}) {
        const std::string here = name_ + "." + path + (inside ? ".inside." : ".outside.");
        const auto contacts = static_cast<std::uint64_t>(thresholds.integer(here + "contacts", 0, 100'000));
        const auto failures = static_cast<std::uint64_t>(thresholds.integer(here + "failures", 0, 100'000));
        const bool walk = kind == ProbeKind::tcp_syn || kind == ProbeKind::udp;
        rules_[{kind, inside}] = {contacts, failures, thresholds.seconds(here + "seconds"), walk};
    }
}

const ScanRule* ScanDetector::rule_for(const Attempt& attempt) const {
    const auto rule = rules_.find({attempt.kind, attempt.target_is_inside});
    return rule == rules_.end() || rule->second.contacts == 0 ? nullptr : &rule->second;
}

void ScanDetector::on_contact(const Contact& contact, Context& context) {
    const Attempt& attempt = contact.attempt;
    const ScanRule* rule = rule_for(attempt);
    if (rule == nullptr || is_left_alone(contact, context)) return;
    count_slots();
    RowKey key;
    key.add(contact.source).add(static_cast<std::uint8_t>(protocol(attempt.kind)));
    add_to_key(key, attempt);
    ScanRow* row = row_for(key.text(), contact, context);
    if (row == nullptr) return;

    const bool fresh = add(*row, attempt);
    const auto& window = window_of(*row, attempt);
    if (fresh && window.contacts >= rule->contacts && window.failures >= rule->failures &&
        (!rule->walk || row->walk >= steps_.top))
        row->fired = true;
    if (row->fired && !postpones(key.text(), contact, row->told > 0)) report(*row, contact, key.text(), context);
    while (slots_ > max_slots && rows_.size() > 1) rows_.evict_oldest();
}

/// Once, behind a restore.
void ScanDetector::count_slots() {
    if (slots_counted_) return;
    rows_.for_each([this](const ScanRow& row) { slots_ += row.seen.slots(); });
    slots_counted_ = true;
}

ScanRow::Window& ScanDetector::window_of(ScanRow& row, const Attempt& attempt) {
    return row.windows[(attempt.kind == ProbeKind::tcp_other ? 2U : 0U) + (attempt.target_is_inside ? 1U : 0U)];
}

/// A row that was quiet, or whose times jumped, is over; while its alert may still count up it is kept.
bool ScanDetector::is_over(const ScanRow& row, Timestamp at, Duration episode_quiet) const {
    return distance(at, row.last) > (row.fired ? episode_quiet : quiet_);
}

/// The row that this contact belongs to, if it has one or begins one.
ScanRow* ScanDetector::row_for(const std::string& key, const Contact& contact, const Context& context) {
    const Attempt& attempt = contact.attempt;
    const ScanRow* known = rows_.find(key);
    const bool over = known == nullptr || is_over(*known, attempt.at, context.episodes.quiet());
    if (!over) return &rows_.touch(key);
    if (attempt.connection) return nullptr;
    if (known != nullptr) {
        slots_ -= known->seen.slots();
        rows_.erase(key);
    }
    const auto& before = context.contacts.before(contact.source);
    if (!begins(attempt, before)) return nullptr;
    ScanRow& row = rows_.touch(key);
    row.first = row.last = attempt.at;
    for (const Attempt& earlier : before)
        if (same_row(earlier, attempt) && distance(earlier.at, attempt.at) <= quiet_) add(row, earlier);
    return &row;
}

bool ScanDetector::begins(const Attempt& attempt, const std::vector<Attempt>& before) const {
    return std::any_of(before.begin(), before.end(), [&](const Attempt& earlier) {
        return same_row(earlier, attempt) && counted(earlier) != counted(attempt) &&
               distance(earlier.at, attempt.at) <= quiet_;
    });
}

/// True where it was a first contact.
bool ScanDetector::add(ScanRow& row, const Attempt& attempt) {
    slots_ -= row.seen.slots();
    const bool fresh = row.seen.insert(counted(attempt));
    slots_ += row.seen.slots();
    if (!fresh && attempt.connection) return false;  // the end of a flow whose start was counted
    row.attempts += attempt.times;
    row.first = std::min(row.first, attempt.at);
    row.last = std::max(row.last, attempt.at);
    if (!fresh) return false;

    (attempt.outcome == ProbeOutcome::answered  ? row.answered
     : attempt.outcome == ProbeOutcome::refused ? row.refused
                                                : row.unanswered) += 1;
    const ScanRule* rule = rule_for(attempt);
    if (rule == nullptr) return true;
    if (rule->walk)
        row.walk = std::clamp(row.walk + (failed(attempt) ? steps_.failure : steps_.success), steps_.bottom, steps_.top);
    auto& window = window_of(row, attempt);
    if (window.contacts == 0 || distance(attempt.at, window.start) > rule->window) window = {attempt.at, 0, 0};
    ++window.contacts;
    if (failed(attempt)) ++window.failures;
    return true;
}

void ScanDetector::tell(const std::string& key, const Contact& contact, Context& context) {
    if (ScanRow* row = rows_.touch_existing(key); row != nullptr && row->fired) report(*row, contact, key, context);
}

void ScanDetector::report(ScanRow& row, const Contact& contact, const std::string& key, Context& context) const {
    Finding finding;
    finding.detector = name_;
    finding.cause = key;
    finding.device = context.household.device(contact.mac, contact.source);
    finding.confidence = Confidence::likely;
    finding.src = contact.source;
    finding.proto = proto_name(contact.attempt);
    finding.count = row.seen.count() - row.told;
    finding.first = row.told == 0 ? row.first : contact.attempt.at;
    finding.last = row.told == 0 ? row.last : contact.attempt.at;
    row.told = row.seen.count();
    finding.evidence = {{unit(), row.seen.count()},
                        {"attempts", row.attempts},
                        {"answered", row.answered},
                        {"refused", row.refused},
                        {"unanswered", row.unanswered}};
    if (!row.seen.exact()) finding.evidence["estimate"] = true;
    describe(finding, contact.attempt);
    context.episodes.report(std::move(finding));
}

Json ScanRow::to_state() const {
    Json list = Json::array();
    for (const Window& window : windows) {
        list.push_back(to_number(window.start));
        list.push_back(window.contacts);
        list.push_back(window.failures);
    }
    return {{"first", to_number(first)},
            {"last", to_number(last)},
            {"walk", walk},
            {"attempts", attempts},
            {"answered", answered},
            {"refused", refused},
            {"unanswered", unanswered},
            {"fired", fired},
            {"told", told},
            {"windows", std::move(list)},
            {"forgotten", seen.forgotten()},
            {"seen", seen.numbers()}};
}

ScanRow ScanRow::from_state(const Json& state) {
    ScanRow row;
    row.first = time_at(state.at("first"));
    row.last = time_at(state.at("last"));
    state.at("walk").get_to(row.walk);
    state.at("attempts").get_to(row.attempts);
    state.at("answered").get_to(row.answered);
    state.at("refused").get_to(row.refused);
    state.at("unanswered").get_to(row.unanswered);
    state.at("fired").get_to(row.fired);
    state.at("told").get_to(row.told);
    const Json& list = state.at("windows");
    for (std::size_t i = 0; i < row.windows.size(); ++i)
        row.windows[i] = {time_at(list.at(i * 3)), list.at(i * 3 + 1).get<std::uint64_t>(),
                          list.at(i * 3 + 2).get<std::uint64_t>()};
    row.seen =
        DistinctSet::of(state.at("forgotten").get<std::uint64_t>(), state.at("seen").get<std::vector<std::uint64_t>>());
    return row;
}

}  // namespace linnet
