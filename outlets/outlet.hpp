// An outlet: a way out of the house for messages. One file each (ntfy.cpp, webhook.cpp, email.cpp, …), one line in
// outlets.cpp.
//
// Linnet's outlets send one message at a time: send() is called by a thread that is this outlet's alone (courier.hpp), may
// block until its own time limit, and says what became of the message. The queue, the order, the back-off and the words are
// not its business. What an outlet is told by its server is a stranger's text: it is bounded, and shown to people only
// through plain_line().
//
// A stream outlet (mqtt.cpp) is the second kind: no messages, but what the analyzer's feed says, as it is now. It has no
// queue and no voice; what was missed meanwhile is not so any more.
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

/// Called by one thread, which it must not keep waiting; what takes time it does in its own.
class StreamOutlet {
 public:
    StreamOutlet() = default;
    StreamOutlet(const StreamOutlet&) = delete;
    StreamOutlet& operator=(const StreamOutlet&) = delete;
    virtual ~StreamOutlet() = default;

    /// Once, before all others: from now on it may send. `folder` is where linnet-outlets keeps what it remembers.
    virtual void start(const std::filesystem::path& folder) = 0;
    /// All that is so now: the answer to `subscribe` (wire/api.hpp). May throw what the JSON library throws.
    virtual void begin(const Json& all) = 0;
    /// What a commit changed: the "feed" object, without a gap since the last one. May throw the same.
    virtual void follow(const Json& feed) = 0;
    /// The analyzer is not heard; begin() follows when it is again.
    virtual void lose() = 0;

    /// Exactly the bytes that would leave now, secrets masked.
    [[nodiscard]] virtual std::string preview() const = 0;
    /// How it goes: the way is open, or why not.
    [[nodiscard]] virtual Delivery state() const = 0;
    [[nodiscard]] virtual std::uint64_t delivered() const = 0;
    [[nodiscard]] virtual Timestamp last_success() const = 0;  ///< zero = none yet
};

struct OutletType {
    std::string_view name;  ///< in linnet.toml: type = "ntfy"
    /// Reads its own settings; throws SettingsError. One of the two.
    std::unique_ptr<Outlet> (*make)(Settings& settings, OutletBasics&& basics) = nullptr;
    std::unique_ptr<StreamOutlet> (*make_stream)(Settings& settings, OutletBasics&& basics) = nullptr;
};

}  // namespace linnet
