#include "shipper.hpp"

#include "wire/frame.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <random>
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
constexpr int queued_batches = 4;  // in ZeroMQ's memory, besides the window

class Shipper {
 public:
    Shipper(int fd, const ShipperOptions& options)
        : options_{options}, window_{options.window}, fd_{fd}, epoch_{options.epoch} {
        window_.set_epoch(epoch_);
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
        if (options.lost) add(*options.lost);
    }

    ShipResult run() {
        while (!done()) {
            wait();
            if (readable_) read_stream();
            receive();
            greet();
            send();
            watch();
        }
        result_.ok = result_.error.empty();
        result_.committed = std::min(window_.committed(), window_.last());
        result_.left = window_.events();
        return result_;
    }

 private:
    [[nodiscard]] bool done() const { return !result_.error.empty() || (ended_ && window_.empty()); }

    /// Sleeps until the stream or the analyzer has something, or can take something.
    void wait() {
        const bool take = !ended_ && !window_.full();
        const auto events = static_cast<short>(ZMQ_POLLIN | (blocked_ ? ZMQ_POLLOUT : 0));
        std::array<zmq::pollitem_t, 2> items{{{socket_.handle(), 0, events, 0}, {nullptr, fd_, ZMQ_POLLIN, 0}}};
        try {
            zmq::poll(items.data(), take ? 2 : 1, window_.has_open_batch() ? 0ms : longest_sleep);
        } catch (const zmq::error_t& error) {
            if (error.num() != EINTR) throw;
        }
        if ((items[0].revents & ZMQ_POLLOUT) != 0) blocked_ = false;
        readable_ = take && items[1].revents != 0;
        if (!readable_ || Clock::now() - batch_begun_ >= batch_delay) window_.close_batch();
    }

    void add(const Event& event) {
        std::vector<std::byte> frame;
        EventEncoder{}.append_frame(event, frame);
        frames_.feed(frame);
        while (const auto bytes = frames_.next()) window_.add(*bytes);
    }

    void read_stream() {
        std::array<std::byte, max_frames_write> piece;  // NOLINT(*-member-init): read() fills it
        const auto size = ::read(fd_, piece.data(), piece.size());
        if (size < 0 && errno == EINTR) return;
        if (size < 0) {
            fail(fmt::format("The stream of events cannot be read: {}.", std::strerror(errno)));
            return;
        }
        if (size == 0) {
            ended_ = true;
            result_.cut = frames_.pending() > 0;
            window_.close_batch();
            return;
        }
        frames_.feed(std::span{piece}.first(static_cast<std::size_t>(size)));
        while (const auto event = frames_.next()) {
            if (!window_.has_open_batch()) batch_begun_ = Clock::now();
            window_.add(*event);
        }
        tell_holding();
        if (frames_.broken()) fail("The stream of events is damaged: an event claims to be larger than any can be.");
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
        if (welcome.epoch != epoch_) return;
        heard_ = Clock::now();
        if (welcome.committed < window_.committed()) {
            on_forgotten(welcome);
            return;
        }
        forgotten_ = false;
        if (lost_) say(fmt::format("The analyzer at {} is back.", options_.endpoint));
        lost_ = false;
        welcomed_ = true;
        window_.acknowledge(welcome.committed);
        window_.rewind();
    }

    /// The analyzer no longer has what it had committed: another database. Believed when said twice.
    void on_forgotten(const link::Welcome& welcome) {
        welcomed_ = false;
        hello_at_ = {};
        if (!std::exchange(forgotten_, true)) return;
        if (options_.origin == ShipOrigin::file) {
            fail(fmt::format(
                "The analyzer lost its database: it had {} events of this file and now has {}. Read the file again.",
                window_.committed(), welcome.committed));
            return;
        }
        say(fmt::format("The analyzer lost its database: going on from event {}.", window_.committed() + 1));
        std::random_device random;
        epoch_ = std::uniform_int_distribution<std::uint64_t>{1}(random);
        window_.renumber(epoch_);
        forgotten_ = false;
    }

    void on_ack(const link::Ack& ack) {
        if (ack.epoch == epoch_) {
            heard_ = Clock::now();
            window_.acknowledge(ack.committed);
            tell_holding();
        } else if (ack.epoch == 0 && welcomed_) {  // "who are you?"
            welcomed_ = false;
            hello_at_ = {};
        }
    }

    /// Hello at the beginning, when asked, and after silence; not more often than once a second.
    void greet() {
        const auto now = Clock::now();
        if (welcomed_ && now - heard_ < silence) return;
        welcomed_ = false;
        if (now - hello_at_ < 1s) return;
        const link::Hello hello{
            .sensor = options_.sensor, .epoch = epoch_, .source = options_.source, .sandbox = options_.sandbox};
        if (transmit(hello)) hello_at_ = now;
    }

    void send() {
        while (welcomed_) {
            const auto* batch = window_.to_send();
            if (batch == nullptr || !transmit(*batch)) return;
            window_.mark_sent();
        }
    }

    /// False where there is no connection, or its queue is full.
    template <class Message>
    bool transmit(const Message& message) {
        const auto bytes = link::encode(message);
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
        if (!stop_at_ && options_.stopping && options_.stopping()) stop_at_ = now + options_.stop_timeout;
        if (stop_at_ && now >= *stop_at_)
            fail(fmt::format("Stopped with {} events that the analyzer at {} has not confirmed.", window_.events(),
                             options_.endpoint));
    }

    void tell_holding() const {
        if (options_.holding) options_.holding(window_.events());
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
    FrameReader frames_;
    ShipWindow window_;
    ShipResult result_;
    int fd_;
    std::uint64_t epoch_;
    bool ended_ = false;      ///< the stream
    bool readable_ = false;   ///< the stream
    bool blocked_ = true;     ///< the socket took nothing more
    bool welcomed_ = false;   ///< the analyzer knows us and said where to go on
    bool forgotten_ = false;  ///< the last Welcome was behind what had been committed
    bool lost_ = false;       ///< and we said so
    Clock::time_point batch_begun_;
    Clock::time_point hello_at_;
    Clock::time_point heard_ = Clock::now();
    std::optional<Clock::time_point> stop_at_;
    std::optional<std::chrono::seconds> timeout_;
};

}  // namespace

ShipResult ship(int fd, const ShipperOptions& options) { return Shipper{fd, options}.run(); }

std::string default_sensor_name() { return default_name("sensor"); }

}  // namespace linnet
