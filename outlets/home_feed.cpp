#include "home_feed.hpp"

#include <stdexcept>
#include <utility>

namespace linnet {

void HomeFeed::turn_once() {
    if (!client_ && Clock::now() < resume_at_) return;
    try {
        if (!client_) {
            client_ = std::make_unique<api::Client>(endpoint_);
            begin();
        }
        bool has_gap = false;
        while (const auto feed = client_->next_feed(std::chrono::milliseconds{0})) {
            heard_ = Clock::now();
            has_gap = !take(*feed) || has_gap;
        }
        if (has_gap) begin();
        if (Clock::now() - heard_ <= api::silence) return;
    } catch (const std::exception&) {  // it is away, or says what makes no sense
    }
    client_.reset();
    resume_at_ = Clock::now() + retry;
    listener_.lose();
}

void HomeFeed::begin() {
    const auto all = client_->request("subscribe", Json::object(), patience);
    sequence_ = all.at("sequence").get<std::uint64_t>();
    listener_.begin(all);
    heard_ = Clock::now();
}

/// False where something was missed. What was sent before we subscribed is in its answer already.
bool HomeFeed::take(const Json& feed) {
    const auto sequence = feed.at("sequence").get<std::uint64_t>();
    if (sequence <= sequence_) return true;
    const bool is_next = sequence == sequence_ + 1;
    sequence_ = sequence;
    if (is_next) listener_.follow(feed);
    return is_next;
}

}  // namespace linnet
