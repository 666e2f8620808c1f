// Runs a stream in a thread of its own: wakes it, keeps its cursor and how it goes, and runs it again where it broke off.
#pragma once

#include "outlet.hpp"
#include "queue.hpp"

#include <condition_variable>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

namespace linnet {

class StreamRunner : public StreamHost {
 public:
    static constexpr std::chrono::seconds pause{10};  ///< before it is run again

    /// The queue and what `all` uses must outlive it. Runs nothing before start().
    StreamRunner(std::string name, std::string type, std::unique_ptr<Stream> stream, Queue& queue, std::string api,
                 std::function<Json()> all);
    ~StreamRunner() override;

    void start();
    void wake();
    [[nodiscard]] Health health() const;
    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] std::string preview(const Json& alert) const { return stream_->preview(alert); }
    /// What became of the newest attempt: nothing is made up for a stream.
    [[nodiscard]] std::future<Delivery> test() const;

    [[nodiscard]] const std::string& api() const override { return api_; }
    Json outlets() override { return all_(); }
    std::string cursor() override;
    void save(const std::string& cursor) override;
    void note(const Delivery& delivery) override;
    bool wait(std::chrono::milliseconds longest) override;

 private:
    void run();

    std::string name_, type_;
    std::unique_ptr<Stream> stream_;
    Queue& queue_;
    std::string api_;
    std::function<Json()> all_;
    mutable std::mutex mutex_;  ///< of what follows
    std::condition_variable awake_;
    bool stop_ = false, has_news_ = true;
    Health health_;
    std::thread thread_;
};

}  // namespace linnet
