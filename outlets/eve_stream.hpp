// EVE JSON as a stream: reads what the analyzer finds and hands it to a sink, lines at a time.
#pragma once

#include "outlet.hpp"

#include <chrono>
#include <memory>
#include <string>

namespace linnet {

/// Where the lines go.
class LineSink {
 public:
    LineSink() = default;
    LineSink(const LineSink&) = delete;
    LineSink& operator=(const LineSink&) = delete;
    virtual ~LineSink() = default;

    /// Whole lines, each with its end. Returns when they are safe there, or handed over;
    /// throws an exception whose what() is a sentence for people.
    virtual void write(const std::string& lines, Timestamp now) = 0;

    /// Exactly the bytes that would leave for these lines.
    [[nodiscard]] virtual std::string preview(const std::string& lines) const { return lines; }
};

/// After a failure of the sink it is tried again in 10 s, then twice as long each time up to `longest_pause`, give or take a
/// quarter.
std::unique_ptr<Stream> eve_stream(std::unique_ptr<LineSink> sink,
                                   std::chrono::seconds longest_pause = std::chrono::seconds{10});

}  // namespace linnet
