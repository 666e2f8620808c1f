// Where packets come from: a capture file or live interfaces, through libpcap (pcapng through our own reader, which takes
// files that libpcap does not). The source is the only part of the sensor that knows the time of day, and only live: it
// hands time out with every packet and, when none comes, every 100 ms, so that whatever is behind it runs by packet time
// alone. Live, the kernel hands packets over in blocks at most about 50 ms old, so that time may go back by that much from
// one interface to another and after `idle`; a file's may jump anywhere.
#pragma once

#include "packet.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace linnet {

/// A packet as captured; `bytes` is valid until the next next(). `at` is between 1970 and 9999, whatever a file says.
struct RawPacket {
    Timestamp at;
    int link_type = 0;              ///< libpcap's DLT_*
    std::uint32_t wire_length = 0;  ///< bytes.size() may be less
    Bytes bytes;
};

enum class SourceRead : std::uint8_t {
    packet,     ///< `packet` is filled in
    idle,       ///< live only: nothing came; `packet.at` is the time now
    end,        ///< the file is over, or stop() was called
    truncated,  ///< the file ends in the middle of a packet or is damaged from here on; like end, and error() says what
};

struct SourceCounters {
    std::uint64_t kernel_dropped = 0;
    std::uint64_t interface_dropped = 0;
};

/// Could not be opened; what() is one sentence for people that says what to do.
struct SourceError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

class PacketSource {
 public:
    virtual ~PacketSource() = default;
    virtual SourceRead next(RawPacket& packet) = 0;
    virtual SourceCounters counters() = 0;
    [[nodiscard]] virtual std::string name() const = 0;   ///< "eth0", "eth0,eth1", "capture.pcap", "-"
    [[nodiscard]] virtual std::string error() const = 0;  ///< one sentence, after `truncated`
    /// A number that two readings of the same file share and other files do not; 0 for live interfaces and streams.
    [[nodiscard]] virtual std::uint64_t fingerprint() const = 0;
    /// How much of the file is read, in thousandths, at least 1; 0 = not known (live interfaces and streams).
    [[nodiscard]] virtual std::uint16_t progress() const { return 0; }

    /// From any thread or signal handler: next() returns `end` from now on, within 100 ms where it waits.
    void stop() noexcept { stopped_.store(true, std::memory_order_relaxed); }

 protected:
    [[nodiscard]] const std::atomic<bool>& stopped() const { return stopped_; }

 private:
    std::atomic<bool> stopped_{false};
    static_assert(std::atomic<bool>::is_always_lock_free);
};

/// pcap or pcapng, plain or gzip; "-" is standard input. `filter` is a BPF expression, empty = everything.
/// Throws SourceError: no such file, not a capture, unsupported link type, bad filter.
std::unique_ptr<PacketSource> open_capture_file(const std::string& path, const std::string& filter);

struct LiveOptions {
    std::vector<std::string> interfaces;
    std::string filter;
    std::size_t ring_bytes = 4 * 1024 * 1024;  ///< of the kernel's TPACKET_V3 ring, per interface
    int snap_length = 65'535;
    bool promiscuous = true;
};
/// Throws SourceError: no such interface (the existing ones are listed), no permission (the setcap line is shown), bad
/// filter.
std::unique_ptr<PacketSource> open_interfaces(const LiveOptions& options);

}  // namespace linnet
