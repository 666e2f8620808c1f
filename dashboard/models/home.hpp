// Everything the dashboard knows about the home: fed by Feed, shown by the pages. Logic without widgets.
//
// The way of an update: apply -> device and alert tables -> tallies of alerts by device -> verdict -> changed().
// Nothing here waits for anything, and what arrived stays when the connection goes.
#pragma once

#include "alert_model.hpp"
#include "device_model.hpp"
#include "feed_update.hpp"
#include "verdict.hpp"

#include <QObject>

namespace linnet {

class Home : public QObject {
    Q_OBJECT

 public:
    explicit Home(QObject* parent = nullptr);

    /// `at` is when the update arrived.
    void apply(FeedUpdate update, Timestamp at);
    /// `trouble` is a sentence about why there is no connection.
    void set_connection(Connection connection, const QString& trouble = {});

    AlertModel& alerts() { return alerts_; }
    DeviceModel& devices() { return devices_; }
    Connection connection() const { return connection_; }
    const QString& trouble() const { return trouble_; }
    const AnalyzerStatus& status() const { return status_; }
    Timestamp last_update() const { return last_update_; }
    std::size_t unreadable() const { return unreadable_; }  ///< records left out since the last snapshot
    Verdict verdict() const;

 signals:
    void changed();

 private:
    AlertModel alerts_;
    DeviceModel devices_;
    AnalyzerStatus status_;
    Connection connection_ = Connection::connecting;
    QString trouble_;
    Timestamp last_update_{};
    std::size_t unreadable_ = 0;
};

}  // namespace linnet
