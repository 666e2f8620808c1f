#include "opener.hpp"

#include "shipper_process.hpp"
#include "wire/exit_code.hpp"
#include "wire/privileges.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <csignal>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <random>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

namespace linnet {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t ring_bytes = 1024 * 1024;
constexpr auto tick = 100ms;

PacketSource* running = nullptr;
volatile std::sig_atomic_t stopping = 0;
volatile std::sig_atomic_t renewing = 0;

extern "C" void on_opener_stop(int) {
    stopping = 1;
    if (running != nullptr) running->stop();
}
extern "C" void on_opener_renew(int) { renewing = 1; }
extern "C" void on_opener_child(int) {}

void follow_signals() {
    std::signal(SIGHUP, on_opener_renew);
    std::signal(SIGINT, on_opener_stop);
    std::signal(SIGTERM, on_opener_stop);
    std::signal(SIGPIPE, SIG_IGN);
    struct sigaction child {};
    child.sa_handler = on_opener_child;  // wakes who sleeps
    child.sa_flags = SA_NOCLDSTOP;
    sigaction(SIGCHLD, &child, nullptr);
}

/// Sleeps until a signal comes, or the time is over. Signals that come while it is awake are not missed.
class SignalSleep {
 public:
    SignalSleep() {
        sigset_t set;
        sigemptyset(&set);
        for (const int signal : {SIGCHLD, SIGHUP, SIGINT, SIGTERM}) sigaddset(&set, signal);
        sigprocmask(SIG_BLOCK, &set, &before_);
    }
    ~SignalSleep() { sigprocmask(SIG_SETMASK, &before_, nullptr); }
    SignalSleep(const SignalSleep&) = delete;
    SignalSleep& operator=(const SignalSleep&) = delete;
    void operator()(std::chrono::milliseconds time) const {
        const timespec limit{time.count() / 1000, time.count() % 1000 * 1'000'000};
        ::ppoll(nullptr, 0, &limit, &before_);
    }

 private:
    sigset_t before_{};
};

std::uint64_t random_number() {
    std::random_device device;
    return static_cast<std::uint64_t>(device()) << 32 | device();
}

/// The same file read with the same options is the same epoch; everything else is a new one. Never 0.
std::uint64_t epoch_of(const PacketSource& source, const ProgramOptions& options) {
    const auto file = source.fingerprint();
    const auto epoch = file == 0 ? random_number() : file ^ options_fingerprint(options);
    return epoch == 0 ? 1 : epoch;
}

std::unique_ptr<PacketSource> open_source(const ProgramOptions& options) {
    return options.capture.empty() ? open_interfaces(options.live) : open_capture_file(options.capture, options.filter);
}

/// CPU time of another process of ours.
std::chrono::nanoseconds cpu_time_of(pid_t process) {
    clockid_t clock{};
    timespec used{};
    if (::clock_getcpuclockid(process, &clock) != 0 || ::clock_gettime(clock, &used) != 0) return 0ns;
    return std::chrono::seconds{used.tv_sec} + std::chrono::nanoseconds{used.tv_nsec};
}

Timestamp wall_clock() { return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()); }

/// The analyzer's socket is somebody else's, and only root's right to every file leads there.
KeepFileAccess file_access_for(const std::string& endpoint) {
    constexpr std::string_view ipc = "ipc://";
    if (::geteuid() != 0 || !endpoint.starts_with(ipc)) return KeepFileAccess::no;
    struct stat about {};
    const auto folder = std::filesystem::path{endpoint.substr(ipc.size())}.parent_path();
    return ::stat(folder.c_str(), &about) == 0 && about.st_uid != 0 ? KeepFileAccess::yes : KeepFileAccess::no;
}

SpoolSlots open_slots(const ProgramOptions& options) {
    return options.spool.empty() ? SpoolSlots::in_memory(options.spool_limits)
                                 : SpoolSlots::in_folder(options.spool, options.spool_limits);
}

std::string how_it_died(int signal, bool too_slow) {
    if (too_slow) return fmt::format("a packet took more than {} s to read", Opener::max_packet_time.count());
    if (signal == SIGSYS) return "the packet reader tried what it may not and was stopped";
    return fmt::format("the packet reader ended by signal {} ({})", signal, ::strsignal(signal));
}

}  // namespace

Opener::Opener(const ProgramOptions& options, SensorSignatures signatures)
    : options_{options},
      signatures_{std::move(signatures)},
      source_{open_source(options)},
      name_{source_->name()},
      sandbox_{describe(options.sandbox, sandbox_support())},
      quarantine_{options.quarantine} {
    if (options.capture.empty()) {
        ring_ = std::make_unique<PacketRing>(ring_bytes);
        if (!options.print) slots_ = open_slots(options);
    }
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, events_.data()) != 0)
        throw std::runtime_error("There are too many open files to start.");
    constexpr int queue = 256 * 1024;  // the two processes wake each other less often
    ::setsockopt(events_[1], SOL_SOCKET, SO_SNDBUF, &queue, sizeof queue);
}

