#include "alert_pane.hpp"

#include "dashboard/look/icon.hpp"
#include "dashboard/look/theme.hpp"
#include "dashboard/models/plain_text.hpp"
#include "dashboard/models/wording.hpp"

#include <QHBoxLayout>

namespace linnet {
namespace {

constexpr std::size_t most_evidence = 100;

QString login(const Alert& alert) {
    const QString user = alert.username.empty() ? QStringLiteral("no user name") : plain::line(alert.username);
    return QStringLiteral("%1 as %2, %3")
        .arg(plain::line(to_string(*alert.service)), user, plain::line(to_string(alert.outcome)));
}

QString guidelines(const std::vector<int>& numbers) {
    std::vector<QString> texts;
    texts.reserve(numbers.size());
    for (const int number : numbers) texts.push_back(QString::number(number));
    return QStringLiteral("%1 of ETSI EN 303 645").arg(wording::listed(texts, 13));
}

Facts facts_of(const Alert& alert, const std::vector<IpAddress>& device_ips) {
    const QDateTime now = QDateTime::currentDateTime();
    Facts facts{{QStringLiteral("Device"), wording::device_name(alert.device)},
                {QStringLiteral("With"), wording::peer(alert, device_ips)},
                {QStringLiteral("Seen"), wording::counted(alert.count, QStringLiteral("time"), QStringLiteral("times"))},
                {QStringLiteral("First"), wording::moment(alert.first_seen, now)},
                {QStringLiteral("Last"), wording::moment(alert.last_seen, now)}};
    if (alert.service) facts.emplace_back(QStringLiteral("Login"), login(alert));
    if (!alert.guidelines.empty()) facts.emplace_back(QStringLiteral("Guidelines"), guidelines(alert.guidelines));
    return facts;
}

Facts evidence_of(const Alert& alert) {
    Facts facts;
    if (!alert.evidence.is_object()) return facts;
    for (const auto& [key, value] : alert.evidence.items()) {
        if (facts.size() == most_evidence) break;
        facts.emplace_back(wording::label(key), wording::value(value));
    }
    return facts;
}

}  // namespace

AlertPane::AlertPane(QWidget* parent) : DetailPane{parent} {
    auto* top = new QHBoxLayout;
    badge_ = new Badge{widget()};
    confidence_ = new PlainLabel{widget()};
    confidence_->setObjectName(QStringLiteral("muted"));
    confidence_->setWordWrap(false);
    top->addWidget(badge_);
    top->addSpacing(theme::small_gap);
    top->addWidget(confidence_);
    top->addStretch();
    column()->addLayout(top);
    column()->addSpacing(theme::small_gap);
    title_ = add_title();
    happened_ = add_section(QStringLiteral("What happened"));
    meaning_ = add_section(QStringLiteral("What it means"));
    advice_ = add_call(QStringLiteral("What to do now"));
    add_heading(QStringLiteral("Who and when"));
    facts_ = add_facts(QStringLiteral("Who and when"));

    evidence_header_ = new QWidget{widget()};
    auto* header = new QHBoxLayout{evidence_header_};
    header->setContentsMargins(0, theme::gap, 0, 0);
    auto* heading = new PlainLabel{QStringLiteral("Evidence"), evidence_header_};
    heading->setFont(theme::font(0.95, QFont::DemiBold));
    heading->setObjectName(QStringLiteral("muted"));
    auto* copy = new QPushButton{icon::tinted(QStringLiteral("copy"), theme::colours().muted), QStringLiteral(" Copy"),
                                 evidence_header_};
    copy->setAccessibleName(QStringLiteral("Copy the evidence"));
    header->addWidget(heading, 1);
    header->addWidget(copy);
    column()->addWidget(evidence_header_);
    evidence_ = add_facts(QStringLiteral("Evidence"));
    connect(copy, &QPushButton::clicked, evidence_, &FactTable::copy);

    column()->addSpacing(theme::gap);
    device_ = new QPushButton{icon::tinted(QStringLiteral("devices"), theme::colours().muted),
                              QStringLiteral(" Show this device"), widget()};
    connect(device_, &QPushButton::clicked, this, [this] { emit device_wanted(device_key_); });
    column()->addWidget(device_, 0, Qt::AlignLeft);
    column()->addStretch();
}

void AlertPane::show_alert(const Alert& alert, const std::vector<IpAddress>& device_ips) {
    badge_->set_severity(alert.severity);
    confidence_->say(wording::confidence(alert.confidence));
    title_->say(plain::line(alert.signature));
    happened_->say(plain::paragraph(alert.happened));
    meaning_->say(plain::paragraph(alert.meaning));
    advice_->say(plain::paragraph(alert.advice));
    facts_->set_facts(facts_of(alert, device_ips));
    const Facts evidence = evidence_of(alert);
    evidence_->set_facts(evidence);
    evidence_->setVisible(!evidence.empty());
    evidence_header_->setVisible(!evidence.empty());
    device_key_ = QString::fromStdString(wording::device_key(alert.device));
    if (alert.id != shown_) scroll_to_top();
    shown_ = alert.id;
}

}  // namespace linnet
