#include "fake_analyzer.hpp"

#include <optional>
#include <stdexcept>
#include <zmq.hpp>

namespace linnet::demo {
namespace {

using Clock = std::chrono::steady_clock;

}  // namespace

FakeAnalyzer::FakeAnalyzer(Json state, std::chrono::milliseconds heartbeat, const std::string& endpoint)
    : heartbeat_{heartbeat}, state_(std::move(state)) {
    std::atomic<bool> bound{false};
    std::string reason;
    thread_ = std::thread{[this, endpoint, &bound, &reason] {
        zmq::context_t context{1};
        zmq::socket_t router{context, zmq::socket_type::router};
        router.set(zmq::sockopt::linger, 0);
        try {
            router.bind(endpoint);
            endpoint_ = router.get(zmq::sockopt::last_endpoint);
        } catch (const zmq::error_t& error) {
            reason = error.what();
        }
        bound = true;
        bound.notify_one();
        if (!endpoint_.empty()) run(router);
    }};
    bound.wait(false);
    if (!endpoint_.empty()) return;
    thread_.join();
    throw std::runtime_error{"cannot bind " + endpoint + ": " + reason};
}

FakeAnalyzer::~FakeAnalyzer() {
    stop_ = true;
    thread_.join();
}

void FakeAnalyzer::set_state(Json state) {
    const std::scoped_lock lock{mutex_};
    state_ = std::move(state);
}

void FakeAnalyzer::tell(Json changes) {
    const std::scoped_lock lock{mutex_};
    changes["sequence"] = ++sequence_;
    to_send_.push_back(Json{{"feed", std::move(changes)}}.dump());
}

void FakeAnalyzer::tell_raw(std::string bytes) {
    const std::scoped_lock lock{mutex_};
    to_send_.push_back(std::move(bytes));
}

void FakeAnalyzer::lose_one() {
    const std::scoped_lock lock{mutex_};
    ++sequence_;
}

void FakeAnalyzer::fall_silent() { silent_ = true; }
void FakeAnalyzer::speak_again() { silent_ = false; }

void FakeAnalyzer::run(zmq::socket_t& router) {
    std::optional<std::string> subscriber;
    auto next_heartbeat = Clock::now() + heartbeat_;
    const auto send = [&router](const std::string& to, const std::string& text) {
        router.send(zmq::buffer(to), zmq::send_flags::sndmore);
        router.send(zmq::buffer(text), zmq::send_flags::none);
    };
    while (!stop_) {
        zmq::pollitem_t item{router.handle(), 0, ZMQ_POLLIN, 0};
        if (zmq::poll(&item, 1, std::chrono::milliseconds{5}) > 0) {
            zmq::message_t from, text;
            if (!router.recv(from) || !router.recv(text)) continue;
            if (silent_) continue;
            const Json request = Json::parse(text.to_string_view());
            Json answer{{"id", request.at("id")}, {"ok", true}};
            const std::scoped_lock lock{mutex_};
            if (request.at("request") == "subscribe") {
                subscriber = from.to_string();
                to_send_.clear();  // the snapshot has it
                answer["result"] = state_;
                answer["result"]["sequence"] = sequence_;
                ++subscriptions_;
            } else {
                answer["result"] = state_.at("status");
            }
            send(from.to_string(), answer.dump());
        }
        if (silent_ || !subscriber) continue;
        if (Clock::now() >= next_heartbeat) {
            tell(Json::object());
            next_heartbeat = Clock::now() + heartbeat_;
        }
        const std::scoped_lock lock{mutex_};
        for (; !to_send_.empty(); to_send_.pop_front()) send(*subscriber, to_send_.front());
    }
}

}  // namespace linnet::demo
