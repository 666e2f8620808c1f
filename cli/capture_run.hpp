// Both ends for one capture: a real sensor and a real analyzer, joined by the real link, with a throw-away database.
//
// The way of a run: a private folder is made, the analyzer starts and listens in it, the sensor reads the capture and ends
// when the analyzer has committed everything; then the analyzer is asked for its results and ended, and the folder goes.
// The two are processes of their own and end with this one, however it ends.
#pragma once

#include "interruption.hpp"

#include "wire/alert.hpp"

#include <optional>
#include <string>
#include <vector>

namespace linnet {

struct CaptureOptions {
    std::string capture;            ///< path, or "-" for standard input
    std::vector<std::string> home;  ///< prefixes
    bool flows = false;             ///< fetch them too
    bool report = false;            ///< fetch the report card too
    bool named_records = false;     ///< every record says "pcap_filename"
};

/// EVE objects. What could be read of a damaged capture is here, and `problem` says what is wrong with it.
struct CaptureResult {
    std::vector<Json> alerts;        ///< by linnet.id
    std::vector<Json> devices;       ///< by key
    std::vector<std::string> flows;  ///< EVE lines, for there are many: by first_seen, then id
    std::optional<Json> stats;       ///< absent where nothing could be read
    std::optional<Json> report;      ///< a report card (wire/report_card.hpp)
    std::string problem;             ///< one sentence, or empty
    int exit_code = 0;
};

/// Throws Interrupted, and std::exception where Linnet itself cannot run (a program is missing, no temporary folder).
CaptureResult run_capture(const CaptureOptions& options, const Interruption& interruption);

}  // namespace linnet
