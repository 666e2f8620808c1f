#include "courier.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace linnet {
namespace {

constexpr std::chrono::milliseconds idle{60'000};

Timestamp time_of_day() { return std::chrono::floor<Duration>(std::chrono::system_clock::now()); }

}  // namespace

Courier::Courier(std::string name, std::unique_ptr<Outlet> outlet, Queue& queue)
    : name_{std::move(name)},
      outlet_{std::move(outlet)},
      queue_{queue},
      health_{queue.with([this](Ledger& ledger) { return ledger.health(name_); })},
      thread_{[this] { run(); }} {}

Courier::~Courier() {
    {
        const std::lock_guard lock{mutex_};
        stop_ = true;
    }
    awake_.notify_all();
    thread_.join();
}

void Courier::wake() {
    {
        const std::lock_guard lock{mutex_};
        has_news_ = true;
    }
    awake_.notify_all();
}

std::future<Delivery> Courier::test(Message message) {
    std::promise<Delivery> answer;
    auto future = answer.get_future();
    {
        const std::lock_guard lock{mutex_};
        tests_.push_back({std::move(message), std::move(answer)});
    }
    awake_.notify_all();
    return future;
}

Health Courier::health() const {
    const std::lock_guard lock{mutex_};
    return health_;
}

std::chrono::milliseconds Courier::pause(std::uint64_t attempts, std::chrono::seconds asked, double dice) {
    auto pause = std::chrono::duration_cast<std::chrono::milliseconds>(first_pause);
    for (std::uint64_t i = 1; i < attempts && pause < longest_pause; ++i) pause *= 2;
    pause = std::min<std::chrono::milliseconds>(pause, longest_pause);
    const auto spread = static_cast<double>(pause.count()) * (0.75 + dice / 2);
    // Never before the server wants it, and not all of us at the same moment.
    const auto wanted =
        std::chrono::milliseconds{asked} + std::chrono::milliseconds{static_cast<std::int64_t>(dice * 2'000)};
    return asked.count() > 0 ? wanted : std::chrono::milliseconds{static_cast<std::int64_t>(spread)};
}

void Courier::run() {
    while (!stop_) {
        auto sleep = idle;
        try {
            run_tests();
            sleep = carry();
        } catch (const std::exception& error) {  // the disk is full, or the queue is gone: the program goes on
            spdlog::error("{}: {}", name_, error.what());
            sleep = first_pause;
        }
        std::unique_lock lock{mutex_};
        awake_.wait_for(lock, sleep, [this] { return stop_ || has_news_ || !tests_.empty(); });
        has_news_ = false;
    }
}

void Courier::run_tests() {
    std::vector<Test> tests;
    {
        const std::lock_guard lock{mutex_};
        tests.swap(tests_);
    }
    for (auto& test : tests) {
        const auto delivery = attempt(test.message);
        auto health = this->health();
        if (delivery.result == Delivery::Result::delivered) {
            health.last_success = time_of_day();
            health.last_error.clear();
            health.attempts = 0;
            health.next = {};
            health.shut_out = false;
        } else {
            health.last_error = delivery.reason;
        }
        keep(health);
        test.answer.set_value(delivery);
    }
}

/// One message at most; says how long there is nothing to do.
std::chrono::milliseconds Courier::carry() {
    const auto health = this->health();
    if (health.shut_out) return idle;
    const auto message = queue_.with([this](Ledger& ledger) { return ledger.oldest(name_); });
    if (!message) return idle;
    const auto wait = std::chrono::ceil<std::chrono::milliseconds>(health.next - time_of_day());
    // Further away than any pause: the clock was set back.
    if (wait > std::chrono::milliseconds{0} && wait <= 2 * longest_pause)
        return std::min<std::chrono::milliseconds>(wait, idle);
    const auto delivery = message->id == done_.first ? done_.second : attempt(*message);
    if (stop_ && delivery.result == Delivery::Result::later) return idle;  // it was us who broke off
    note(delivery, message->id);
    return std::chrono::milliseconds{0};
}

Delivery Courier::attempt(const Message& message) {
    try {
        return outlet_->send(message, time_of_day(), stop_);
    } catch (const std::exception& error) {
        return {Delivery::Result::later, error.what(), {}};
    }
}

void Courier::note(const Delivery& delivery, const std::string& id) {
    using Result = Delivery::Result;
    auto health = this->health();
    const auto before = health;
    if (delivery.result == Result::delivered) {
        ++health.delivered;
        health.last_success = time_of_day();
    } else if (delivery.result == Result::refused) {
        ++health.refused;
    }
    health.last_error = delivery.reason;
    health.shut_out = delivery.result == Result::shut_out;
    const bool is_done = delivery.result == Result::delivered || delivery.result == Result::refused;
    if (is_done) done_ = {id, delivery};
    health.attempts = is_done ? 0 : health.attempts + 1;
    const auto dice = std::uniform_real_distribution<double>{0, 1}(dice_);
    health.next = is_done ? Timestamp{} : time_of_day() + pause(health.attempts, delivery.retry_after, dice);
    queue_.transact([&](Ledger& ledger) {
        if (is_done) ledger.remove(name_, id);
        ledger.save(name_, health);
    });
    {
        const std::lock_guard lock{mutex_};
        health_ = health;
    }
    if (health.last_error == before.last_error) return;  // told already
    if (health.last_error.empty())
        spdlog::info("{}: messages get through again", name_);
    else if (health.shut_out)
        spdlog::error("{}: {} Nothing more is tried until \"linnet outlets test {}\" gets through, or a restart.", name_,
                      health.last_error, name_);
    else
        spdlog::warn("{}: {}", name_, health.last_error);
}

void Courier::keep(const Health& health) {
    queue_.with([&](Ledger& ledger) { ledger.save(name_, health); });
    const std::lock_guard lock{mutex_};
    health_ = health;
}

}  // namespace linnet
