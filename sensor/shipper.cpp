#include "shipper.hpp"

#include "spool_slots.hpp"
#include "wire/frame.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>
#include <zmq.hpp>

namespace linnet {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto batch_delay = 20ms;     // no event waits longer for others
constexpr auto silence = 5s;           // then Hello again
constexpr auto longest_sleep = 100ms;  // `stopping` is asked this often
constexpr auto file_timeout = 10s;
constexpr auto stream_timeout = 20s;  // for the end of a stream whose writer was told to leave, where the spool stays
constexpr auto alone = 300ms;         // without a connection, then nobody is waited for
constexpr int queued_batches = 4;     // in ZeroMQ's memory, besides the spool

/// The only clock of the shipper's that is no stopwatch: it says when what is lost was seen.
Timestamp wall_clock() { return std::chrono::floor<Duration>(std::chrono::system_clock::now()); }

class Shipper {
 public:
    Shipper(int fd, const ShipperOptions& options)
        : options_{options},
          own_slots_{options.slots.empty() ? SpoolSlots::in_memory(options.spool) : SpoolSlots{}},
          spool_{options.slots.empty() ? own_slots_.descriptors() : options.slots, options.spool, options.epoch,
                 options.say},
          fd_{fd} {
        link::configure(socket_);
        socket_.set(zmq::sockopt::sndhwm, queued_batches);
        // Nothing is queued for an analyzer that is not there: what is old by then would only be dropped.
        socket_.set(zmq::sockopt::immediate, true);
        if (options.credentials)
            connect_securely(socket_, options.credentials->own, options.credentials->server_key);
        else if (leaves_machine(options.endpoint))
            throw KeyError{"Without the analyzer's key nothing is sent to " + options.endpoint + "."};
        socket_.connect(options.endpoint);
        timeout_ = options.connect_timeout;
        if (!timeout_ && options.origin == ShipOrigin::file) timeout_ = file_timeout;
        if (options.after_another) take_what_is_spooled();
    }

    ShipResult run() {
        while (!done()) {
            wait();
            if (readable_) read_stream();
            receive();
            greet();
            if (!waits_for_more()) send();
            watch();
        }
        result_.ok = result_.error.empty();
        result_.committed = spool_.last() - spool_.waiting();
        result_.left = spool_.waiting();
        return result_;
    }

 private:
    [[nodiscard]] bool done() const { return leaving_ || !result_.error.empty() || (ended_ && spool_.empty()); }

    /// Sleeps until the stream or the analyzer has something, or can take something.
    void wait() {
        const bool take = !ended_ && (options_.origin == ShipOrigin::live || !spool_.full());
        const auto events = static_cast<short>(ZMQ_POLLIN | (blocked_ ? ZMQ_POLLOUT : 0));
        std::array<zmq::pollitem_t, 2> items{{{socket_.handle(), 0, events, 0}, {nullptr, fd_, ZMQ_POLLIN, 0}}};
        try {
            zmq::poll(items.data(), take ? 2 : 1, batch_begun_ ? 0ms : longest_sleep);
        } catch (const zmq::error_t& error) {
            if (error.num() != EINTR) throw;
        }
        if ((items[0].revents & ZMQ_POLLOUT) != 0) blocked_ = false;
        readable_ = take && items[1].revents != 0;
        if (!readable_) batch_begun_.reset();
    }

    /// A batch is sent when it is large enough, when nothing more comes at once, or when it has waited.
    [[nodiscard]] bool waits_for_more() const {
        return batch_begun_ && !spool_.has_batch() && Clock::now() - *batch_begun_ < batch_delay;
    }

    /// What is in the stream is taken out of it only when the spool has it.
    void read_stream() {
        const auto size = ::recv(fd_, piece_.data(), piece_.size(), MSG_PEEK);
        if (size < 0 && errno == EINTR) return;
        if (size < 0) return fail(fmt::format("The stream of events cannot be read: {}.", std::strerror(errno)));
        if (size == 0) {
            ended_ = true;
            batch_begun_.reset();
            return;
        }
        const auto bytes = std::span{piece_}.first(static_cast<std::size_t>(size));
        const auto whole = whole_frames(bytes);
        if (!batch_begun_) batch_begun_ = Clock::now();
        if (whole.count > 0) spool_.append(bytes.first(whole.bytes), whole.count, wall_clock());
        result_.cut = result_.cut || whole.bytes < bytes.size();
        take_message();
        if (whole.broken) fail("The stream of events is damaged: an event claims to be larger than any can be.");
    }

    void take_message() const {
        std::byte ignored{};
        static_cast<void>(::recv(fd_, &ignored, 1, MSG_DONTWAIT));
    }

    /// A shipper that is killed between the two steps leaves a message in both: it is the newest in the spool.
    void take_what_is_spooled() {
        const auto size = ::recv(fd_, piece_.data(), piece_.size(), MSG_PEEK | MSG_DONTWAIT);
        if (size <= 0) return;
        const auto whole = whole_frames(std::span{piece_}.first(static_cast<std::size_t>(size)));
        if (whole.count > 0 && spool_.ends_with(std::span{piece_}.first(whole.bytes))) take_message();
    }

    void receive() {
        zmq::message_t message;
        while (socket_.recv(message, zmq::recv_flags::dontwait)) {
            const auto content = link::decode({static_cast<const std::byte*>(message.data()), message.size()});
            if (!content) continue;
            if (const auto* welcome = std::get_if<link::Welcome>(&*content)) on_welcome(*welcome);
            if (const auto* ack = std::get_if<link::Ack>(&*content)) on_ack(*ack);
        }
    }

