#include "device_pane.hpp"

#include "dashboard/look/icon.hpp"
#include "dashboard/look/theme.hpp"
#include "dashboard/models/plain_text.hpp"
#include "dashboard/models/wording.hpp"

#include <algorithm>

namespace linnet {
namespace {

constexpr std::size_t most_reasons = 12;
constexpr std::size_t most_addresses = 6;

QString subtitle(const Device& device) {
    QString text;
    for (const std::string& part : {device.maker, device.kind, device.model}) {
        if (part.empty()) continue;
        if (!text.isEmpty()) text += QStringLiteral(" · ");
        text += plain::line(part);
    }
    return text.isEmpty() ? QStringLiteral("Nothing is known about its maker or kind.") : text;
}

Facts facts_of(const Device& device) {
    const QDateTime now = QDateTime::currentDateTime();
    Facts facts;
    const auto known = [&facts](const QString& name, const std::string& value) {
        if (!value.empty()) facts.emplace_back(name, plain::line(value));
    };
    std::vector<QString> addresses;
    addresses.reserve(device.ips.size());
    for (const IpAddress& ip : device.ips) addresses.push_back(QString::fromStdString(to_string(ip)));
    for (std::size_t i = 0; i < std::min(addresses.size(), most_addresses); ++i)
        facts.emplace_back(i == 0 ? QStringLiteral("Addresses") : QString{}, addresses[i]);
    if (addresses.size() > most_addresses)
        facts.emplace_back(QString{}, QStringLiteral("and %1 more").arg(addresses.size() - most_addresses));
    if (device.mac.known())
        facts.emplace_back(QStringLiteral("Hardware"),
                           QString::fromStdString(to_string(device.mac)) +
                               (device.randomized_mac ? QStringLiteral(" (random)") : QString{}));
    known(QStringLiteral("Host name"), device.hostname);
    known(QStringLiteral("System"), device.os);
    known(QStringLiteral("Described at"), device.mud_url);
    facts.emplace_back(QStringLiteral("First seen"), wording::moment(device.first_seen, now));
    facts.emplace_back(QStringLiteral("Last seen"), wording::moment(device.last_seen, now));
    facts.emplace_back(QStringLiteral("Sent"), wording::amount(device.bytes_sent));
    facts.emplace_back(QStringLiteral("Received"), wording::amount(device.bytes_received));
    return facts;
}

QString reasons_of(const Device& device) {
    QString text;
    for (std::size_t i = 0; i < std::min(device.reasons.size(), most_reasons); ++i) {
        if (i > 0) text += u'\n';
        text += plain::line(device.reasons[i]);
    }
    return text;
}

}  // namespace

DevicePane::DevicePane(QWidget* parent) : DetailPane{parent} {
    title_ = add_title();
    subtitle_ = add_subtitle();
    add_heading(QStringLiteral("Alerts"));
    alerts_ = new QListWidget{widget()};
    alerts_->setAccessibleName(QStringLiteral("Alerts of this device"));
    alerts_->setIconSize({18, 18});
    alerts_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    alerts_->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    alerts_->setTextElideMode(Qt::ElideRight);
    column()->addWidget(alerts_);
    quiet_ = new PlainLabel{QStringLiteral("None. Nothing to do here."), widget()};
    column()->addWidget(quiet_);
    all_alerts_ = new QPushButton{icon::tinted(QStringLiteral("alerts"), theme::colours().muted), {}, widget()};
    column()->addWidget(all_alerts_, 0, Qt::AlignLeft);
    add_heading(QStringLiteral("About"));
    facts_ = add_facts(QStringLiteral("About this device"));
    reasons_heading_ = add_heading(QStringLiteral("How Linnet knows"));
    reasons_ = new PlainLabel{widget()};
    column()->addWidget(reasons_);
    column()->addStretch();
    const auto want = [this] { emit alerts_wanted(shown_); };
    connect(all_alerts_, &QPushButton::clicked, this, want);
    connect(alerts_, &QListWidget::itemActivated, this, want);
}

void DevicePane::show_device(const Device& device, const std::vector<const Alert*>& alerts) {
    title_->say(wording::device_name(device));
    subtitle_->say(subtitle(device));
    list(alerts);
    facts_->set_facts(facts_of(device));
    const QString reasons = reasons_of(device);
    reasons_->say(reasons);
    reasons_->setVisible(!reasons.isEmpty());
    reasons_heading_->setVisible(!reasons.isEmpty());
    const QString key = QString::fromStdString(device.key);
    if (key != shown_) scroll_to_top();
    shown_ = key;
}

void DevicePane::list(const std::vector<const Alert*>& alerts) {
    const std::size_t shown = std::min(alerts.size(), most_alerts_listed);
    while (alerts_->count() > static_cast<int>(shown)) delete alerts_->takeItem(alerts_->count() - 1);
    while (alerts_->count() < static_cast<int>(shown)) alerts_->addItem(QString{});
    int height = 2 * alerts_->frameWidth() + 4;
    for (std::size_t i = 0; i < shown; ++i) {
        const Alert& alert = *alerts[i];
        QListWidgetItem* item = alerts_->item(static_cast<int>(i));
        const QString text = QStringLiteral("%1: %2").arg(wording::severity(alert.severity), plain::line(alert.signature));
        if (item->text() != text) {
            item->setText(text);
            item->setToolTip(plain::tooltip(text));
            item->setIcon(icon::tinted(icon::name_of(alert.severity), theme::of(alert.severity)));
        }
        height += alerts_->sizeHintForRow(static_cast<int>(i));
    }
    alerts_->setFixedHeight(height);
    alerts_->setVisible(shown > 0);
    quiet_->setVisible(shown == 0);
    all_alerts_->setVisible(shown > 0);
    all_alerts_->setText(alerts.size() == 1 ? QStringLiteral(" Show its alert")
                                            : QStringLiteral(" Show its %1 alerts").arg(alerts.size()));
}

}  // namespace linnet
