#include "pairing_guest.hpp"

#include "keys.hpp"
#include "link.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <iostream>
#include <system_error>
#include <zmq.hpp>

namespace linnet::pairing {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::seconds answer_time{10};

class Connection {
 public:
    explicit Connection(const std::string& endpoint) : endpoint_{endpoint} {
        link::configure(socket_);
        socket_.set(zmq::sockopt::maxmsgsize, static_cast<std::int64_t>(max_message));
        // Not `immediate`: with it, what was heard and not read yet is lost when the other side closes, as a host does.
        try {
            socket_.connect(endpoint);
        } catch (const zmq::error_t&) {
            throw GuestError{"\"" + endpoint + "\" is not an endpoint such as tcp://192.168.1.2:5391."};
        }
    }

    void say(const Bytes& message) {
        socket_.set(zmq::sockopt::sndtimeo, static_cast<int>(std::chrono::milliseconds{answer_time}.count()));
        if (!socket_.send(zmq::buffer(message))) throw nobody();
    }

    /// Calls `take` with each message until it returns true. False when the time is over.
    bool hear(std::chrono::milliseconds time, const std::function<bool(std::span<const std::byte>)>& take) {
        const auto deadline = Clock::now() + time;
        while (true) {
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
            if (left.count() <= 0) return false;
            socket_.set(zmq::sockopt::rcvtimeo, static_cast<int>(left.count()));
            zmq::message_t message;
            if (socket_.recv(message) && take({static_cast<const std::byte*>(message.data()), message.size()})) return true;
        }
    }

    [[nodiscard]] GuestError nobody() const {
        return GuestError{fmt::format(
            "No analyzer waits at {}. Is `linnet pair` running there, and does it wait for somebody else?", endpoint_)};
    }

 private:
    std::string endpoint_;
    zmq::context_t context_{1};
    zmq::socket_t socket_{context_, zmq::socket_type::dealer};
};

/// "yes" at the terminal.
bool person_says_yes(const std::string& question) {
    std::cout << question << std::flush;
    std::string answer;
    std::getline(std::cin, answer);
    return answer == "yes";
}

void show(const std::string& digits) {
    std::cout << "\n    " << digits.substr(0, 3) << ' ' << digits.substr(3)
              << "\n\nType these six digits where `linnet pair` runs.\n"
              << std::flush;
}

}  // namespace

std::string ask_to_be_paired(const std::string& endpoint, const std::string& own_public_key, const std::string& name,
                             const std::function<void(const std::string& digits)>& show_digits) {
    Guest guest{own_public_key, name, random_number()};
    Connection host{endpoint};
    host.say(guest.ask());
    std::optional<Bytes> offer;
    if (!host.hear(answer_time, [&](auto message) { return (offer = guest.on_commitment(message)).has_value(); }))
        throw host.nobody();
    host.say(*offer);
    bool bound = false;
    if (!host.hear(answer_time, [&](auto message) { return bound = guest.on_reveal(message), true; }) || !bound)
        throw GuestError{"The analyzer broke off. If that happens again, somebody may be in between."};
    show_digits(guest.digits());
    std::optional<bool> yes;
    if (!host.hear(open_for, [&](auto message) { return (yes = Guest::on_verdict(message)).has_value(); }))
        throw GuestError{"Nobody typed the digits in time. Begin again with `linnet pair`."};
    if (!*yes)
        throw GuestError{
            "The analyzer did not take the digits, or was told to stop. If they were typed as they stand here, somebody is "
            "in "
            "between: find out who, before you try again."};
    return guest.host_key();
}

void pair_as_guest(const GuestTask& task) {
    std::error_code ignored;
    const auto folder = task.key.parent_path();
    if (!folder.empty() && !std::filesystem::exists(folder, ignored)) {
        std::filesystem::create_directories(folder, ignored);
        ::chmod(folder.c_str(), 0700);
    }
    const auto own = own_keys(task.key);
    const auto key = ask_to_be_paired(task.endpoint, own.public_key, task.name, show);
    // Only a person can tell: whoever is in between would have said yes as well.
    if (!person_says_yes(fmt::format("Does `linnet pair` say that {} is paired now? Type yes if it does: ", task.name)))
        throw GuestError{
            "Not paired. If `linnet pair` does not say so although this program asked, somebody is in between; if it does, "
            "take it back there: linnet revoke " +
            task.name};
    write_paired(folder / paired_file_name, {key, task.endpoint});
    std::cout << fmt::format("Paired. {}\n", task.afterwards);
}

}  // namespace linnet::pairing
