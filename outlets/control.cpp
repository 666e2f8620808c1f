#include "control.hpp"

#include "analyzer/endpoint.hpp"
#include "wire/link.hpp"

#include <cerrno>
#include <utility>

namespace linnet {
namespace {

constexpr int requests_at_once = 16;

Json refusal(std::uint64_t id, const std::string& code, const std::string& message) {
    return {{"id", id}, {"ok", false}, {"error", {{"code", code}, {"message", message}}}};
}

Json success(std::uint64_t id, Json result) {
    Json answer{{"id", id}, {"ok", true}};
    answer["result"] = std::move(result);
    return answer;
}

}  // namespace

Control::Control(zmq::context_t& context, const std::string& endpoint, Actions actions)
    : socket_{context, zmq::socket_type::router}, actions_{std::move(actions)} {
    link::configure(socket_);
    socket_.set(zmq::sockopt::maxmsgsize, std::int64_t{max_request});
    socket_.set(zmq::sockopt::router_mandatory, true);
    bind(socket_, endpoint);
}

void Control::serve() {
    answer_tests();
    for (int i = 0; i < requests_at_once; ++i) {
        zmq::message_t from, body;
        if (!socket_.recv(from, zmq::recv_flags::dontwait)) return;
        for (bool is_first = true; socket_.get(zmq::sockopt::rcvmore); is_first = false) {
            zmq::message_t part;
            if (!socket_.recv(part, zmq::recv_flags::dontwait)) break;
            if (is_first) body = std::move(part);
        }
        answer(from.to_string(), body.to_string_view());
    }
}

void Control::answer(const std::string& peer, std::string_view text) {
    const auto shallow = [](int depth, Json::parse_event_t, const Json&) { return depth <= 2; };
    const auto request = Json::parse(text, shallow, false);
    const auto number = request.is_object() ? request.value("id", Json{}) : Json{};
    if (!number.is_number_unsigned()) return send(peer, refusal(0, "bad-request", "The request has no number."));
    const auto id = number.get<std::uint64_t>();
    const auto name = request.value("request", Json{});
    const auto arguments = request.value("arguments", Json::object());
    const auto wanted = arguments.is_object() ? arguments.value("outlet", Json("")) : Json{};
    if (!wanted.is_string()) return send(peer, refusal(id, "bad-request", "\"outlet\" must be the name of an outlet."));
    const auto outlet = wanted.get<std::string>();
    const auto unknown = refusal(id, "unknown-outlet", "There is no such outlet. \"linnet outlets\" lists them.");
    if (name == "outlets") return send(peer, success(id, actions_.outlets()));
    if (name == "preview") {
        auto previews = actions_.preview(outlet);
        return send(peer, previews ? success(id, std::move(*previews)) : unknown);
    }
    if (name != "test")
        return send(peer, refusal(id, "unknown-request", "The request is not known: outlets, preview and test are."));
    if (tests_.size() >= max_tests) return send(peer, refusal(id, "too-many", "Too many tests run already. Wait a little."));
    auto delivery = actions_.test(outlet);
    if (!delivery) return send(peer, unknown);
    tests_.push_back({peer, id, std::move(*delivery)});
}

void Control::answer_tests() {
    std::erase_if(tests_, [this](Pending& test) {
        if (test.delivery.wait_for(std::chrono::seconds{0}) != std::future_status::ready) return false;
        Json result;
        try {
            const auto delivery = test.delivery.get();
            result = {{"delivered", delivery.result == Delivery::Result::delivered}, {"reason", delivery.reason}};
        } catch (const std::exception& error) {  // also where the outlet's thread broke off
            result = {{"delivered", false}, {"reason", error.what()}};
        }
        send(test.peer, success(test.id, std::move(result)));
        return true;
    });
}

void Control::send(const std::string& peer, const Json& answer) {
    try {
        if (socket_.send(zmq::buffer(peer), zmq::send_flags::dontwait | zmq::send_flags::sndmore))
            socket_.send(zmq::buffer(dump(answer)), zmq::send_flags::dontwait);
    } catch (const zmq::error_t& error) {
        if (error.num() != EHOSTUNREACH && error.num() != EAGAIN) throw;  // who asked is gone
    }
}

}  // namespace linnet
