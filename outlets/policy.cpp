#include "policy.hpp"

#include "wire/alert_standing.hpp"
#include "wire/json_fields.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace linnet {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::hours;
using std::chrono::minutes;

bool is_urgent(const Message& message) {
    return message.severity == Severity::act_now && message.kind == MessageKind::begun;
}

std::string times(std::uint64_t count) { return count == 1 ? "once" : fmt::format("{} times", count); }

std::string line_of(const Message& message) {
    const char* grade = message.kind == MessageKind::ended        ? ""
                        : message.severity == Severity::act_now   ? "Act now: "
                        : message.severity == Severity::important ? "Important: "
                                                                  : "";
    return grade + message.title;
}

void put(const Message& message, Timestamp now, Pile& pile) {
    if (pile.count++ == 0) {
        pile.since = now;
        pile.gravest = message.severity;
    }
    pile.gravest = std::min(pile.gravest, message.severity);
    if (pile.lines.size() >= Pile::max_lines) return;
    pile.lines.push_back(line_of(message));
    for (const auto& key : message.about)
        if (pile.about.size() < Pile::max_about && std::find(pile.about.begin(), pile.about.end(), key) == pile.about.end())
            pile.about.push_back(key);
}

Timestamp day_of(Timestamp local) { return floor<days>(local); }

std::string date_text(Timestamp local) { return to_string(local).substr(0, 10); }

bool is_over(const Alert& alert, const Moment& moment) {
    return moment.seen != Timestamp{} && alert.last_seen + moment.quiet < moment.seen;
}

bool is_muted(const Told& told, const Moment& moment) { return moment.now < told.muted_until; }

}  // namespace

Policy::Policy(std::string outlet, VoiceRules rules, UtcOffset offset)
    : outlet_{std::move(outlet)}, rules_{std::move(rules)}, offset_{std::move(offset)} {}

std::vector<Message> Policy::on_alert(const Json& eve, const Alert& alert, const Moment& moment, Told& told,
                                      Standing& standing) const {
    std::vector<Message> out;
    if (told.stage == Told::Stage::over) return out;
    told.severity = alert.severity;
    told.headline = headline(alert);
    told.device = plain_line(alert.device.name, 80);
    told.key = device_key(alert.device);
    told.count = alert.count;
    told.first_seen = alert.first_seen;
    told.last_seen = alert.last_seen;
    if (moment.is_first && is_over(alert, moment)) {
        told.stage = Told::Stage::over;
        return out;
    }
    const AlertStanding standing_at_home = standing_from_eve(eve);
    told.muted_until = standing_at_home.muted_until.value_or(Timestamp{});
    if (is_muted(told, moment) || standing_at_home.acknowledged) return out;
    if (told.stage != Told::Stage::silent || alert.severity > rules_.least) return out;
    const bool learns = moment.since != Timestamp{} && alert.first_seen < moment.since + learning;
    if (learns && alert.severity != Severity::act_now) return out;

    deliver(begun(eve, alert, moment), moment, standing, out);
    told.stage = out.empty() ? Told::Stage::piled : Told::Stage::begun;
    return out;
}

Message Policy::begun(const Json& eve, const Alert& alert, const Moment& moment) const {
    Message message;
    message.id = fmt::format("{}/{}-{}/begun", outlet_, moment.series, alert.id);
    message.kind = MessageKind::begun;
    message.title = headline(alert);
    message.text = sentences(alert);
    message.severity = alert.severity;
    message.device = plain_line(alert.device.name, 80);
    message.link = rules_.link;
    message.at = moment.now;
    message.alert = eve;
    remove_standing(message.alert);  // of that moment: it tells nothing later
    message.about = {device_key(alert.device)};
    return message;
}

std::vector<Message> Policy::on_end(std::uint64_t id, const Moment& moment, Told& told, Standing& standing) const {
    std::vector<Message> out;
    if (std::exchange(told.stage, Told::Stage::over) != Told::Stage::begun || is_muted(told, moment)) return out;
    Message message;
    message.id = fmt::format("{}/{}-{}/ended", outlet_, moment.series, id);
    message.kind = MessageKind::ended;
    message.title = "Over: " + told.headline;
    message.text = fmt::format(
        "It was seen {}, from {} to {}, and not since.\n\nIf you have not done so yet, do what was advised when "
        "it began: what stops by itself may come back.",
        times(told.count), local_text(told.first_seen), local_text(told.last_seen));
    message.severity = told.severity;
    message.device = told.device;
    message.link = rules_.link;
    message.at = moment.now;
    message.about = {told.key};
    deliver(std::move(message), moment, standing, out);
    return out;
}

