#include "status_line.hpp"

#include "wording.hpp"

#include <QTimeZone>

namespace linnet {
namespace {

QString analyzer(const Home& home) {
    switch (home.connection()) {
        case Connection::connecting: return QStringLiteral("Connecting to the analyzer…");
        case Connection::unreachable: return QStringLiteral("No analyzer");
        case Connection::lost: return QStringLiteral("Connection lost");
        case Connection::connected: break;
    }
    return QStringLiteral("Connected to linnet-analyzer %1").arg(home.status().version).trimmed();
}

/// "none dropped", "12 dropped", "12 dropped, 3 events lost"
QString losses(std::uint64_t dropped, std::uint64_t lost) {
    QString text = dropped == 0 ? QStringLiteral("none dropped") : wording::number(dropped) + QStringLiteral(" dropped");
    if (lost > 0)
        text += QStringLiteral(", %1 lost").arg(wording::counted(lost, QStringLiteral("event"), QStringLiteral("events")));
    return text;
}

QString packets(std::uint64_t count) { return wording::counted(count, QStringLiteral("packet"), QStringLiteral("packets")); }

QString state(const SensorStatus& sensor) {
    if (sensor.finished) return QStringLiteral("read to its end");
    return sensor.connected ? QStringLiteral("connected") : QStringLiteral("not connected");
}

/// To the second, so that people see that it lives.
QString heard(Timestamp at, const QDateTime& now) {
    const auto since_epoch = std::chrono::floor<std::chrono::milliseconds>(at.time_since_epoch());
    const auto time = QDateTime::fromMSecsSinceEpoch(since_epoch.count(), now.timeZone());
    return time.date() == now.date() ? time.toString(QStringLiteral("HH:mm:ss")) : wording::moment(at, now);
}

}  // namespace

StatusLine status_line(const Home& home, const QDateTime& now) {
    StatusLine line{.analyzer = analyzer(home), .sensors = {}, .details = {}, .updated = {}};
    if (home.last_update() == Timestamp{}) return line;
    const auto& sensors = home.status().sensors;
    std::uint64_t all = 0, dropped = 0, lost = 0;
    for (const SensorStatus& sensor : sensors) {
        all += sensor.packets;
        dropped += sensor.dropped;
        lost += sensor.lost;
        if (!line.details.isEmpty()) line.details += u'\n';
        line.details +=
            QStringLiteral("%1 (%2), %3: %4, %5")
                .arg(sensor.id, sensor.source, state(sensor), packets(sensor.packets), losses(sensor.dropped, sensor.lost));
    }
    line.sensors = sensors.empty()
                       ? QStringLiteral("No sensor")
                       : QStringLiteral("%1 · %2, %3")
                             .arg(wording::counted(sensors.size(), QStringLiteral("sensor"), QStringLiteral("sensors")),
                                  packets(all), losses(dropped, lost));
    line.updated = QStringLiteral("Last update %1").arg(heard(home.last_update(), now));
    if (home.unreadable() > 0)
        line.updated += QStringLiteral(" · %1 not understood")
                            .arg(wording::counted(home.unreadable(), QStringLiteral("record"), QStringLiteral("records")));
    return line;
}

}  // namespace linnet
