// One format of capture file, read from a stream.
#pragma once

#include "packet_source.hpp"

#include <string>
#include <vector>

namespace linnet {

class CaptureReader {
 public:
    virtual ~CaptureReader() = default;
    /// `packet`, `end`, or `truncated`, which reason() explains. A packet is valid until the next next().
    virtual SourceRead next(RawPacket& packet) = 0;
    [[nodiscard]] virtual std::string reason() const = 0;
    /// Of the interfaces known so far: libpcap's DLT_*.
    [[nodiscard]] virtual std::vector<int> link_types() const = 0;
};

}  // namespace linnet
