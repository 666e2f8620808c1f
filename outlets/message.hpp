// What Linnet says to people through an outlet: plain text, made harmless, bounded. A message is written once, when it comes
// into the queue, so that every attempt to send it sends the same.
#pragma once

#include "wire/alert.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace linnet {

enum class MessageKind : std::uint8_t { begun, ended, summary, test };
std::string_view to_string(MessageKind kind);

struct Message {
    std::string id;  ///< the same for every attempt, and for no other message: "phone/6f3a…-17/begun"; of [A-Za-z0-9./-]
    MessageKind kind = MessageKind::begun;
    std::string title;  ///< a line
    std::string text;   ///< lines, each ending but the last with a newline
    Severity severity = Severity::worth_knowing;
    std::string device;              ///< what a person would call it; empty where it is about several
    std::string link;                ///< to what shows more; empty = none
    Timestamp at;                    ///< when it was written, by the clock of the day
    Json alert;                      ///< the EVE object where it is about one episode, else null
    std::vector<std::string> about;  ///< keys of the devices that it speaks of
    bool operator==(const Message&) const = default;
};

/// To and from the queue. message_from_json() throws nlohmann::json::exception or std::invalid_argument.
Json to_json(const Message& message);
Message message_from_json(const Json& json);

/// One line of text that a stranger may have written, fit for people's eyes anywhere: what could do something to a reader
/// becomes U+FFFD, line breaks and tabs become spaces, "://" is taken apart so that nothing makes a link of it, and what is
/// longer than `most` bytes ends in "…".
std::string plain_line(std::string_view text, std::size_t most);

/// At most so many bytes, cut between two characters.
std::string_view shortened_to(std::string_view text, std::size_t most);

/// "Hall camera: Mirai-style scanning".
std::string headline(const Alert& alert);

/// The three sentences, a paragraph each.
std::string sentences(const Alert& alert);

/// What names an alert's device: its MAC address, or its address where there is none.
std::string device_key(const DeviceRef& device);

/// A made-up message that looks like a real one, for tests and previews.
Message example_message(const std::string& outlet, MessageKind kind, Timestamp at);

}  // namespace linnet
