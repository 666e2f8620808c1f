// One voice: which changes of alerts become messages of an outlet, and when. A library without I/O and clock: alerts and
// times in, messages out; what it remembers is the caller's to keep (Told for each episode, Standing for the outlet).
//
// One message when an episode begins and one when it ends, of those that are grave enough. In quiet hours messages wait and
// come as one when these are over, but what is to be acted on now goes through; with a digest, the same once a day or week.
// At most so many an hour: what is more comes as one, "and 14 more". What is to be acted on now has an hour's allowance of
// its own, so that noise cannot silence it. What a person muted is not told until the mute ends; what a person has seen
// already need not be told any more. In the first week Linnet learns, and only says what is to be acted on now.
#pragma once

#include "message.hpp"

#include <array>
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace linnet {

/// How far local time is ahead of UTC at that time.
using UtcOffset = std::function<std::chrono::minutes(Timestamp)>;

enum class Digest : std::uint8_t { none, day, week };

/// Of one outlet, as configured.
struct VoiceRules {
    struct Hours {
        std::chrono::minutes begin{}, end{};  ///< since local midnight; end is not in it; may go over midnight
        bool operator==(const Hours&) const = default;
    };
    Severity least = Severity::worth_knowing;  ///< nothing that is less grave
    std::optional<Hours> quiet;
    bool urgent_wakes = true;  ///< what is to be acted on now is told in quiet hours, too
    Digest digest = Digest::none;
    std::chrono::minutes digest_at{8 * 60};  ///< local; a week's on Monday
    std::size_t per_hour = 6;
    std::string link;
};

/// What was told of an episode to one outlet.
struct Told {
    enum class Stage : std::uint8_t {
        silent,  ///< nothing yet: not grave enough, or in the first week
        piled,   ///< as a line among others, or it will be
        begun,   ///< that it began
        over,    ///< nothing more will be
    };
    Stage stage = Stage::silent;
    Severity severity = Severity::worth_knowing;
    std::string headline, device, key;
    std::uint64_t count = 0;
    Timestamp first_seen, last_seen;
    Timestamp muted_until;  ///< a person does not want to hear of it; zero = not muted
    bool operator==(const Told&) const = default;
};

/// What waits to be told as one message.
struct Pile {
    static constexpr std::size_t max_lines = 10, max_about = 64;
    std::uint64_t count = 0;
    Severity gravest = Severity::worth_knowing;
    std::vector<std::string> lines;  ///< the first ones
    std::vector<std::string> about;  ///< keys of devices in these lines
    Timestamp since;
    bool operator==(const Pile&) const = default;
};

/// What an outlet remembers besides its episodes.
struct Standing {
    std::vector<Timestamp> sent, sent_urgent;  ///< within the last hour
    Pile quiet, digest, surplus;
    bool operator==(const Standing&) const = default;
};

Json to_json(const Told& told);
Json to_json(const Standing& standing);
/// Throw nlohmann::json::exception or std::invalid_argument.
Told told_from_json(const Json& json);
Standing standing_from_json(const Json& json);

/// Where the analyzer is in time, as its answer says.
struct Moment {
    Timestamp now;          ///< the clock of the day
    Timestamp seen;         ///< newest event time; episodes end by it
    Timestamp since;        ///< Linnet began to learn; zero = not known
    Duration quiet{};       ///< an episode that was quiet for so long is over
    std::string series;     ///< of the numbers of alerts
    bool is_first = false;  ///< what was over before the outlet was there is not told
};

class Policy {
 public:
    static constexpr std::chrono::days learning{7};

    Policy(std::string outlet, VoiceRules rules, UtcOffset offset);

    /// An alert is new or changed. `told` is what was told of its episode (as new where nothing was), and is brought up to
    /// date, as is `standing`.
    std::vector<Message> on_alert(const Json& eve, const Alert& alert, const Moment& moment, Told& told,
                                  Standing& standing) const;

    /// The message that an episode began, whatever the rules say.
    [[nodiscard]] Message begun(const Json& eve, const Alert& alert, const Moment& moment) const;

    /// An episode has been quiet for Moment::quiet; `id` is its alert's.
    std::vector<Message> on_end(std::uint64_t id, const Moment& moment, Told& told, Standing& standing) const;

    /// What was piled up and is due now. Call it before on_alert().
    std::vector<Message> on_time(const Moment& moment, Standing& standing) const;

 private:
    void deliver(Message&& message, const Moment& moment, Standing& standing, std::vector<Message>& out) const;
    [[nodiscard]] bool is_quiet(Timestamp now) const;
    [[nodiscard]] bool may_send(std::vector<Timestamp>& sent, Timestamp now) const;
    [[nodiscard]] Timestamp digest_after(Timestamp since) const;
    [[nodiscard]] std::string local_text(Timestamp time) const;
    [[nodiscard]] Message summary(const std::string& id, const std::string& title, Pile& pile, Timestamp now) const;
    [[nodiscard]] Timestamp local(Timestamp time) const { return time + offset_(time); }

    std::string outlet_;
    VoiceRules rules_;
    UtcOffset offset_;
};

}  // namespace linnet
