#include "syslog_message.hpp"

#include "message.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace linnet {
namespace {

constexpr std::array<std::string_view, 24> facilities{
    "kern", "user",  "mail",  "daemon", "auth",   "syslog", "lpr",    "news",   "uucp",   "cron",   "authpriv", "ftp",
    "ntp",  "audit", "alert", "clock",  "local0", "local1", "local2", "local3", "local4", "local5", "local6",   "local7"};
constexpr std::size_t longest_host = 255, longest_message_id = 32, longest_value = 128;  // the first two as in RFC 5424

/// RFC 5424 section 6.2.1.
enum Grade : std::uint8_t { alert = 1, warning = 4, notice = 5, informational = 6 };

/// A member, also of a member: "/alert/severity". Null where there is none.
Json at(const Json& json, const char* path) {
    const Json::json_pointer pointer{path};
    return json.contains(pointer) ? json.at(pointer) : Json{};
}

std::string text_at(const Json& json, const char* path) {
    const auto value = at(json, path);
    return value.is_string() ? value.get<std::string>() : value.is_number_integer() ? value.dump() : std::string{};
}

Grade grade_of(const Json& eve) {
    if (text_at(eve, "/event_type") != "alert") return informational;
    const auto severity = text_at(eve, "/alert/severity");
    return severity == "1" ? alert : severity == "2" ? warning : notice;
}

/// RFC 5424's PRINTUSASCII; what is not becomes an underscore. "-" where nothing is left.
std::string field(std::string_view text, std::size_t most) {
    std::string out;
    for (const char c : text.substr(0, most)) out += c > ' ' && c < '\x7f' ? c : '_';
    return out.empty() ? "-" : out;
}

/// RFC 5424 wants "Z" or "+00:00", EVE has "Z" or "+0000".
std::string timestamp_of(const Json& eve) {
    auto text = text_at(eve, "/timestamp");
    if (constexpr std::string_view offset = "+0000"; text.ends_with(offset))
        text.replace(text.size() - offset.size(), 5, "Z");
    const auto at = parse_timestamp(text);
    return at ? to_string(*at) : "-";
}

void add_value(std::string& data, std::string_view name, const std::string& value) {
    if (value.empty()) return;
    data += fmt::format(" {}=\"", name);
    for (const char c : plain_line(value, longest_value)) {
        if (c == '"' || c == '\\' || c == ']') data += '\\';
        data += c;
    }
    data += '"';
}

std::string structured_data(const Json& eve) {
    struct Value {
        const char *name, *path;
    };
    constexpr std::array<Value, 8> values{{{"id", "/linnet/id"},
                                           {"detector", "/linnet/detector"},
                                           {"severity", "/alert/severity"},
                                           {"signature", "/alert/signature"},
                                           {"key", "/linnet/device/key"},
                                           {"mac", "/linnet/device/mac"},
                                           {"device", "/linnet/device/name"},
                                           {"source", "/src_ip"}}};
    std::string data = "[linnet@32473";
    for (const auto& [name, path] : values) add_value(data, name, text_at(eve, path));
    return data + "]";
}

/// What is too long for the receiver: an object that says which one it is, and how long it was.
std::string stub_of(const Json& eve, std::size_t bytes) {
    Json stub{{"timestamp", text_at(eve, "/timestamp")}, {"event_type", text_at(eve, "/event_type")}};
    stub["linnet"] = {{"left_out_bytes", bytes}};
    for (const char* key : {"id", "detector"})
        if (const auto value = at(eve, ("/linnet/" + std::string{key}).c_str()); value.is_primitive() && !value.is_null())
            stub["linnet"][key] = value;
    return stub.dump(-1, ' ', true, Json::error_handler_t::replace);
}

}  // namespace

std::optional<std::uint8_t> parse_facility(std::string_view name) {
    const auto* const found = std::find(facilities.begin(), facilities.end(), name);
    if (found == facilities.end()) return std::nullopt;
    return static_cast<std::uint8_t>(std::distance(facilities.begin(), found));
}

std::string syslog_message(const SyslogSender& sender, const Json& eve) {
    const auto head = fmt::format("<{}>1 {} {} linnet - {} {} ", 8 * sender.facility + grade_of(eve), timestamp_of(eve),
                                  field(sender.host, longest_host), field(text_at(eve, "/event_type"), longest_message_id),
                                  structured_data(eve));
    const auto text = eve.dump(-1, ' ', true, Json::error_handler_t::replace);
    return head + (head.size() + text.size() <= sender.max_bytes ? text : stub_of(eve, text.size()));
}

std::string octet_counted(std::string_view message) { return fmt::format("{} {}", message.size(), message); }

}  // namespace linnet
