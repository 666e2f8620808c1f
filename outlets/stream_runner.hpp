// Runs a stream in a thread of its own: wakes it, keeps its cursor and how it goes, and runs it again where it broke off.
#pragma once

#include "outlet.hpp"
#include "queue.hpp"

#include <condition_variable>
#include <filesystem>
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

    struct Surroundings {
        std::string api;
        std::filesystem::path folder;
        std::function<Json()> outlets;
    };

    /// The queue and what `outlets` uses must outlive it. Runs nothing before start().
    StreamRunner(std::string name, std::unique_ptr<Stream> stream, Queue& queue, Surroundings surroundings);
    ~StreamRunner() override;

    void start();
    void wake();
    [[nodiscard]] Health health() const;
    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] std::string preview(const Json& alert) const { return stream_->preview(alert); }
    /// What became of the newest attempt: nothing is made up for a stream.
    [[nodiscard]] std::future<Delivery> test() const;

    [[nodiscard]] const std::string& api() const override { return surroundings_.api; }
    [[nodiscard]] const std::filesystem::path& folder() const override { return surroundings_.folder; }
    Json outlets() override { return surroundings_.outlets(); }
    std::string cursor() override;
    void save(const std::string& cursor) override;
    void note(const Delivery& delivery) override;
    bool wait(std::chrono::milliseconds longest) override;

 private:
    void run();

    std::string name_;
    std::unique_ptr<Stream> stream_;
    Queue& queue_;
    Surroundings surroundings_;
    mutable std::mutex mutex_;  ///< of what follows
    std::condition_variable awake_;
    bool stop_ = false, has_news_ = true;
    Health health_;
    std::thread thread_;
};

}  // namespace linnet
