// Follows the analyzer's feed (wire/api.hpp, `subscribe`): all that is so, then what each commit changed. After a gap or a
// silence it begins anew. For one thread.
#pragma once

#include "wire/api.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace linnet {

class HomeFeed {
 public:
    struct Listener {
        std::function<void(const Json& all)> begin;    ///< the answer to `subscribe`
        std::function<void(const Json& feed)> follow;  ///< the "feed" object, without a gap since the last one
        std::function<void()> lose;                    ///< the analyzer is not heard; begin() follows when it is again
    };

    /// What the listener throws for an answer that makes no sense (of the JSON library, std::invalid_argument) is as a loss.
    HomeFeed(std::string endpoint, Listener listener) : endpoint_{std::move(endpoint)}, listener_{std::move(listener)} {}

    /// What has arrived. Waits only where it has to begin: at most `patience`, and not again before `retry` is over.
    void turn_once();

 private:
    using Clock = std::chrono::steady_clock;
    static constexpr std::chrono::seconds patience{3}, retry{5};

    void begin();
    [[nodiscard]] bool take(const Json& feed);

    std::string endpoint_;
    Listener listener_;
    std::unique_ptr<api::Client> client_;
    std::uint64_t sequence_ = 0;  ///< of the newest message
    Clock::time_point heard_, resume_at_;
};

}  // namespace linnet
