// An analyzer that tells what it is told to tell: the other end of wire/api.hpp over real sockets, in a thread of its own.
#pragma once

#include "wire/alert.hpp"

#include <atomic>
#include <chrono>
#include <deque>
#include <mutex>
#include <string>
#include <thread>

namespace zmq {
class socket_t;
}

namespace linnet::demo {

class FakeAnalyzer {
 public:
    /// `state` is {"devices", "alerts", "status"}, as `subscribe` gives it. Binds to a place that nobody has where no
    /// endpoint is given.
    explicit FakeAnalyzer(Json state, std::chrono::milliseconds heartbeat = std::chrono::milliseconds{50},
                          const std::string& endpoint = "ipc://*");
    ~FakeAnalyzer();
    FakeAnalyzer(const FakeAnalyzer&) = delete;
    FakeAnalyzer& operator=(const FakeAnalyzer&) = delete;

    [[nodiscard]] const std::string& endpoint() const { return endpoint_; }
    [[nodiscard]] int subscriptions() const { return subscriptions_; }

    /// What the next subscriber gets.
    void set_state(Json state);
    /// Sends a feed message {"devices", "alerts", "status"} to the subscriber.
    void tell(Json changes);
    /// Counts a feed message that never arrives.
    void lose_one();
    /// Says nothing any more, heartbeats and answers neither; what is asked meanwhile stays unanswered for ever.
    void fall_silent();
    void speak_again();
    /// Sends these bytes to the subscriber as they stand.
    void tell_raw(std::string bytes);

 private:
    void run(zmq::socket_t& router);

    std::chrono::milliseconds heartbeat_;
    std::string endpoint_;
    std::mutex mutex_;
    Json state_;                       // guarded by mutex_
    std::deque<std::string> to_send_;  // guarded by mutex_
    std::uint64_t sequence_ = 100;     // guarded by mutex_
    std::atomic<bool> silent_{false};
    std::atomic<bool> stop_{false};
    std::atomic<int> subscriptions_{0};
    std::thread thread_;
};

}  // namespace linnet::demo
