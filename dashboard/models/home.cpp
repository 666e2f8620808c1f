#include "home.hpp"

#include "wording.hpp"

#include <algorithm>

namespace linnet {

Home::Home(QObject* parent) : QObject{parent} {}

void Home::apply(FeedUpdate update, Timestamp at) {
    const bool alerts_change = update.kind == UpdateKind::snapshot || !update.alerts.empty();
    if (update.kind == UpdateKind::snapshot) {
        devices_.replace(std::move(update.devices));
        alerts_.replace(std::move(update.alerts));
        unreadable_ = 0;
    } else {
        for (const auto& key : update.gone) devices_.erase(key);
        devices_.upsert(std::move(update.devices));
        alerts_.upsert(std::move(update.alerts));
    }
    if (alerts_change) devices_.set_tallies(tally(alerts_.rows()));
    if (update.status) status_ = std::move(*update.status);
    unreadable_ += update.unreadable;
    last_update_ = at;
    emit changed();
}

void Home::set_connection(Connection connection, const QString& trouble) {
    if (connection == connection_ && trouble == trouble_) return;
    connection_ = connection;
    trouble_ = trouble;
    emit changed();
}

Verdict Home::verdict() const {
    VerdictFacts facts{.connection = connection_,
                       .act_now = {},
                       .important = {},
                       .devices = devices_.rows().size(),
                       .sensors = status_.sensors,
                       .last_update = wording::moment(last_update_, QDateTime::currentDateTime())};
    for (const auto& [key, tally] : devices_.tallies()) {
        const int row = devices_.row_of(key);
        const QString name = row < 0 ? tally.name : wording::device_name(devices_.row(row));
        if (tally.worst == Severity::act_now) facts.act_now.push_back(name);
        if (tally.worst == Severity::important) facts.important.push_back(name);
    }
    facts.worth_knowing = static_cast<std::size_t>(std::count_if(
        alerts_.rows().begin(), alerts_.rows().end(), [](const Alert& a) { return a.severity == Severity::worth_knowing; }));
    return verdict_of(facts);
}

}  // namespace linnet
