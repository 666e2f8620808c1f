// A courier carries what waits for one outlet, in a thread of its own: the oldest message first, and the next one when that
// is delivered or refused for good. Where the way is closed it comes back after 10 s, then twice as long each time up to an
// hour, give or take a quarter, or when the server said. So a dead outlet costs nothing but its own queue.
#pragma once

#include "outlet.hpp"
#include "queue.hpp"

#include <atomic>
#include <condition_variable>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <utility>

namespace linnet {

class Courier {
 public:
    static constexpr std::chrono::seconds first_pause{10}, longest_pause{3600};

    /// Starts at once. The queue must outlive it.
    Courier(std::string name, std::unique_ptr<Outlet> outlet, Queue& queue);
    ~Courier();
    Courier(const Courier&) = delete;
    Courier& operator=(const Courier&) = delete;

    /// Something waits.
    void wake();
    /// Sends this now, past the queue. Where that is delivered the queue goes on at once, too.
    std::future<Delivery> test(Message message);
    [[nodiscard]] Health health() const;
    [[nodiscard]] const Outlet& outlet() const { return *outlet_; }
    [[nodiscard]] const std::string& name() const { return name_; }

    /// Pause before attempt number `attempts` + 1; `dice` from 0 to 1.
    static std::chrono::milliseconds pause(std::uint64_t attempts, std::chrono::seconds asked, double dice);

 private:
    struct Test {
        Message message;
        std::promise<Delivery> answer;
    };
    void run();
    void run_tests();
    std::chrono::milliseconds carry();
    Delivery attempt(const Message& message);
    void note(const Delivery& delivery, const std::string& id);
    void keep(const Health& health);

    std::string name_;
    std::unique_ptr<Outlet> outlet_;
    Queue& queue_;
    std::atomic<bool> stop_{false};
    mutable std::mutex mutex_;  ///< of what follows
    std::condition_variable awake_;
    bool has_news_ = true;
    std::vector<Test> tests_;
    Health health_;
    /// What became of the newest message that is done with: where the disk is too full to note that, it is not sent again.
    std::pair<std::string, Delivery> done_;
    std::mt19937 dice_{std::random_device{}()};
    std::thread thread_;  ///< last, so that everything is there when it starts
};

}  // namespace linnet
