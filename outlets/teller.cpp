#include "teller.hpp"

#include "wire/json_fields.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

namespace linnet {
namespace {

Moment moment_of(const Json& answer, Timestamp now) {
    Moment moment{.now = now, .seen = {}, .since = {}, .quiet = {}, .series = answer.at("series").get<std::string>()};
    read(answer, "at", moment.seen, parse_timestamp);
    read(answer, "since", moment.since, parse_timestamp);
    moment.quiet = std::chrono::seconds{answer.at("quiet_seconds").get<std::int64_t>()};
    return moment;
}

/// Evidence is what may be long.
Json bounded(const Json& eve) {
    constexpr std::size_t longest = 16 * 1024;
    if (dump(eve).size() <= longest) return eve;
    Json shorter = eve;
    shorter["linnet"].erase("evidence");
    return shorter;
}

}  // namespace

Teller::Teller(std::vector<Listener> listeners, Queue& queue) : listeners_{std::move(listeners)}, queue_{queue} {
    for (const auto& listener : listeners_)
        progress_.push_back(queue_.with([&](Ledger& ledger) { return ledger.progress(listener.name); }));
}

Json Teller::question() const {
    std::uint64_t after = progress_.empty() ? 0 : progress_.front().cursor;
    for (const auto& progress : progress_) after = std::min(after, progress.cursor);
    return {{"after", after}, {"limit", alerts_at_once}};
}

bool Teller::take(const Json& answer, Timestamp now) {
    auto moment = moment_of(answer, now);
    const bool had_all = question().at("after") == 0;  // what follows is complete for who begins at 0
    const auto forgets = answer.at("forgets").get<std::uint64_t>();
    const bool is_last = answer.at("alerts").size() < alerts_at_once;
    auto fresh = progress_;
    bool begins = false;
    queue_.transact([&](Ledger& ledger) {
        for (std::size_t i = 0; i < listeners_.size(); ++i) {
            auto& progress = fresh[i];
            const auto& listener = listeners_[i];
            if (progress.series != moment.series) {
                if (progress.series.empty()) progress.forgets = forgets;
                begin_anew(ledger, listener.name, progress, moment.series);
                begins = true;
            }
            moment.is_first = progress.is_first;
            for (auto& message : listener.policy.on_time(moment, progress.standing)) ledger.put(listener.name, message);
            if (!begins || had_all) {
                tell(ledger, listener, progress, answer, moment);
                end(ledger, listener, progress, moment);
                if (is_last) {
                    progress.cursor = std::max(progress.cursor, answer.at("last").get<std::uint64_t>());
                    progress.is_first = false;
                }
            }
            if (fresh[i] != progress_[i]) ledger.save(listener.name, progress);
        }
    });
    progress_ = std::move(fresh);
    since_ = moment.since;
    forgets_ = forgets;
    must_forget_ =
        std::any_of(progress_.begin(), progress_.end(), [&](const auto& each) { return each.forgets != forgets; });
    return !is_last || (begins && !had_all);
}

/// Its numbers mean other alerts from now on; what waits to be sent stays.
void Teller::begin_anew(Ledger& ledger, const std::string& outlet, Progress& progress, const std::string& series) const {
    ledger.forget_told(outlet);
    progress.series = series;
    progress.cursor = 0;
    progress.is_first = true;
}

void Teller::tell(Ledger& ledger, const Listener& listener, Progress& progress, const Json& answer,
                  const Moment& moment) const {
    bool has_new = false;
    for (const auto& eve : answer.at("alerts")) {
        const auto change = eve.at("linnet").at("change").get<std::uint64_t>();
        if (change <= progress.cursor) continue;
        progress.cursor = change;
        has_new = tell_of(ledger, listener, progress, eve, moment) || has_new;
    }
    if (has_new) ledger.drop_surplus_told(listener.name);
}

/// True where there is something new to remember of it.
bool Teller::tell_of(Ledger& ledger, const Listener& listener, Progress& progress, const Json& eve,
                     const Moment& moment) const {
    Alert alert;
    try {
        alert = alert_from_eve(eve);
    } catch (const std::exception& error) {  // one of another version: it keeps no other from being told
        spdlog::warn("an alert is left out that makes no sense: {}", plain_line(error.what(), 200));
        return false;
    }
    auto told = ledger.told(listener.name, alert.id);
    const auto before = told;
    auto plain = bounded(eve);
    plain["linnet"].erase("change");
    for (auto& message : listener.policy.on_alert(plain, alert, moment, told, progress.standing))
        ledger.put(listener.name, message);
    if (told == before) return false;
    ledger.save(listener.name, alert.id, told);
    return true;
}

void Teller::end(Ledger& ledger, const Listener& listener, Progress& progress, const Moment& moment) const {
    if (moment.seen == Timestamp{}) return;
    for (const auto id : ledger.quiet_before(listener.name, moment.seen - moment.quiet, ends_at_once)) {
        auto told = ledger.told(listener.name, id);
        for (auto& message : listener.policy.on_end(id, moment, told, progress.standing)) ledger.put(listener.name, message);
        ledger.save(listener.name, id, told);
    }
}

void Teller::tick(Timestamp now) {
    auto fresh = progress_;
    queue_.transact([&](Ledger& ledger) {
        for (std::size_t i = 0; i < listeners_.size(); ++i) {
            for (auto& message : listeners_[i].policy.on_time({.now = now, .series = {}}, fresh[i].standing))
                ledger.put(listeners_[i].name, message);
            if (fresh[i] != progress_[i]) ledger.save(listeners_[i].name, fresh[i]);
        }
    });
    progress_ = std::move(fresh);
}

/// That it was done is noted when nothing is left: a crash between makes it be done again.
void Teller::forget_others(const std::set<std::string>& devices) {
    queue_.transact([&](Ledger& ledger) { ledger.forget_others(devices); });
    queue_.with([](Ledger& ledger) { ledger.vacuum(); });
    queue_.transact([&](Ledger& ledger) {
        for (std::size_t i = 0; i < listeners_.size(); ++i) {
            auto& progress = progress_[i];
            progress.standing = ledger.progress(listeners_[i].name).standing;
            progress.forgets = forgets_;
            ledger.save(listeners_[i].name, progress);
        }
    });
    must_forget_ = false;
}

}  // namespace linnet
