#include "device_model.hpp"

#include "plain_text.hpp"
#include "roles.hpp"
#include "wording.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace linnet {
namespace {

bool is_number(int column) { return column == DeviceModel::traffic; }

QVariant alignment(int column) {
    return QVariant::fromValue(Qt::Alignment{Qt::AlignVCenter | (is_number(column) ? Qt::AlignRight : Qt::AlignLeft)});
}

/// The address to show where there is room for one: IPv4, for people read it more easily; the newest of them.
QString main_address(const Device& device) {
    const auto v4 = std::find_if(device.ips.rbegin(), device.ips.rend(), [](const IpAddress& ip) { return ip.is_v4(); });
    if (v4 != device.ips.rend()) return QString::fromStdString(to_string(*v4));
    return device.ips.empty() ? plain::line(device.key) : QString::fromStdString(to_string(device.ips.back()));
}

QString search_text(const Device& device) {
    QString text;
    for (const std::string& part :
         {device.name, device.key, device.hostname, device.maker, device.kind, device.model, device.os})
        text += plain::line(part) + u'\n';
    for (const IpAddress& ip : device.ips) text += QString::fromStdString(to_string(ip)) + u'\n';
    return text.toCaseFolded();
}

/// The most urgent first, then those with most alerts, then by name; quiet devices last.
QString concern(const Device& device, const AlertTally* tally) {
    const int rank = tally == nullptr ? 9 : static_cast<int>(tally->worst);
    const auto fewer = std::numeric_limits<std::uint64_t>::max() - (tally == nullptr ? 0 : tally->alerts);
    return QStringLiteral("%1 %2 %3")
        .arg(rank)
        .arg(fewer, 20, 10, QChar{u'0'})
        .arg(wording::device_name(device).toCaseFolded());
}

}  // namespace

AlertTallies tally(const std::vector<Alert>& alerts) {
    AlertTallies tallies;
    for (auto alert = alerts.rbegin(); alert != alerts.rend(); ++alert) {
        AlertTally& of = tallies[wording::device_key(alert->device)];
        if (of.alerts++ == 0) of.name = wording::device_name(alert->device);
        of.worst = std::min(of.worst, alert->severity);
    }
    return tallies;
}

void DeviceModel::set_tallies(AlertTallies tallies) {
    if (tallies == tallies_) return;
    tallies_ = std::move(tallies);
    say_column_changed(alerts);
}

const AlertTally* DeviceModel::tally_of(const std::string& key) const {
    const auto found = tallies_.find(key);
    return found == tallies_.end() ? nullptr : &found->second;
}

QString DeviceModel::text_of(const Device& device, int column) const {
    switch (column) {
        case name: return wording::device_name(device);
        case maker: return device.maker.empty() ? QStringLiteral("–") : plain::line(device.maker);
        case address: return main_address(device);
        case alerts: {
            const AlertTally* tally = tally_of(device.key);
            return tally ? wording::counted(tally->alerts, QStringLiteral("alert"), QStringLiteral("alerts"))
                         : QStringLiteral("None");
        }
        case traffic: return wording::amount(device.bytes_sent + device.bytes_received);
        case last_seen: return wording::moment(device.last_seen, QDateTime::currentDateTime());
        default: return {};
    }
}

QVariant DeviceModel::sort_value(const Device& device, int column) const {
    switch (column) {
        case alerts: return concern(device, tally_of(device.key));
        case address: {
            const bool any_v4 =
                std::any_of(device.ips.begin(), device.ips.end(), [](const IpAddress& ip) { return ip.is_v4(); });
            const auto ip = IpAddress::parse(main_address(device).toStdString());
            if (!ip) return QStringLiteral("z");
            QByteArray bytes{static_cast<qsizetype>(ip->bytes.size()), '\0'};
            std::copy(ip->bytes.begin(), ip->bytes.end(), bytes.begin());
            return QString{(any_v4 ? u'4' : u'6') + QString::fromLatin1(bytes.toHex())};
        }
        case traffic: return static_cast<qulonglong>(device.bytes_sent + device.bytes_received);
        case last_seen: return static_cast<qlonglong>(device.last_seen.time_since_epoch().count());
        default: return text_of(device, column).toCaseFolded();
    }
}

QVariant DeviceModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) return {};
    const Device& device = row(index.row());
    switch (role) {
        case Qt::DisplayRole: return text_of(device, index.column());
        case Qt::ToolTipRole: return plain::tooltip(text_of(device, index.column()));
        case Qt::TextAlignmentRole: return alignment(index.column());
        case role::sort: return sort_value(device, index.column());
        case role::search: return search_text(device);
        case role::device: return QString::fromStdString(device.key);
        case role::severity: {
            const AlertTally* tally = tally_of(device.key);
            return tally ? static_cast<int>(tally->worst) : 0;
        }
        default: return {};
    }
}

QVariant DeviceModel::headerData(int section, Qt::Orientation orientation, int role) const {
    static const std::array<QString, columns> names{QStringLiteral("Name"),    QStringLiteral("Maker"),
                                                    QStringLiteral("Address"), QStringLiteral("Alerts"),
                                                    QStringLiteral("Traffic"), QStringLiteral("Last seen")};
    if (orientation != Qt::Horizontal || section < 0 || section >= columns) return {};
    if (role == Qt::TextAlignmentRole) return alignment(section);
    return role == Qt::DisplayRole ? QVariant{names[static_cast<std::size_t>(section)]} : QVariant{};
}

}  // namespace linnet
