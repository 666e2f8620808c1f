// The dashboard's ear: a thread that follows the analyzer's live feed (wire/api.hpp) and brings what it hears to the
// thread of the window.
//
// The way of a message: analyzer -> api::Client (this thread owns it) -> read_update -> queue -> Home (the window's thread).
// A gap in the sequence makes it subscribe again; silence, a failed request or an answer that cannot be understood make it
// connect anew, for as long as it lives. The window's thread never waits for the network: where the window is slower than
// the feed, the thread pauses after `most_waiting` messages, and what the analyzer cannot send meanwhile is a gap.
#pragma once

#include "models/home.hpp"
#include "wire/api.hpp"

#include <QSemaphore>
#include <QThread>
#include <memory>
#include <string>

namespace linnet {

class Feed {
 public:
    struct Times {
        std::chrono::milliseconds silence = api::silence;  ///< nothing heard for so long: the connection is lost
        std::chrono::milliseconds retry{1000};             ///< between two attempts
        std::chrono::milliseconds greeting{1500};          ///< an analyzer that is there says so within this time
        std::chrono::milliseconds snapshot{10'000};        ///< and sends all it has within this one
    };
    static constexpr int most_waiting = 32;

    /// Starts at once. `home` lives in the calling thread and longer than the feed.
    Feed(api::Address address, Home& home, Times times);
    /// Waits for the thread: mostly a tenth of a second, at the very most as long as a request may take.
    ~Feed();
    Feed(const Feed&) = delete;
    Feed& operator=(const Feed&) = delete;

 private:
    void run();
    void follow();
    std::uint64_t subscribe(api::Client& client);
    void deliver(FeedUpdate update);
    void report(Connection connection, const QString& trouble);
    void pause() const;

    api::Address address_;
    Home& home_;
    Times times_;
    bool was_connected_ = false;                                                     ///< the thread's own
    std::shared_ptr<QSemaphore> room_ = std::make_shared<QSemaphore>(most_waiting);  ///< shared with messages on their way
    std::unique_ptr<QThread> thread_;
};

}  // namespace linnet