Opener::~Opener() {
    for (const int fd : events_)
        if (fd >= 0) ::close(fd);
}

int Opener::run() {
    if (sandbox_.find(',') != std::string::npos) complain(fmt::format("sandbox: {}", sandbox_));
    follow_signals();
    start_shipper(Shipper::first);
    if (live()) give_up_capabilities();
    start_parser();
    notice_.ready();
    if (live()) {
        running = source_.get();
        if (stopping != 0) running->stop();  // told before there was one to stop
        capture();
        running = nullptr;
        ring_->end();
    }
    wait_for_end();
    notice_.stopping();
    const int shipped = end_shipper();
    return shipped != exit_code::ok ? shipped : parser_code_;
}

// --- children ---

void Opener::start_shipper(Shipper which) {
    const ShipperTask task{.events = events_[0],
                           .source = name_,
                           .epoch = epoch_of(*source_, options_),
                           .sandbox = sandbox_,
                           .slots = slots_.descriptors(),
                           .after_another = which == Shipper::another};
    shipper_ = ::fork();
    if (shipper_ < 0) throw std::runtime_error("There is not enough memory to start a second process.");
    if (shipper_ > 0) return;
    ::close(events_[1]);
    source_.reset();
    drop_capabilities(file_access_for(options_.connect));
    run_shipper(task, options_);
}

void Opener::give_up_capabilities() const {
    if (!drop_capabilities(options_.print ? KeepFileAccess::no : file_access_for(options_.connect)))
        complain("the capabilities cannot be given up");
}

void Opener::start_parser() {
    channel_.begin();
    first_step_ = watched_step_ = channel_.report->step;
    watched_cpu_ = {};
    const ParserTask task{.file = live() ? nullptr : source_.get(),
                          .ring = ring_.get(),
                          .name = name_,
                          .events = events_[1],
                          .generation = generation_++};
    parser_ = ::fork();
    if (parser_ < 0) throw std::runtime_error("There is not enough memory to start a second process.");
    if (parser_ > 0) return;
    ::close(events_[0]);
    if (live()) source_.reset();
    run_parser(task, channel_, options_, std::move(signatures_));
}

void Opener::tend() {
    const auto now = Clock::now();
    tend_children();
    if (lost_) tell_loss();
    if (renewing != 0) renew_signatures();
    if (now >= watch_at_) watch_parser();
    if (live() && now >= publish_at_) publish_counters();
    notice_.alive(now);
}

void Opener::tend_children() {
    int status = 0;
    if (parser_ > 0 && ::waitpid(parser_, &status, WNOHANG) == parser_) on_parser_end(status);
    if (shipper_ > 0 && ::waitpid(shipper_, &status, WNOHANG) == shipper_) on_shipper_end(status);
    if (parser_ == 0 && !parser_done_ && Clock::now() >= restart_at_) start_parser();
}

void Opener::on_parser_end(int status) {
    parser_ = 0;
    const auto words = channel_.complaint();
    if (WIFSIGNALED(status)) return on_parser_crash(WTERMSIG(status));
    parser_done_ = true;
    parser_code_ = WEXITSTATUS(status);
    if (parser_code_ == parser_exit::confinement)
        return fail(fmt::format("The packet reader cannot be locked in ({}). Without that: --sandbox off.", words));
    if (!words.empty()) complain(words);
}

void Opener::on_parser_crash(int signal) {
    const auto& report = channel_.report;
    const auto cause = how_it_died(signal, std::exchange(too_slow_, false));
    const auto step = report->step.load();
    if (!live()) {
        const auto packet = step / 2 + 1;
        return fail(fmt::format("{}: {}, at packet {}; what was found before that is kept. Please report this.", name_,
                                cause, packet));
    }
    failures_ = step == first_step_ ? failures_ + 1 : 0;
    if (constexpr unsigned most = 5; failures_ >= most) return fail(fmt::format("{}, {} times at once.", cause, most));
    const auto packet = ring_->oldest();
    const auto kept = packet ? quarantine_.keep(*packet) : std::nullopt;
    ring_->skip();
    const auto now = wall_clock();
    const Timestamp from{Duration{report->at.load()}};
    const auto flows = report->flows.exchange(0), pending = report->pending.exchange(0);
    lost_ = Lost{.from = lost_                 ? lost_->from
                         : from == Timestamp{} ? now
                                               : std::min(from, now),
                 .to = now,
                 .count = flows + pending + 1 + (lost_ ? lost_->count : 0),
                 .reason = cause};
    complain(fmt::format("{}: {} open conversations are lost, capture goes on{}", cause, flows,
                         kept ? "; the packet is in " + kept->string() : ""));
    // One crash costs nothing but itself; where one follows the other, they cost less and less of the machine.
    const auto since = std::chrono::duration<double>(Clock::now() - crashed_at_).count();
    crashes_ = crashes_ * std::exp2(-since / 10) + 1;
    crashed_at_ = Clock::now();
    constexpr double step_ms = 50, longest_ms = 800;
    restart_at_ = crashed_at_ + std::chrono::milliseconds{static_cast<int>(std::min((crashes_ - 1) * step_ms, longest_ms))};
}

