// The progress line of a capture that takes a while: how much of the file is read, and how many packets are analyzed.
#pragma once

#include "terminal.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace linnet {

/// "capture.pcap  [#####---------------]  26 %  152,340 packets  0:03", at most `columns` wide.
std::string progress_line(const std::string& capture, std::optional<double> fraction, std::uint64_t packets,
                          std::chrono::seconds elapsed, std::size_t columns);

/// Draws the line on standard error, and wipes it out when it goes. Where that is not a terminal it does nothing.
class Progress {
 public:
    explicit Progress(std::string capture);
    ~Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    [[nodiscard]] bool wanted() const { return terminal_.interactive; }
    void show(std::optional<double> fraction, std::uint64_t packets);

 private:
    std::string capture_;
    Terminal terminal_;
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
    bool shown_ = false;
};

}  // namespace linnet
