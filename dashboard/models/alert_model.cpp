#include "alert_model.hpp"

#include "plain_text.hpp"
#include "roles.hpp"
#include "wording.hpp"

#include <array>

namespace linnet {
namespace {

QString text_of(const Alert& alert, int column) {
    switch (column) {
        case AlertModel::severity: return wording::severity(alert.severity);
        case AlertModel::title: return plain::line(alert.signature);
        case AlertModel::device: return wording::device_name(alert.device);
        case AlertModel::count: return wording::number(alert.count);
        case AlertModel::last_seen: return wording::moment(alert.last_seen, QDateTime::currentDateTime());
        default: return {};
    }
}

/// By urgency, the newest first among equals: ids rise with time, and unlike last_seen they stand still.
qlonglong urgency(const Alert& alert) {
    constexpr qlonglong ids = 1LL << 56;
    return static_cast<qlonglong>(alert.severity) * ids - static_cast<qlonglong>(alert.id % ids);
}

QVariant sort_value(const Alert& alert, int column) {
    switch (column) {
        case AlertModel::severity: return urgency(alert);
        case AlertModel::count: return static_cast<qulonglong>(alert.count);
        case AlertModel::last_seen: return static_cast<qlonglong>(alert.last_seen.time_since_epoch().count());
        default: return text_of(alert, column).toCaseFolded();
    }
}

QString search_text(const Alert& alert) {
    QString text;
    for (const std::string& part :
         {alert.signature, alert.device.name, wording::device_key(alert.device), alert.detector, alert.category,
          alert.username, alert.app_proto, to_string(alert.src), to_string(alert.dest)})
        text += plain::line(part) + u'\n';
    if (alert.service) text += plain::line(to_string(*alert.service)) + u'\n';
    return (text + wording::severity(alert.severity)).toCaseFolded();
}

}  // namespace

QVariant AlertModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) return {};
    const Alert& alert = row(index.row());
    switch (role) {
        case Qt::DisplayRole: return text_of(alert, index.column());
        case Qt::ToolTipRole: return plain::tooltip(text_of(alert, index.column()));
        case Qt::TextAlignmentRole:
            return QVariant::fromValue(
                Qt::Alignment{Qt::AlignVCenter | (index.column() == count ? Qt::AlignRight : Qt::AlignLeft)});
        case role::sort: return sort_value(alert, index.column());
        case role::search: return search_text(alert);
        case role::severity: return static_cast<int>(alert.severity);
        case role::device: return QString::fromStdString(wording::device_key(alert.device));
        default: return {};
    }
}

QVariant AlertModel::headerData(int section, Qt::Orientation orientation, int role) const {
    static const std::array<QString, columns> names{QStringLiteral("Urgency"), QStringLiteral("What"),
                                                    QStringLiteral("Device"), QStringLiteral("Times"),
                                                    QStringLiteral("Last seen")};
    if (orientation != Qt::Horizontal || section < 0 || section >= columns) return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(Qt::Alignment{Qt::AlignVCenter | (section == count ? Qt::AlignRight : Qt::AlignLeft)});
    return role == Qt::DisplayRole ? QVariant{names[static_cast<std::size_t>(section)]} : QVariant{};
}

}  // namespace linnet
