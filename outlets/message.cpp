#include "message.hpp"

#include "wire/harmless_text.hpp"
#include "wire/json_fields.hpp"

#include <algorithm>
#include <array>

namespace linnet {
namespace {

constexpr std::array<std::string_view, 4> kind_names{"begun", "ended", "summary", "test"};
constexpr std::size_t longest_name = 80, longest_sentence = 600;

std::optional<MessageKind> parse_kind(std::string_view name) {
    const auto* found = std::find(kind_names.begin(), kind_names.end(), name);
    if (found == kind_names.end()) return std::nullopt;
    return static_cast<MessageKind>(found - kind_names.begin());
}

}  // namespace

std::string_view to_string(MessageKind kind) { return kind_names.at(static_cast<std::size_t>(kind)); }

Json to_json(const Message& message) {
    return {{"id", message.id},
            {"kind", to_string(message.kind)},
            {"title", message.title},
            {"text", message.text},
            {"severity", static_cast<int>(message.severity)},
            {"device", message.device},
            {"link", message.link},
            {"at", to_string(message.at)},
            {"alert", message.alert},
            {"about", message.about}};
}

Message message_from_json(const Json& json) {
    Message message;
    json.at("id").get_to(message.id);
    read(json, "kind", message.kind, parse_kind);
    json.at("title").get_to(message.title);
    json.at("text").get_to(message.text);
    message.severity = read_severity(json);
    read(json, "device", message.device);
    read(json, "link", message.link);
    read(json, "at", message.at, parse_timestamp);
    read(json, "alert", message.alert);
    read(json, "about", message.about);
    return message;
}

std::string_view shortened_to(std::string_view text, std::size_t most) {
    if (text.size() <= most) return text;
    while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0) == 0x80) --most;
    return text.substr(0, most);
}

std::string plain_line(std::string_view text, std::size_t most) {
    constexpr std::string_view replacement = "\xEF\xBF\xBD", ellipsis = "…";
    std::string line;
    while (!text.empty() && line.size() <= most) {
        const Character character = first_character(text);
        const bool is_space = character.point == '\n' || character.point == '\r' || character.point == '\t';
        if (text.starts_with("://"))
            line += ": ";  // the slashes follow
        else if (character.valid && is_space)
            line += ' ';
        else if (!character.valid || !is_harmless(character.point))
            line += replacement;
        else
            line += text.substr(0, character.length);
        text.remove_prefix(character.length);
    }
    if (text.empty() && line.size() <= most) return line;
    return std::string{shortened_to(line, most - ellipsis.size())} + std::string{ellipsis};
}

std::string headline(const Alert& alert) {
    const auto name = plain_line(alert.device.name, longest_name);
    return name.empty() ? plain_line(alert.signature, longest_name)
                        : name + ": " + plain_line(alert.signature, longest_name);
}

std::string sentences(const Alert& alert) {
    std::string text;
    for (const auto* sentence : {&alert.happened, &alert.meaning, &alert.advice}) {
        if (sentence->empty()) continue;
        if (!text.empty()) text += "\n\n";
        text += plain_line(*sentence, longest_sentence);
    }
    return text;
}

std::string device_key(const DeviceRef& device) { return device.mac.known() ? to_string(device.mac) : to_string(device.ip); }

Message example_message(const std::string& outlet, MessageKind kind, Timestamp at) {
    Message message;
    message.id = outlet + "/example/" + std::string{to_string(kind)};
    message.kind = kind;
    message.at = at;
    message.severity = Severity::worth_knowing;
    message.title = "Linnet: a test";
    message.text = "This is a test from Linnet, through the outlet \"" + outlet +
                   "\".\n\nIt means that what Linnet finds in your home arrives here.\n\nThere is nothing to do.";
    return message;
}

}  // namespace linnet