    void on_welcome(const link::Welcome& welcome) {
        if (welcome.epoch != spool_.epoch()) return;
        heard_ = Clock::now();
        if (welcome.committed < spool_.committed() && !is_believed(welcome)) return;
        forgotten_ = false;
        if (lost_) say(fmt::format("The analyzer at {} is back.", options_.endpoint));
        lost_ = false;
        welcomed_ = true;
        outgoing_.clear();
        spool_.start_behind(welcome.committed);
        follow_epoch(welcome.epoch);
    }

    /// The analyzer no longer has what it had committed: another database, or an older one. Believed when said twice.
    bool is_believed(const link::Welcome& welcome) {
        if (!std::exchange(forgotten_, true)) {
            greet_anew();
            return false;
        }
        if (options_.origin == ShipOrigin::file) {
            fail(fmt::format(
                "The analyzer lost its database: it had {} events of this file and now has {}. Read the file again.",
                spool_.committed(), welcome.committed));
            return false;
        }
        say(fmt::format("The analyzer lost its database, or a part of it: {} events that it had are told as lost.",
                        spool_.committed() - welcome.committed));
        return true;
    }

    void on_ack(const link::Ack& ack) {
        const auto epoch = spool_.epoch();
        if (ack.epoch == epoch && welcomed_) {
            heard_ = Clock::now();
            spool_.acknowledge(ack.committed);
            follow_epoch(epoch);
        } else if (ack.epoch == 0 && welcomed_) {  // "who are you?"
            greet_anew();
        }
    }

    /// All of one run is delivered: on to the next.
    void follow_epoch(std::uint64_t before) {
        if (spool_.epoch() != before) greet_anew();
    }

    void greet_anew() {
        welcomed_ = false;
        hello_at_ = {};
    }

    /// Hello at the beginning, when asked, and after silence; not more often than once a second.
    void greet() {
        const auto now = Clock::now();
        if (welcomed_ && now - heard_ < silence) return;
        welcomed_ = false;
        if (now - hello_at_ < 1s) return;
        const link::Hello hello{
            .sensor = options_.sensor, .epoch = spool_.epoch(), .source = options_.source, .sandbox = options_.sandbox};
        if (transmit(link::encode(hello))) hello_at_ = now;
    }

    void send() {
        batch_begun_.reset();
        while (welcomed_) {
            if (outgoing_.empty()) {
                const auto message = spool_.next(wall_clock());
                if (!message) return;
                outgoing_ = link::encode(*message);
            }
            if (!transmit(outgoing_)) return;
            outgoing_.clear();
        }
    }

    /// False where there is no connection, or its queue is full.
    bool transmit(const std::vector<std::byte>& bytes) {
        const bool sent = socket_.send(zmq::buffer(bytes), zmq::send_flags::dontwait).has_value();
        blocked_ = !sent;
        return sent;
    }

    /// Notices that the analyzer is away for too long, and that we are to stop.
    void watch() {
        const auto now = Clock::now();
        if (!welcomed_ && now - heard_ >= silence && !std::exchange(lost_, true))
            say(fmt::format("No analyzer answers at {}; trying again and again.", options_.endpoint));
        if (timeout_ && now - heard_ >= *timeout_)
            fail(fmt::format("No analyzer answers at {}. Is linnet-analyzer running?", options_.endpoint));
        if (!stop_at_ && options_.stopping && options_.stopping()) {
            stop_at_ = now + options_.stop_timeout;
            reachable_at_ = now;
        }
        if (!stop_at_) return;
        if (options_.spool_stays)
            leaving_ = ended_ ? is_alone(now) || now >= *stop_at_ : now >= *stop_at_ + stream_timeout;
        else if (now >= *stop_at_)
            fail(fmt::format("Stopped with {} events that the analyzer at {} has not confirmed.", spool_.waiting(),
                             options_.endpoint));
    }

    /// Nobody answers; or there is no connection: then the socket takes nothing.
    bool is_alone(Clock::time_point now) {
        if ((socket_.get(zmq::sockopt::events) & ZMQ_POLLOUT) != 0) reachable_at_ = now;
        return !welcomed_ || now - reachable_at_ >= alone;
    }

    void fail(std::string error) {
        if (result_.error.empty()) result_.error = std::move(error);
    }
    void say(const std::string& line) const {
        if (options_.say) options_.say(line);
    }

    const ShipperOptions& options_;
    zmq::context_t context_{1};
    zmq::socket_t socket_{context_, zmq::socket_type::dealer};
    SpoolSlots own_slots_;
    Spool spool_;
    std::array<std::byte, max_frames_write> piece_{};  ///< of the stream
    std::vector<std::byte> outgoing_;                  ///< a message that is not sent yet
    ShipResult result_;
    int fd_;
    bool ended_ = false;      ///< the stream
    bool readable_ = false;   ///< the stream
    bool blocked_ = true;     ///< the socket took nothing more
    bool welcomed_ = false;   ///< the analyzer knows us and said where to go on
    bool forgotten_ = false;  ///< the last Welcome was behind what had been committed
    bool lost_ = false;       ///< nobody answers, and we said so
    bool leaving_ = false;    ///< what is not delivered stays in the spool
    std::optional<Clock::time_point> batch_begun_;
    Clock::time_point hello_at_;
    Clock::time_point heard_ = Clock::now();
    std::optional<Clock::time_point> stop_at_;
    Clock::time_point reachable_at_;  ///< while we are to stop
    std::optional<std::chrono::seconds> timeout_;
};

}  // namespace

ShipResult ship(int fd, const ShipperOptions& options) { return Shipper{fd, options}.run(); }

std::string default_sensor_name() { return default_name("sensor"); }

}  // namespace linnet
