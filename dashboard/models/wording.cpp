#include "wording.hpp"

#include "plain_text.hpp"

#include <QLocale>
#include <QTimeZone>
#include <algorithm>

namespace linnet::wording {

QString severity(Severity severity) {
    switch (severity) {
        case Severity::act_now: return QStringLiteral("Act now");
        case Severity::important: return QStringLiteral("Important");
        case Severity::worth_knowing: return QStringLiteral("Worth knowing");
    }
    return QStringLiteral("Worth knowing");
}

QString confidence(Confidence confidence) {
    switch (confidence) {
        case Confidence::confirmed: return QStringLiteral("Confirmed");
        case Confidence::likely: return QStringLiteral("Likely");
        case Confidence::possible: return QStringLiteral("Possible");
    }
    return QStringLiteral("Possible");
}

QString moment(Timestamp time, const QDateTime& now) {
    if (time == Timestamp{}) return QStringLiteral("–");
    const auto since_epoch = std::chrono::floor<std::chrono::milliseconds>(time.time_since_epoch());
    const auto at = QDateTime::fromMSecsSinceEpoch(since_epoch.count(), now.timeZone());
    const QString clock = at.toString(QStringLiteral("HH:mm"));
    const qint64 days = at.date().daysTo(now.date());
    if (days == 0) return QStringLiteral("Today ") + clock;
    if (days == 1) return QStringLiteral("Yesterday ") + clock;
    const bool this_year = at.date().year() == now.date().year();
    const QLocale english{QLocale::English};
    return english.toString(at.date(), this_year ? QStringLiteral("d MMMM ") : QStringLiteral("d MMMM yyyy ")) + clock;
}

QString amount(std::uint64_t bytes) {
    return QLocale{QLocale::English}.formattedDataSize(static_cast<qint64>(bytes), 1, QLocale::DataSizeSIFormat);
}

QString number(std::uint64_t value) { return QLocale{QLocale::English}.toString(static_cast<qulonglong>(value)); }

QString counted(std::uint64_t value, const QString& one, const QString& many) {
    return number(value) + u' ' + (value == 1 ? one : many);
}

QString listed(const std::vector<QString>& names, std::size_t most) {
    const std::size_t shown = names.size() <= most ? names.size() : most - 1;
    QString text;
    for (std::size_t i = 0; i < shown; ++i) {
        if (i > 0) text += i + 1 == names.size() ? QStringLiteral(" and ") : QStringLiteral(", ");
        text += names[i];
    }
    if (shown < names.size()) text += QStringLiteral(" and %1 more").arg(names.size() - shown);
    return text;
}

QString device_name(const Device& device) {
    const bool blank = std::all_of(device.name.begin(), device.name.end(), [](char c) { return c == ' '; });
    return plain::line(blank ? device.key : device.name);
}

QString device_name(const DeviceRef& device) {
    const bool blank = std::all_of(device.name.begin(), device.name.end(), [](char c) { return c == ' '; });
    return plain::line(blank ? device_key(device) : device.name);
}

std::string device_key(const DeviceRef& device) { return device.mac.known() ? to_string(device.mac) : to_string(device.ip); }

QString peer(const Alert& alert, const std::vector<IpAddress>& device_ips) {
    const auto is_device = [&](const IpAddress& ip) {
        return ip == alert.device.ip || std::find(device_ips.begin(), device_ips.end(), ip) != device_ips.end();
    };
    const bool came_to_device = alert.src.known() && is_device(alert.dest) && !is_device(alert.src);
    const IpAddress& ip = came_to_device ? alert.src : alert.dest;
    QString text = ip.known() ? QString::fromStdString(to_string(ip)) : QStringLiteral("many");
    if (alert.dest_port.number != 0)
        text +=
            (came_to_device ? QStringLiteral(", to port %1 here") : QStringLiteral(", port %1")).arg(alert.dest_port.number);
    if (!alert.proto.empty()) text += QStringLiteral(" (%1)").arg(plain::line(alert.proto, 20));
    return text;
}

QString label(const std::string& key) {
    QString text = plain::line(key, 60).replace(u'_', u' ');
    if (!text.isEmpty()) text[0] = text[0].toUpper();
    return text;
}

QString value(const Json& value) {
    if (value.is_string()) return plain::line(value.get_ref<const std::string&>());
    if (value.is_number_unsigned()) return QString::number(value.get<std::uint64_t>());  // it may be a port: no commas
    if (value.is_boolean()) return value.get<bool>() ? QStringLiteral("yes") : QStringLiteral("no");
    if (!value.is_array()) return plain::line(value.dump(-1, ' ', false, Json::error_handler_t::replace));
    QString text;
    for (const Json& item : value) {
        if (!text.isEmpty()) text += QStringLiteral(", ");
        text += linnet::wording::value(item);
        if (text.size() > plain::longest_line) break;
    }
    return plain::line(text);
}

}  // namespace linnet::wording