/// Not through the next parser, which may not live long enough. Where the shipper takes nothing now, later.
void Opener::tell_loss() {
    std::vector<std::byte> frame;
    EventEncoder{}.append_frame(*lost_, frame);
    if (::send(events_[1], frame.data(), frame.size(), MSG_DONTWAIT | MSG_NOSIGNAL) <= 0) return;
    lost_.reset();
}

void Opener::on_shipper_end(int status) {
    shipper_ = 0;
    const bool killed = WIFSIGNALED(status);
    if (killed && live() && !options_.print && stopping == 0) {
        complain(fmt::format("the shipper ended by signal {}: another one goes on where it was", WTERMSIG(status)));
        return start_shipper(Shipper::another);
    }
    shipper_code_ = killed ? exit_code::failure : WEXITSTATUS(status);
    if (killed && !live()) complain("The shipper was killed; read the file again.");
    ::close(std::exchange(events_[0], -1));  // the parser notices
}

/// Kills a parser that has been at one packet for too long. Sleeping counts for nothing, so a slow analyzer harms nobody.
void Opener::watch_parser() {
    watch_at_ = Clock::now() + tick;
    if (parser_ == 0) return;
    const auto step = channel_.report->step.load(std::memory_order_acquire);
    const auto used = cpu_time_of(parser_);
    const bool inside = step % 2 == 1;
    if (!inside || step != watched_step_) {
        watched_step_ = step;
        watched_cpu_ = used;
        if (!live() || !ring_->spoiled()) return;
    } else if (used - watched_cpu_ < max_packet_time) {
        return;
    }
    too_slow_ = inside && step == watched_step_;
    ::kill(parser_, SIGKILL);
}

void Opener::fail(const std::string& sentence) {
    complain(sentence);
    parser_done_ = true;
    parser_code_ = exit_code::failure;
}

// --- the way of packets ---

void Opener::capture() {
    RawPacket packet;
    constexpr unsigned often = 64;
    unsigned packets = 0;
    while (!parser_done_) {
        const auto read = source_->next(packet);
        if (read == SourceRead::truncated) fail(source_->error());
        if (read == SourceRead::end || read == SourceRead::truncated) break;
        if (read == SourceRead::packet && !hand_over(packet)) break;
        if (read == SourceRead::idle || ++packets % often == 0) tend();
    }
    publish_counters();
}

/// Waits where the parser has no room; the kernel counts what it then drops.
bool Opener::hand_over(const RawPacket& packet) {
    while (!ring_->push(packet)) {
        tend();
        if (parser_done_ || stopping != 0) return false;
        std::this_thread::sleep_for(1ms);
    }
    return true;
}

/// Children that still work, as long as they do; signals are heard at once.
void Opener::wait_for_end() {
    const SignalSleep sleep;
    bool told = false;
    while (parser_ > 0 || !parser_done_) {
        tend();
        if (parser_ == 0 && parser_done_) break;
        if (stopping != 0 && parser_ > 0 && !live() && !std::exchange(told, true)) ::kill(parser_, SIGTERM);
        if (stopping != 0 && parser_ == 0) break;
        sleep(tick);
    }
}

int Opener::end_shipper() {
    const SignalSleep sleep;
    if (lost_ && events_[1] >= 0) tell_loss();
    if (events_[1] >= 0) ::close(std::exchange(events_[1], -1));
    bool told = false;
    while (shipper_ > 0) {
        if (stopping != 0 && !std::exchange(told, true)) ::kill(shipper_, SIGTERM);
        int status = 0;
        if (::waitpid(shipper_, &status, WNOHANG) == shipper_)
            on_shipper_end(status);
        else
            sleep(tick);
        notice_.alive(Clock::now());
    }
    return shipper_code_.value_or(exit_code::failure);
}

void Opener::renew_signatures() {
    try {
        const auto texts = SensorSignatures::read_texts(signatures_folder(options_));
        auto parsed = SensorSignatures::parse(texts);
        if (parser_ > 0 && !channel_.offer(texts)) return;  // the ones before are being taken: again, soon
        signatures_ = std::move(parsed);
        complain("the signatures were read anew");
    } catch (const std::exception& error) {
        complain(std::string{"the new signatures were refused and the old ones stay: "} + error.what());
    }
    renewing = 0;
}

void Opener::publish_counters() {
    publish_at_ = Clock::now() + 1s;
    const auto counters = source_->counters();
    channel_.notes->kernel_dropped = counters.kernel_dropped;
    channel_.notes->interface_dropped = counters.interface_dropped;
}

}  // namespace linnet
