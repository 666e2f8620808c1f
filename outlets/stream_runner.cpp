#include "stream_runner.hpp"

#include <spdlog/spdlog.h>

#include <utility>

namespace linnet {
namespace {

Timestamp time_of_day() { return std::chrono::floor<Duration>(std::chrono::system_clock::now()); }

}  // namespace

StreamRunner::StreamRunner(std::string name, std::unique_ptr<Stream> stream, Queue& queue, Surroundings surroundings)
    : name_{std::move(name)},
      stream_{std::move(stream)},
      queue_{queue},
      surroundings_{std::move(surroundings)},
      health_{queue.with([this](Ledger& ledger) { return ledger.health(name_); })} {}

StreamRunner::~StreamRunner() {
    {
        const std::lock_guard lock{mutex_};
        stop_ = true;
    }
    awake_.notify_all();
    if (thread_.joinable()) thread_.join();
}

void StreamRunner::start() {
    thread_ = std::thread{[this] { run(); }};
}

void StreamRunner::wake() {
    {
        const std::lock_guard lock{mutex_};
        has_news_ = true;
    }
    awake_.notify_all();
}

Health StreamRunner::health() const {
    const std::lock_guard lock{mutex_};
    return health_;
}

std::future<Delivery> StreamRunner::test() const {
    std::promise<Delivery> answer;
    const auto health = this->health();
    const bool is_well = health.attempts == 0 && health.last_success != Timestamp{};
    const auto reason = health.last_error.empty() ? std::string{"Nothing was written yet."} : health.last_error;
    answer.set_value(is_well ? Delivery{} : Delivery{Delivery::Result::later, reason, {}});
    return answer.get_future();
}

std::string StreamRunner::cursor() {
    return queue_.with([this](Ledger& ledger) { return ledger.cursor(name_); });
}

void StreamRunner::save(const std::string& cursor) {
    queue_.with([&](Ledger& ledger) { ledger.save_cursor(name_, cursor); });
}

void StreamRunner::note(const Delivery& delivery) {
    const bool is_well = delivery.result == Delivery::Result::delivered;
    const auto before = health();
    auto health = before;
    health.last_error = delivery.reason;
    health.attempts = is_well ? 0 : health.attempts + 1;
    if (is_well) ++health.delivered, health.last_success = time_of_day();
    {
        const std::lock_guard lock{mutex_};
        health_ = health;
    }
    if (health.last_error == before.last_error) return;  // told already
    if (is_well)
        spdlog::info("{}: it goes on", name_);
    else
        spdlog::warn("{}: {}", name_, health.last_error);
}

bool StreamRunner::wait(std::chrono::milliseconds longest) {
    std::unique_lock lock{mutex_};
    awake_.wait_for(lock, longest, [this] { return stop_ || has_news_; });
    has_news_ = false;
    return !stop_;
}

void StreamRunner::run() {
    const auto rest = [this] {
        std::unique_lock lock{mutex_};
        return !awake_.wait_for(lock, pause, [this] { return stop_; });
    };
    do {
        try {
            stream_->run(*this);
        } catch (const std::exception& error) {
            note({Delivery::Result::later, error.what(), {}});
        }
    } while (rest());
}

}  // namespace linnet
