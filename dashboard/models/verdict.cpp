#include "verdict.hpp"

#include "plain_text.hpp"
#include "wording.hpp"

#include <algorithm>

namespace linnet {
namespace {

constexpr std::size_t most_names = 3;

QString devices(std::size_t count) { return wording::counted(count, QStringLiteral("device"), QStringLiteral("devices")); }

QString names(const std::vector<QString>& of) {
    constexpr qsizetype longest_name = 40;
    std::vector<QString> shortened;
    shortened.reserve(of.size());
    for (const QString& name : of) shortened.push_back(plain::line(name, longest_name));
    return wording::listed(shortened, most_names);
}

/// A live sensor is heard; a capture that was read to its end has been.
bool hears(const SensorStatus& sensor) { return sensor.connected || sensor.finished; }

bool drops_notably(const SensorStatus& sensor) {
    const double offered = static_cast<double>(sensor.packets) + static_cast<double>(sensor.dropped);
    return sensor.dropped > 0 && static_cast<double>(sensor.dropped) >= notable_drops * offered;
}

QString reach_of(const VerdictFacts& facts) {
    const auto hearing = static_cast<std::size_t>(std::count_if(facts.sensors.begin(), facts.sensors.end(), hears));
    if (facts.sensors.empty())
        return QStringLiteral("No sensor has reported to the analyzer yet. Start linnet-sensor where it sees your network.");
    if (hearing == 0) return QStringLiteral("No sensor is connected, so nothing new can be seen. Is linnet-sensor running?");
    QString text =
        QStringLiteral("Watching %1 through %2.")
            .arg(devices(facts.devices), wording::counted(hearing, QStringLiteral("sensor"), QStringLiteral("sensors")));
    const std::size_t deaf = facts.sensors.size() - hearing;
    if (deaf > 0)
        text += QStringLiteral(" %1 not connected.")
                    .arg(wording::counted(deaf, QStringLiteral("sensor is"), QStringLiteral("sensors are")));
    if (std::any_of(facts.sensors.begin(), facts.sensors.end(), drops_notably))
        text += QStringLiteral(" A sensor is too slow and misses packets, so something may go unseen.");
    return text;
}

Verdict of_the_house(const VerdictFacts& facts) {
    const QString reach = reach_of(facts);
    if (!facts.act_now.empty()) {
        const QString verb = facts.act_now.size() == 1 ? QStringLiteral("needs") : QStringLiteral("need");
        return {Mood::act_now,
                QStringLiteral("%1 %2 you now: %3.").arg(devices(facts.act_now.size()), verb, names(facts.act_now)), reach};
    }
    if (!facts.important.empty()) {
        const QString verb = facts.important.size() == 1 ? QStringLiteral("deserves") : QStringLiteral("deserve");
        return {Mood::important,
                QStringLiteral("Nothing urgent. %1 %2 a look: %3.")
                    .arg(devices(facts.important.size()), verb, names(facts.important)),
                reach};
    }
    if (std::none_of(facts.sensors.begin(), facts.sensors.end(), hears))
        return {Mood::unknown, QStringLiteral("Linnet cannot hear your network."), reach};
    if (facts.devices == 0) return {Mood::unknown, QStringLiteral("Listening. No device has spoken yet."), reach};
    const QString worth = facts.worth_knowing == 0
                              ? QStringLiteral("nothing to do")
                              : wording::counted(facts.worth_knowing, QStringLiteral("thing"), QStringLiteral("things")) +
                                    QStringLiteral(" worth knowing");
    return {Mood::quiet, QStringLiteral("All quiet: %1, %2.").arg(devices(facts.devices), worth), reach};
}

}  // namespace

Verdict verdict_of(const VerdictFacts& facts) {
    switch (facts.connection) {
        case Connection::connecting:
            return {Mood::unknown, QStringLiteral("Connecting to the analyzer…"), QStringLiteral("This takes a moment.")};
        case Connection::unreachable:
            return {Mood::unknown, QStringLiteral("The analyzer does not answer."),
                    QStringLiteral("Nobody can say how your home is doing until it does.")};
        case Connection::lost:
            return {Mood::unknown, QStringLiteral("The connection to the analyzer was lost."),
                    QStringLiteral("You see your home as it was: %1. Trying again…").arg(facts.last_update)};
        case Connection::connected: break;
    }
    return of_the_house(facts);
}

}  // namespace linnet
