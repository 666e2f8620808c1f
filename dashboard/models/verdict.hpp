// The verdict: one calm sentence that answers "is my house all right?", and a second one that says how far it can be
// trusted. Logic without widgets.
//
// It never says "all quiet" where Linnet cannot hear: without a sensor, or without an analyzer, the answer is that nobody
// knows.
#pragma once

#include "feed_update.hpp"

#include <QString>
#include <vector>

namespace linnet {

enum class Connection : std::uint8_t {
    connecting,   ///< no answer yet
    unreachable,  ///< tried in vain, and never had an answer
    connected,
    lost,  ///< there was a connection; the dashboard shows what it knew then
};

struct VerdictFacts {
    Connection connection = Connection::connecting;
    std::vector<QString> act_now;    ///< names of the devices whose most urgent alert has severity 1
    std::vector<QString> important;  ///< … severity 2
    std::size_t worth_knowing = 0;   ///< number of alerts of severity 3
    std::size_t devices = 0;
    std::vector<SensorStatus> sensors;
    QString last_update;  ///< "Today 18:20"; for Connection::lost
};

/// In order of how much a person should mind.
enum class Mood : std::uint8_t { unknown, quiet, important, act_now };

struct Verdict {
    Mood mood = Mood::unknown;
    QString sentence;  ///< "1 device needs you now: Hall camera."
    QString reach;     ///< "Watching 12 devices through 1 sensor."
    bool operator==(const Verdict&) const = default;
};

Verdict verdict_of(const VerdictFacts& facts);

/// A sensor that drops at least this share of its packets is mentioned.
inline constexpr double notable_drops = 0.01;

}  // namespace linnet