void Policy::deliver(Message&& message, const Moment& moment, Standing& standing, std::vector<Message>& out) const {
    const bool urgent = is_urgent(message);
    auto& sent = urgent ? standing.sent_urgent : standing.sent;
    if (rules_.digest != Digest::none && !urgent) {
        put(message, moment.now, standing.digest);
    } else if (is_quiet(moment.now) && !(urgent && rules_.urgent_wakes)) {
        put(message, moment.now, standing.quiet);
    } else if (!may_send(sent, moment.now)) {
        put(message, moment.now, standing.surplus);
    } else {
        sent.push_back(moment.now);
        out.push_back(std::move(message));
    }
}

std::vector<Message> Policy::on_time(const Moment& moment, Standing& standing) const {
    std::vector<Message> out;
    const auto now = moment.now;
    if (auto& pile = standing.quiet; pile.count > 0 && !is_quiet(now))
        out.push_back(summary(fmt::format("{}/quiet/{}", outlet_, pile.since.time_since_epoch().count()),
                              pile.count == 1 ? "One message from the quiet hours"
                                              : fmt::format("{} messages from the quiet hours", pile.count),
                              pile, now));
    if (auto& pile = standing.digest; pile.count > 0 && (now >= digest_after(pile.since) || pile.since > now))
        out.push_back(summary(fmt::format("{}/digest/{}", outlet_, date_text(local(now))),
                              fmt::format("Linnet's {}: {} {}", rules_.digest == Digest::week ? "week" : "day", pile.count,
                                          pile.count == 1 ? "message" : "messages"),
                              pile, now));
    if (auto& pile = standing.surplus; pile.count > 0 && !is_quiet(now) && may_send(standing.sent, now)) {
        standing.sent.push_back(now);
        out.push_back(summary(fmt::format("{}/more/{}", outlet_, pile.since.time_since_epoch().count()),
                              fmt::format("And {} more", pile.count), pile, now));
    }
    return out;
}

/// Takes the pile away.
Message Policy::summary(const std::string& id, const std::string& title, Pile& pile, Timestamp now) const {
    Message message;
    message.id = id;
    message.kind = MessageKind::summary;
    message.title = title;
    message.severity = pile.gravest;
    message.link = rules_.link;
    message.at = now;
    message.about = std::move(pile.about);
    for (const auto& line : pile.lines) message.text += (message.text.empty() ? "" : "\n") + line;
    if (pile.count > pile.lines.size()) message.text += fmt::format("\nand {} more", pile.count - pile.lines.size());
    pile = {};
    return message;
}

bool Policy::is_quiet(Timestamp now) const {
    if (!rules_.quiet) return false;
    const auto [begin, end] = *rules_.quiet;
    const auto time = local(now) - day_of(local(now));
    return begin <= end ? time >= begin && time < end : time >= begin || time < end;
}

/// What was sent in the future was sent before the clock was set.
bool Policy::may_send(std::vector<Timestamp>& sent, Timestamp now) const {
    std::erase_if(sent, [now](Timestamp at) { return at <= now - hours{1} || at > now; });
    return sent.size() < rules_.per_hour;
}

/// The first time for a digest behind `since`.
Timestamp Policy::digest_after(Timestamp since) const {
    const auto wanted = [&](days day) {
        return rules_.digest == Digest::day || std::chrono::weekday{std::chrono::sys_days{day}} == std::chrono::Monday;
    };
    auto day = floor<days>(local(since).time_since_epoch());
    auto due = Timestamp{day} + rules_.digest_at;
    while (due <= local(since) || !wanted(day)) due = Timestamp{++day} + rules_.digest_at;
    return due - offset_(due - offset_(since));
}

/// "2026-03-01 18:20".
std::string Policy::local_text(Timestamp time) const {
    auto text = to_string(local(time)).substr(0, 16);
    std::replace(text.begin(), text.end(), 'T', ' ');
    return text;
}

}  // namespace linnet
