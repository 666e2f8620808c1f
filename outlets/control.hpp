// How the command line asks linnet-outlets: requests and answers in the form of wire/api.hpp, over a ROUTER socket of its
// own.
//
//   request    arguments             result
//   outlets    —                     [{"name", "type", "state": "ready", "waiting" (to try again), "stopped" (until a person
//   does
//                                    something), "queue": messages, "delivered", "refused", "last_success": time or absent,
//                                    "last_error": text or absent, "next": time of the next attempt or absent}]
//   test       {"outlet": name}      {"delivered": true or false, "reason": text}, when it was tried
//   preview    {"outlet": name}      [{"name", "example": whether it is about a made-up alert, "bytes": text}]; of all
//   without
#pragma once

#include "courier.hpp"

#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>
#include <zmq.hpp>

namespace linnet {

class Control {
 public:
    static constexpr std::size_t max_request = 4 * 1024, max_tests = 16;

    struct Actions {
        std::function<Json()> outlets;
        /// Nothing where there is no such outlet.
        std::function<std::optional<std::future<Delivery>>(const std::string& outlet)> test;
        std::function<std::optional<Json>(const std::string& outlet)> preview;  ///< empty name = all
    };

    /// Throws EndpointError (analyzer/endpoint.hpp).
    Control(zmq::context_t& context, const std::string& endpoint, Actions actions);

    /// Answers what has arrived, and tests that are done. Never waits.
    void serve();

 private:
    struct Pending {
        std::string peer;
        std::uint64_t id;
        std::future<Delivery> delivery;
    };
    void answer(const std::string& peer, std::string_view text);
    void answer_tests();
    void send(const std::string& peer, const Json& answer);

    zmq::socket_t socket_;
    Actions actions_;
    std::vector<Pending> tests_;
};

}  // namespace linnet
