// An outlet: a way out of the house for messages. One file each (ntfy.cpp, webhook.cpp, email.cpp, …), one line in
// outlets.cpp.
//
// Linnet's outlets send one message at a time: send() is called by a thread that is this outlet's alone (courier.hpp), may
// block until its own time limit, and says what became of the message. The queue, the order, the back-off and the words are
// not its business. What an outlet is told by its server is a stranger's text: it is bounded, and shown to people only
// through plain_line().
//
// What is no message but a stream (records, a state, an endpoint that others read) is the second kind: a Stream runs in a
// thread of its own (stream_runner.hpp), asks the analyzer itself, and keeps how far it has come as its cursor. It has no
// queue: what it has not written yet is in the analyzer's database.
#pragma once

#include "message.hpp"
#include "secret.hpp"

#include "wire/settings.hpp"

#include <atomic>
#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace linnet {

/// What became of an attempt.
struct Delivery {
    enum class Result : std::uint8_t {
        delivered,
        later,     ///< the way is closed now: try this message again
        refused,   ///< this message will never be taken: go on with the next
        shut_out,  ///< no message will be taken until a person does something
    };
    Result result = Result::delivered;
    std::string reason;                  ///< a sentence for people without secrets; empty where delivered
    std::chrono::seconds retry_after{};  ///< what the server asked for; 0 = nothing
};

/// What all outlets have in common.
struct OutletBasics {
    std::string name;               ///< of the table in linnet.toml: [outlets.phone]
    Secret secret;                  ///< from token_file or credential; empty where there is none
    std::filesystem::path ca_file;  ///< certificates to believe in place of the system's; empty = the system's
};

class Outlet {
 public:
    Outlet() = default;
    Outlet(const Outlet&) = delete;
    Outlet& operator=(const Outlet&) = delete;
    virtual ~Outlet() = default;

    /// Exactly the bytes that would leave for this message, secrets masked by asterisks.
    [[nodiscard]] virtual std::string preview(const Message& message, Timestamp now) const = 0;

    /// Returns soon after `stop` is true.
    virtual Delivery send(const Message& message, Timestamp now, const std::atomic<bool>& stop) = 0;
};

/// What a stream is given by the program; for its thread alone.
class StreamHost {
 public:
    StreamHost() = default;
    StreamHost(const StreamHost&) = delete;
    StreamHost& operator=(const StreamHost&) = delete;
    virtual ~StreamHost() = default;

    [[nodiscard]] virtual const std::string& api() const = 0;               ///< the analyzer's endpoint
    [[nodiscard]] virtual const std::filesystem::path& folder() const = 0;  ///< where linnet-outlets keeps what it remembers
    virtual Json outlets() = 0;                                             ///< how all outlets are, as in control.hpp
    virtual std::string cursor() = 0;                                       ///< as saved; empty = nothing yet
    virtual void save(const std::string& cursor) = 0;
    virtual void note(const Delivery& delivery) = 0;  ///< what became of the newest attempt; `delivered` counts up
    /// Returns when something is new at the analyzer or the time is over; false = the program ends, so return from run().
    virtual bool wait(std::chrono::milliseconds longest) = 0;
};

class Stream {
 public:
    Stream() = default;
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;
    virtual ~Stream() = default;

    /// Exactly the bytes that would leave for this EVE alert, or of what it says anyway where alerts are not its business.
    [[nodiscard]] virtual std::string preview(const Json& alert) const = 0;

    /// Until host.wait() is false. What it throws is noted, and it is run again after a pause.
    virtual void run(StreamHost& host) = 0;
};

/// One of the two factories is there. They read their own settings, and throw SettingsError.
struct OutletType {
    std::string_view name;  ///< in linnet.toml: type = "ntfy"
    std::unique_ptr<Outlet> (*make)(Settings& settings, OutletBasics&& basics) = nullptr;
    std::unique_ptr<Stream> (*make_stream)(Settings& settings, OutletBasics&& basics) = nullptr;
};

}  // namespace linnet
