#include "parser_process.hpp"

#include "wire/exit_code.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <ctime>
#include <exception>
#include <optional>
#include <random>
#include <utility>

namespace linnet {
namespace {

using namespace std::chrono_literals;

PacketSource* running = nullptr;
/// Who is told to leave and does not is not there for ever: SIGALRM ends it.
extern "C" void on_parser_stop(int) {
    constexpr unsigned longest = 20;  // seconds; a shipper gives up after 5
    alarm(longest);
    if (running != nullptr) running->stop();
}

/// Live: what the opener puts into the ring, to its last packet.
class RingSource final : public PacketSource {
 public:
    RingSource(PacketRing& ring, const OpenerNotes& notes, std::string name)
        : ring_{ring}, notes_{notes}, name_{std::move(name)} {}

    SourceRead next(RawPacket& packet) override {
        constexpr auto patience = 100ms;
        if (ring_.next(packet, patience)) return SourceRead::packet;
        if (ring_.ended() || stopped()) return SourceRead::end;
        packet = {};
        packet.at = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
        return SourceRead::idle;
    }
    SourceCounters counters() override { return {notes_.kernel_dropped.load(), notes_.interface_dropped.load()}; }
    [[nodiscard]] std::string name() const override { return name_; }
    [[nodiscard]] std::string error() const override { return {}; }
    [[nodiscard]] std::uint64_t fingerprint() const override { return 0; }

 private:
    PacketRing& ring_;
    const OpenerNotes& notes_;
    std::string name_;
};

/// Ends with the opener: then what is known is handed out.
void follow_signals() {
    prctl(PR_SET_NAME, "linnet-parser");
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    std::signal(SIGTERM, on_parser_stop);
    std::signal(SIGINT, SIG_IGN);  // the opener hears it, and says when
    std::signal(SIGHUP, SIG_IGN);
    std::signal(SIGCHLD, SIG_DFL);
    std::signal(SIGPIPE, SIG_IGN);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
}

/// Descriptors that a parser has no use for. Live it keeps the one for events alone.
int keep_descriptors(int events, bool live, bool quiet) {
    const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    if (live) ::dup2(null, STDIN_FILENO);
    ::dup2(null, STDOUT_FILENO);
    if (quiet) ::dup2(null, STDERR_FILENO);
    ::close(null);
    if (!live) return events;
    constexpr int place = STDERR_FILENO + 1;
    if (events != place) ::dup2(events, place);
    ::close_range(place + 1, ~0U, 0);
    return place;
}

/// 2 KiB a flow, the memory of streams, and what nDPI, the signatures and the rest need; a sanitizer's shadow knows no
/// limit.
std::size_t memory_of(const SensorOptions& options) {
#ifdef LINNET_SANITIZED
    static_cast<void>(options);
    return 0;
#else
    constexpr std::size_t mib = 1024 * 1024, fixed = 96 * mib, per_flow = 2048;
    return fixed + options.flows.max_flows * per_flow + 2 * options.streams.limit;
#endif
}

SensorOptions sensor_options(const ParserTask& task, const ProgramOptions& options) {
    auto sensor = options.sensor;
    std::random_device random;
    sensor.hash_seed = static_cast<std::uint64_t>(random()) << 32 | random();
    constexpr unsigned flows_of_one = 40;  // numbers stay different from those of the parser before, and below 2^53
    sensor.flows.first_id = 1 + ((task.generation & 0xfff) << flows_of_one);
    const bool is_recording = task.file != nullptr && task.file->fingerprint() != 0;  // nobody waits for its newest event
    if (is_recording) sensor.flush_interval = Duration::max();
    return sensor;
}

/// The C library reads its time zone from a file when it is first asked for a local time, which nDPI does for the dates of
/// certificates. Behind the sandbox there are no files, so the zone is known before; it is UTC, as in every event.
void settle_time_zone() {
    ::setenv("TZ", "UTC0", 1);
    ::tzset();
}

int parse(const ParserTask& task, ParserChannel& channel, const ProgramOptions& options, SensorSignatures signatures) {
    const bool live = task.file == nullptr;
    const int events = keep_descriptors(task.events, live, options.sandbox != SandboxMode::off);
    std::optional<RingSource> ring;
    if (live) ring.emplace(*task.ring, *channel.notes.operator->(), task.name);
    auto& plain_source = live ? static_cast<PacketSource&>(*ring) : *task.file;
    running = &plain_source;
    auto& report = *channel.report.operator->();
    WatchedSource source{plain_source, report};
    Outbox outbox{events};
    Sensor sensor{sensor_options(task, options), std::move(signatures), outbox};

    settle_time_zone();
    const ParserNeeds needs{.events = events, .reads_a_file = !live, .memory_bytes = memory_of(options.sensor)};
    if (const auto refusal = confine_parser(options.sandbox, needs)) {
        channel.complain(*refusal);
        return parser_exit::confinement;
    }
    const auto end = sensor.run(source, [&] {
        report.flows.store(sensor.open_flows(), std::memory_order_relaxed);
        report.pending.store(outbox.pending(), std::memory_order_relaxed);
        if (const auto renewed = channel.take()) sensor.use(SensorSignatures::parse(*renewed));
    });
    report.flows = 0;
    report.pending = 0;
    if (end == SourceRead::truncated) channel.complain(plain_source.error());
    return end == SourceRead::truncated || outbox.closed() ? exit_code::failure : exit_code::ok;
}

}  // namespace

void run_parser(const ParserTask& task, ParserChannel& channel, const ProgramOptions& options, SensorSignatures signatures) {
    follow_signals();
    int code = exit_code::failure;
    try {
        code = parse(task, channel, options, std::move(signatures));
    } catch (const std::exception& error) {
        channel.complain(error.what());
        std::abort();  // as any other crash
    }
    _exit(code);
}

}  // namespace linnet
