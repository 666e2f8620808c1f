#include "feed.hpp"

#include "models/plain_text.hpp"

namespace linnet {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds tick{100};  ///< how often the thread looks whether it should stop

bool stopping() { return QThread::currentThread()->isInterruptionRequested(); }

Timestamp now() { return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now()); }

}  // namespace

Feed::Feed(api::Address address, Home& home, Times times)
    : address_{std::move(address)}, home_{home}, times_{times}, thread_{QThread::create([this] { run(); })} {
    thread_->setObjectName(QStringLiteral("feed"));
    thread_->start();
}

Feed::~Feed() {
    thread_->requestInterruption();
    thread_->wait();
}

void Feed::run() {
    while (!stopping()) {
        QString trouble;
        try {
            follow();
        } catch (const api::Error& error) {
            trouble = plain::line(std::string_view{error.what()});
        } catch (const std::exception&) {
            trouble =
                QStringLiteral("The analyzer's answer was not understood. Are analyzer and dashboard of the same version?");
        }
        if (stopping()) return;
        report(was_connected_ ? Connection::lost : Connection::unreachable, trouble);
        pause();
    }
}

/// Returns when the thread should stop; throws when the connection is of no more use.
void Feed::follow() {
    api::Client client{address_};
    client.request("status", Json::object(), times_.greeting);
    std::uint64_t sequence = subscribe(client);
    auto heard = Clock::now();
    while (!stopping()) {
        const auto feed = client.next_feed(tick);
        if (!feed) {
            if (Clock::now() - heard >= times_.silence) throw api::Error{"The analyzer has fallen silent."};
            continue;
        }
        const auto number = feed->at("sequence").get<std::uint64_t>();
        if (number <= sequence) continue;  // it was on its way before the snapshot, and does not count as being heard
        if (number == sequence + 1) {
            deliver(read_update(*feed, UpdateKind::changes));
            sequence = number;
        } else {
            sequence = subscribe(client);
        }
        heard = Clock::now();
    }
}

std::uint64_t Feed::subscribe(api::Client& client) {
    const Json snapshot = client.request("subscribe", Json::object(), times_.snapshot);
    const auto sequence = snapshot.at("sequence").get<std::uint64_t>();
    deliver(read_update(snapshot, UpdateKind::snapshot));
    was_connected_ = true;
    report(Connection::connected, {});
    return sequence;
}

void Feed::deliver(FeedUpdate update) {
    while (!room_->tryAcquire(1, static_cast<int>(tick.count())))
        if (stopping()) return;
    const auto carried = std::make_shared<FeedUpdate>(std::move(update));
    QMetaObject::invokeMethod(
        &home_,
        [&home = home_, room = room_, carried, at = now()] {
            home.apply(std::move(*carried), at);
            room->release();
        },
        Qt::QueuedConnection);
}

void Feed::report(Connection connection, const QString& trouble) {
    QMetaObject::invokeMethod(
        &home_, [&home = home_, connection, trouble] { home.set_connection(connection, trouble); }, Qt::QueuedConnection);
}

void Feed::pause() const {
    for (const auto end = Clock::now() + times_.retry; Clock::now() < end && !stopping();) QThread::msleep(20);
}

}  // namespace linnet
