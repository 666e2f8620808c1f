#include "api.hpp"
#include "keys.hpp"
#include "link.hpp"

#include <algorithm>
#include <cerrno>
#include <deque>
#include <zmq.hpp>

namespace linnet::api {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::size_t kept_feed = 1'000;  ///< messages; when more wait unread the oldest go, and the reader sees the gap

std::chrono::milliseconds until(Clock::time_point deadline) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    return std::max(left, std::chrono::milliseconds{0});
}

Credentials credentials_for(const Address& address) {
    const auto file = address.key.empty() ? personal_key_file() : address.key;
    const auto with = file.parent_path() / paired_file_name;
    std::error_code ignored;
    if (!std::filesystem::exists(file, ignored) || !std::filesystem::exists(with, ignored))
        throw Error{"This computer is not paired with the analyzer at " + address.endpoint +
                    ": run `linnet pair --dashboard` there and `linnet join` here."};
    try {
        return {own_keys(file), read_paired(with).key};
    } catch (const KeyError& error) {
        throw Error{error.what()};
    }
}

}  // namespace

struct Client::Impl {
    std::string endpoint, program;
    zmq::context_t context{1};
    zmq::socket_t socket{context, zmq::socket_type::dealer};
    std::uint64_t last_id = 0;
    std::deque<Json> feed;

    /// False when the time is over or a signal came.
    bool ready(short events, Clock::time_point deadline) {
        zmq::pollitem_t item{socket.handle(), 0, events, 0};
        try {
            return zmq::poll(&item, 1, until(deadline)) > 0;
        } catch (const zmq::error_t& error) {
            if (error.num() != EINTR) throw;
            return false;
        }
    }

    std::optional<Json> receive() {
        zmq::message_t message;
        if (!socket.recv(message, zmq::recv_flags::dontwait)) return std::nullopt;
        auto json = Json::parse(message.to_string_view(), nullptr, false);
        if (!json.is_object()) throw Error{"The answer from " + endpoint + " is not one of Linnet's."};
        return json;
    }

    /// Keeps a feed message for next_feed(); false where it is none.
    bool keep_feed(Json& message) {
        const auto found = message.find("feed");
        if (found == message.end()) return false;
        feed.push_back(std::move(*found));
        if (feed.size() > kept_feed) feed.pop_front();
        return true;
    }

    Json result_of(Json& answer) const {
        if (answer.value("ok", false) && answer.contains("result")) return std::move(answer["result"]);
        const auto error = answer.value("error", Json::object());
        throw Error{error.is_object() ? error.value("message", "The analyzer refused without a reason.")
                                      : "The answer from " + endpoint + " is not one of Linnet's."};
    }
};

Client::Client(const Address& address, const std::string& program) : impl_{std::make_unique<Impl>()} {
    const auto& endpoint = impl_->endpoint = address.endpoint;
    impl_->program = program;
    auto& socket = impl_->socket;
    link::configure(socket);
    socket.set(zmq::sockopt::maxmsgsize, static_cast<std::int64_t>(max_message));
    socket.set(zmq::sockopt::immediate, true);  // a question is not kept for an analyzer that is not there
    const bool is_endpoint = endpoint.find("://") != std::string::npos;
    try {
        if (is_endpoint && leaves_machine(endpoint)) {
            const auto credentials = credentials_for(address);
            connect_securely(socket, credentials.own, credentials.server_key);
        }
        socket.connect(endpoint);
    } catch (const zmq::error_t&) {
        throw Error{"\"" + endpoint + "\" is not an endpoint such as " + default_endpoint + " or tcp://192.0.2.1:5392."};
    }
}

Client::~Client() = default;

Json Client::request(const std::string& name, const Json& arguments, std::chrono::milliseconds timeout) {
    const auto deadline = Clock::now() + timeout;
    const auto unreachable = Error{(impl_->program == "linnet-analyzer" ? "No analyzer answers at " : "Nobody answers at ") +
                                   impl_->endpoint + ". Is " + impl_->program + " running" +
                                   (leaves_machine(impl_->endpoint) ? ", and is this computer still paired with it?" : "?")};
    const auto id = ++impl_->last_id;
    const auto text = Json{{"id", id}, {"request", name}, {"arguments", arguments}}.dump();
    while (!impl_->socket.send(zmq::buffer(text), zmq::send_flags::dontwait))
        if (!impl_->ready(ZMQ_POLLOUT, deadline) && Clock::now() >= deadline) throw unreachable;
    try {
        while (true) {
            auto answer = impl_->receive();
            if (!answer) {
                if (!impl_->ready(ZMQ_POLLIN, deadline) && Clock::now() >= deadline) throw unreachable;
            } else if (!impl_->keep_feed(*answer) && answer->value("id", std::uint64_t{0}) == id) {
                return impl_->result_of(*answer);
            }
        }
    } catch (const Json::exception&) {
        throw Error{"The answer from " + impl_->endpoint + " is not one of Linnet's."};
    }
}

std::optional<Json> Client::next_feed(std::chrono::milliseconds timeout) {
    const auto deadline = Clock::now() + timeout;
    while (impl_->feed.empty()) {
        auto message = impl_->receive();
        if (message)
            impl_->keep_feed(*message);
        else if (!impl_->ready(ZMQ_POLLIN, deadline))
            return std::nullopt;
    }
    auto next = std::move(impl_->feed.front());
    impl_->feed.pop_front();
    return next;
}

}  // namespace linnet::api
