// An outlet: a way out of the house for messages. One file each (ntfy.cpp, webhook.cpp, email.cpp, …), one line in
// outlets.cpp.
//
// Linnet's outlets send one message at a time: send() is called by a thread that is this outlet's alone (courier.hpp), may
// block until its own time limit, and says what became of the message. The queue, the order, the back-off and the words are
// not its business. What an outlet is told by its server is a stranger's text: it is bounded, and shown to people only
// through plain_line(). (What is no message but a stream, such as a state to be published, will be a second kind beside
// this one.)
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

struct OutletType {
    std::string_view name;  ///< in linnet.toml: type = "ntfy"
    /// Reads its own settings; throws SettingsError.
    std::unique_ptr<Outlet> (*make)(Settings& settings, OutletBasics&& basics);
};

}  // namespace linnet
