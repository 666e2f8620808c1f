#include "episodes.hpp"

#include "analyzer/ip_state.hpp"

#include <algorithm>
#include <limits>

namespace linnet {
namespace {

RowKey device_key(std::string_view detector, const DeviceRef& device) {
    return RowKey{}.add(detector).add(device.mac).add(device.ip);
}

std::string episode_key(std::string_view detector, const DeviceRef& device, std::string_view cause) {
    return device_key(detector, device).text() + std::string{cause};
}

std::string wording_of(const Finding& finding) {
    return finding.variant.empty() ? finding.detector : finding.detector + "." + finding.variant;
}

Duration distance(Timestamp a, Timestamp b) { return a > b ? a - b : b - a; }

int rank(Outcome outcome) {
    switch (outcome) {
        case Outcome::success: return 2;
        case Outcome::failure: return 1;
        default: return 0;
    }
}

}  // namespace

Episodes::Episodes(std::size_t max_alerts_open, std::shared_ptr<const Signatures> signatures, Thresholds& thresholds)
    : signatures_{std::move(signatures)},
      quiet_{thresholds.seconds("episodes.quiet_seconds")},
      max_causes_{static_cast<std::uint64_t>(thresholds.integer("episodes.max_causes", 1, 1'000'000))},
      open_{"episodes", max_alerts_open, [this](Episode&& episode) { retire(std::move(episode)); }},
      runs_{"episode-runs", max_alerts_open},
      numbers_{"numbers", 1} {}

bool Episodes::is_over(const Episode& episode, Timestamp first, Timestamp last) const {
    return first > episode.alert.last_seen + quiet_ || last + quiet_ < episode.alert.first_seen;
}

bool Episodes::is_open(std::string_view detector, const DeviceRef& device, std::string_view cause, Timestamp at) const {
    const Episode* episode = open_.find(episode_key(detector, device, cause));
    return episode != nullptr && !is_over(*episode, at, at);
}

void Episodes::report(Finding&& finding) {
    const std::string key = episode_key(finding.detector, finding.device, finding.cause);
    const Episode* known = open_.find(key);
    const bool fresh = known == nullptr || is_over(*known, finding.first, finding.last);
    if (fresh && (finding.count == 0 || !may_open(finding, key))) return;
    Episode& episode = open_.touch(key);
    if (fresh) {
        if (known != nullptr) retire(std::move(episode));
        open(episode, finding);
    } else {
        update(episode, finding);
    }
    changed(key, episode.alert.id);
    unfinished_.insert(key);
}

bool Episodes::may_open(const Finding& finding, const std::string& key) {
    Run& run = runs_.touch(device_key(finding.detector, finding.device).text());
    if (distance(finding.last, run.last) > quiet_) run = {};
    run.last = finding.last;
    if (run.opened < max_causes_) {
        ++run.opened;
        run.newest = key;
        return true;
    }
    if (Episode* newest = open_.touch_existing(run.newest)) {
        newest->alert.evidence["more"] = true;
        changed(run.newest, newest->alert.id);
    }
    return false;
}

void Episodes::open(Episode& episode, const Finding& finding) {
    episode = {};
    adopt(episode, finding);
    Alert& alert = episode.alert;
    alert.id = ++numbers_.touch("alerts").last;
    alert.detector = finding.detector;
    alert.confidence = finding.confidence;
    alert.device = finding.device;
    alert.proto = finding.proto;
    alert.app_proto = finding.app_proto;
    alert.service = finding.service;
    alert.username = finding.username;
    alert.outcome = finding.outcome;
    alert.tls = finding.tls;
    alert.count = finding.count;
    alert.first_seen = finding.first;
    alert.last_seen = finding.last;
    alert.evidence = finding.evidence;
}

void Episodes::adopt(Episode& episode, const Finding& finding) const {
    episode.wording = wording_of(finding);
    episode.peer = finding.peer;
    const Wording& wording = signatures_->wording(episode.wording);
    Alert& alert = episode.alert;
    alert.signature_id = wording.signature_id;
    alert.revision = wording.revision;
    alert.severity = wording.severity;
    alert.signature = wording.title;
    alert.category = wording.category;
    alert.guidelines = wording.guidelines;
    alert.src = finding.src;
    alert.src_port = finding.src_port;
    alert.dest = finding.dest;
    alert.dest_port = finding.dest_port;
}

void Episodes::update(Episode& episode, const Finding& finding) const {
    Alert& alert = episode.alert;
    if (finding.takes_over || signatures_->wording(wording_of(finding)).severity < alert.severity) adopt(episode, finding);
    const auto room = std::numeric_limits<std::uint64_t>::max() - alert.count;
    alert.count += std::min(finding.count, room);
    alert.first_seen = std::min(alert.first_seen, finding.first);
    alert.last_seen = std::max(alert.last_seen, finding.last);
    alert.device.name = finding.device.name;
    alert.confidence = std::max(alert.confidence, finding.confidence);
    if (rank(finding.outcome) > rank(alert.outcome)) alert.outcome = finding.outcome;
    alert.evidence.update(finding.evidence);
}

void Episodes::finish_event(const std::function<std::string(const DeviceRef&)>& product_of) {
    for (const auto& key : unfinished_) {
        Episode* episode = open_.touch_existing(key);
        if (episode == nullptr) continue;
        episode->product = product_of(episode->alert.device);
        put_words(*episode);
    }
    unfinished_.clear();
}

std::string Episodes::service_of(const Alert& alert) const {
    if (alert.service) return signatures_->service_name(*alert.service);
    return alert.tls ? alert.tls->version : alert.app_proto;
}

void Episodes::put_words(Episode& episode) const {
    Alert& alert = episode.alert;
    const Wording& wording = signatures_->wording(episode.wording);
    Placeholders values{.device = alert.device.name,
                        .peer = episode.peer,
                        .count = alert.count,
                        .service = service_of(alert),
                        .user = alert.username,
                        .port = alert.dest_port.number};
    if (!episode.product.empty()) values.device += " (" + episode.product + ")";
    alert.happened = Wording::render(wording.happened, values);
    values.device = alert.device.name;
    alert.meaning = Wording::render(wording.meaning, values);
    alert.advice = Wording::render(wording.advice, values);
}

void Episodes::changed(const std::string& key, std::uint64_t id) {
    if (changed_.insert(id).second) order_.emplace_back(id, key);
}

void Episodes::retire(Episode&& episode) {
    if (!changed_.contains(episode.alert.id)) return;
    put_words(episode);
    retired_[episode.alert.id] = std::move(episode.alert);
}

void Episodes::retell(const std::function<bool(const Alert& alert)>& wanted) {
    open_.for_each_row([&](const std::string& key, const Episode& episode) {
        if (wanted(episode.alert)) changed(key, episode.alert.id);
    });
}

std::vector<Alert> Episodes::take_changes() {
    std::vector<Alert> alerts;
    for (const auto& [id, key] : order_) {
        const Episode* episode = open_.find(key);
        if (episode != nullptr && episode->alert.id == id)
            alerts.push_back(episode->alert);
        else if (const auto gone = retired_.find(id); gone != retired_.end())
            alerts.push_back(std::move(gone->second));
    }
    order_.clear();
    changed_.clear();
    retired_.clear();
    return alerts;
}

std::vector<Alert> Episodes::alerts() const {
    std::vector<Alert> alerts;
    open_.for_each([&alerts](const Episode& episode) { alerts.push_back(episode.alert); });
    std::sort(alerts.begin(), alerts.end(), [](const Alert& a, const Alert& b) { return a.id < b.id; });
    return alerts;
}

Json Episodes::Episode::to_state() const {
    return {{"alert", to_eve(alert)}, {"wording", wording}, {"peer", peer}, {"product", product}};
}

Episodes::Episode Episodes::Episode::from_state(const Json& state) {
    return {alert_from_eve(state.at("alert")), state.at("wording").get<std::string>(), state.at("peer").get<std::string>(),
            state.value("product", "")};
}

Json Episodes::Run::to_state() const { return {{"opened", opened}, {"last", to_number(last)}, {"newest", to_hex(newest)}}; }

Episodes::Run Episodes::Run::from_state(const Json& state) {
    return {state.at("opened").get<std::uint64_t>(), time_at(state.at("last")),
            from_hex(state.at("newest").get<std::string>()).value_or("")};
}

}  // namespace linnet
