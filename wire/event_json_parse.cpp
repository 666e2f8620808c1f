// The reading half of event_json.hpp, in a library of its own: a sensor on a router does without a JSON library.
#include "event_fields.hpp"
#include "event_json.hpp"
#include "event_limits.hpp"
#include "event_names.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <limits>

namespace linnet {
namespace {

using nlohmann::json;

/// Reads the fields of one JSON object and counts them, so that a key which nobody asked for is noticed. Sticky: `error`
/// keeps the first reason.
class FieldReader {
 public:
    FieldReader(const json& object, std::string& error) : object_{object}, error_{error} {}

    template <class Value>
    void operator()(std::string_view name, Value& value) {
        const auto found = object_.find(name);
        if (found == object_.end()) return;
        ++asked_;
        if (error_.empty() && !read(*found, value) && error_.empty())
            error_ = "\"" + std::string{name} + "\" has a value that is not valid";
    }

    /// `others` keys were read elsewhere.
    void finish(std::size_t others) {
        if (error_.empty() && asked_ + others != object_.size()) error_ = "the object has a key that is not known";
    }

 private:
    static bool read(const json& from, bool& to) {
        if (from.is_boolean()) to = from.get<bool>();
        return from.is_boolean();
    }
    template <class Number>
    requires std::is_unsigned_v<Number>
    static bool read(const json& from, Number& to) {
        if (!from.is_number_unsigned() || from.get<std::uint64_t>() > std::numeric_limits<Number>::max()) return false;
        to = from.get<Number>();
        return true;
    }
    static bool read(const json& from, Port& to) { return read(from, to.number); }
    static bool read(const json& from, std::string& to) {
        if (from.is_string()) to = from.get<std::string>();
        return from.is_string();
    }
    template <class Value, class Parse>
    static bool read(const json& from, Value& to, Parse parse) {
        if (!from.is_string()) return false;
        const std::optional<Value> value = parse(from.get_ref<const std::string&>());
        if (value) to = *value;
        return value.has_value();
    }
    static bool read(const json& from, Timestamp& to) { return read(from, to, parse_timestamp); }
    static bool read(const json& from, IpAddress& to) { return read(from, to, IpAddress::parse); }
    static bool read(const json& from, MacAddress& to) { return read(from, to, MacAddress::parse); }
    static bool read(const json& from, Service& to) { return read(from, to, parse_service); }
    static bool read(const json& from, Proto& to) { return read(from, to, parse_proto); }
    template <class Enum>
    requires std::is_enum_v<Enum>
    static bool read(const json& from, Enum& to) { return read(from, to, value_named<Enum>); }
    bool read(const json& from, Endpoint& to) {
        if (!from.is_object()) return false;
        FieldReader fields{from, error_};
        fields("ip", to.ip);
        fields("port", to.port);
        fields("mac", to.mac);
        fields.finish(0);
        return error_.empty();
    }
    bool read(const json& from, ProbeAttempt& to) {
        if (!from.is_object()) return false;
        FieldReader fields{from, error_};
        for_each_field(to, fields);
        fields.finish(0);
        return error_.empty();
    }
    static bool read(const json& from, Der& to) {
        return from.is_string() && read_base64(from.get_ref<const std::string&>(), to.bytes);
    }
    template <class Value>
    bool read(const json& from, std::vector<Value>& to) {
        return from.is_array() &&
               std::all_of(from.begin(), from.end(), [&](const json& item) { return read(item, to.emplace_back()); });
    }

    /// RFC 4648, section 4, as append_base64() writes it.
    static bool read_base64(std::string_view text, std::string& to) {
        if (text.size() % 4 != 0) return false;
        const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
        for (std::size_t i = 0; i < text.size(); i += 4) {
            std::uint32_t group = 0;
            for (std::size_t j = i; j < i + 4; ++j) {
                const auto digit = j < text.size() - padding ? base64_digit(text[j]) : 0;
                if (digit < 0) return false;
                group = group << 6 | static_cast<std::uint32_t>(digit);
            }
            for (int shift = 16; shift >= 0; shift -= 8) to.push_back(static_cast<char>(group >> shift));
        }
        to.resize(to.size() - padding);
        return true;
    }
    static int base64_digit(char c) {
        if (c >= 'A' && c <= 'Z') return c - 'A';
        if (c >= 'a' && c <= 'z') return c - 'a' + 26;
        if (c >= '0' && c <= '9') return c - '0' + 52;
        return c == '+' ? 62 : c == '/' ? 63 : -1;
    }

    static std::optional<Proto> parse_proto(std::string_view name) {
        for (const auto proto : {Proto::icmp, Proto::tcp, Proto::udp, Proto::icmpv6})
            if (to_string(proto) == name) return proto;
        std::uint8_t number = 0;
        const auto* end = name.data() + name.size();
        const auto result = std::from_chars(name.data(), end, number);
        if (result.ec != std::errc{} || result.ptr != end) return std::nullopt;
        return Proto{number};
    }

    const json& object_;
    std::string& error_;
    std::size_t asked_ = 0;
};

/// Tries the alternatives of Event one after the other until the name fits.
template <std::size_t Index = 0>
std::optional<Event> read_event(std::string_view name, const json& object, std::string& error) {
    if constexpr (Index == std::variant_size_v<Event>) {
        error = "the event \"" + legal_text(name) + "\" is not known";
        return std::nullopt;
    } else {
        if (name != event_name<std::variant_alternative_t<Index, Event>>) return read_event<Index + 1>(name, object, error);
        Event event{std::in_place_index<Index>};
        FieldReader fields{object, error};
        for_each_field(std::get<Index>(event), fields);
        fields.finish(1);
        if (error.empty()) error = broken_limit(event);
        return error.empty() ? std::optional{std::move(event)} : std::nullopt;
    }
}

}  // namespace

std::optional<Event> parse_json_line(std::string_view line, std::string& error) {
    error.clear();
    constexpr std::size_t max_line = 64 * 1024;
    if (line.size() > max_line) {
        error = "the line is longer than an event can be";
        return std::nullopt;
    }
    // Events are at most three levels deep; deeper input is not built at all.
    constexpr int max_depth = 4;
    const auto shallow = [](int depth, json::parse_event_t, const json&) { return depth <= max_depth; };
    const auto object = json::parse(line, shallow, false);
    if (!object.is_object()) {
        error = "the line is not a JSON object";
        return std::nullopt;
    }
    const auto name = object.find("event");
    if (name == object.end() || !name->is_string()) {
        error = "the object has no text \"event\"";
        return std::nullopt;
    }
    return read_event(name->get_ref<const std::string&>(), object, error);
}

}  // namespace linnet
