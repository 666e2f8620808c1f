// The sensor's first process. It opens what is captured from, gives up every capability, and then watches over two children:
//
//   opener --packets (ring)--> parser --events (socket pair)--> shipper --> analyzer
//
// Live, it moves packets from the kernel's ring into the parser's and looks at none; a capture file is read by the parser
// itself. Where the parser crashes, or a packet takes it more than 2 s of CPU time, the packet goes to the quarantine, a
// Lost event says what was lost, and another parser goes on behind it. Where the shipper is killed, another one goes on
// with its spool, and nothing is lost. Reading a file, either is an error: the file can be read again.
#pragma once

#include "options.hpp"
#include "packet_ring.hpp"
#include "parser_channel.hpp"
#include "parser_process.hpp"
#include "quarantine.hpp"
#include "spool_slots.hpp"
#include "wire/service_notice.hpp"

#include <sys/types.h>

#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace linnet {

class Opener {
 public:
    /// Opens the capture. Throws SourceError.
    Opener(const ProgramOptions& options, SensorSignatures signatures);
    ~Opener();
    Opener(const Opener&) = delete;
    Opener& operator=(const Opener&) = delete;

    /// To the end; an exit code.
    int run();

    static constexpr std::chrono::seconds max_packet_time{2};  ///< of CPU, for one packet

 private:
    using Clock = std::chrono::steady_clock;

    enum class Shipper : std::uint8_t { first, another };
    void start_shipper(Shipper which);
    void start_parser();
    void give_up_capabilities() const;

    void capture();
    bool hand_over(const RawPacket& packet);
    void wait_for_end();
    int end_shipper();

    void tend();
    void tend_children();
    void on_parser_end(int status);
    void on_parser_crash(int signal);
    void tell_loss();
    void on_shipper_end(int status);
    void watch_parser();
    void renew_signatures();
    void publish_counters();
    void fail(const std::string& sentence);
    [[nodiscard]] bool live() const { return ring_ != nullptr; }

    const ProgramOptions& options_;
    SensorSignatures signatures_;  ///< with which the next parser begins
    std::unique_ptr<PacketSource> source_;
    std::string name_;
    std::string sandbox_;  ///< for people
    std::unique_ptr<PacketRing> ring_;
    ParserChannel channel_;
    SpoolSlots slots_;  ///< what shippers hand on to each other; none for a file
    Quarantine quarantine_;
    ServiceNotice notice_;
    std::array<int, 2> events_{-1, -1};  ///< the shipper's end, the parser's end

    pid_t parser_ = 0, shipper_ = 0;
    std::uint64_t generation_ = 0;
    bool parser_done_ = false;
    std::optional<int> shipper_code_;
    int parser_code_ = 0;

    std::optional<Lost> lost_;  ///< with parsers, and not told yet
    Clock::time_point restart_at_;
    std::uint64_t first_step_ = 0;  ///< when this parser began
    unsigned failures_ = 0;         ///< parsers in a row that died before they had looked at one packet
    double crashes_ = 0;            ///< lately
    Clock::time_point crashed_at_;

    std::uint64_t watched_step_ = 0;
    std::chrono::nanoseconds watched_cpu_{0};  ///< the parser's, when that step was first seen
    Clock::time_point watch_at_, publish_at_;
    bool too_slow_ = false;  ///< we killed it
};

}  // namespace linnet
