// What the line at the foot of the window says: is the analyzer heard, do the sensors hear, how old is this.
#pragma once

#include "home.hpp"

namespace linnet {

struct StatusLine {
    QString analyzer;  ///< "Connected to linnet-analyzer 0.1.0"
    QString sensors;   ///< "1 sensor · 1,204,553 packets, none dropped"
    QString details;   ///< one line per sensor
    QString updated;   ///< "Last update 18:20:11"
};

StatusLine status_line(const Home& home, const QDateTime& now);

}  // namespace linnet
