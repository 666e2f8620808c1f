#include "moment.hpp"

#include <array>
#include <charconv>
#include <ctime>
#include <string>
#include <utility>

namespace linnet {
namespace {

constexpr std::array<std::pair<char, std::int64_t>, 5> units{
    {{'s', 1}, {'m', 60}, {'h', 3'600}, {'d', 86'400}, {'w', 604'800}}};

/// Takes `digits` digits off the front.
std::optional<int> take_number(std::string_view& text, std::size_t digits) {
    int number = 0;
    if (text.size() < digits) return std::nullopt;
    const auto* end = text.data() + digits;
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc{} || stop != end || text.front() == '-') return std::nullopt;
    text.remove_prefix(digits);
    return number;
}

bool take(std::string_view& text, std::string_view any_of) {
    if (text.empty() || any_of.find(text.front()) == std::string_view::npos) return false;
    text.remove_prefix(1);
    return true;
}

struct Fields {
    int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
};

/// Nothing where it is no such time; `utc` where a Z ends it.
std::optional<Fields> fields_of(std::string_view text, bool& utc) {
    utc = text.ends_with('Z');
    if (utc) text.remove_suffix(1);
    const auto year = take_number(text, 4);
    if (!year || !take(text, "-")) return std::nullopt;
    const auto month = take_number(text, 2);
    if (!month || !take(text, "-")) return std::nullopt;
    const auto day = take_number(text, 2);
    if (!day) return std::nullopt;
    Fields fields{*year, *month, *day};
    if (text.empty()) return fields;
    if (!take(text, "T ")) return std::nullopt;
    const auto hour = take_number(text, 2);
    if (!hour || !take(text, ":")) return std::nullopt;
    const auto minute = take_number(text, 2);
    if (!minute) return std::nullopt;
    fields.hour = *hour;
    fields.minute = *minute;
    if (text.empty()) return fields;
    if (!take(text, ":")) return std::nullopt;
    const auto second = take_number(text, 2);
    if (!second || !text.empty()) return std::nullopt;
    fields.second = *second;
    return fields;
}

bool is_possible(const Fields& f) {
    const std::chrono::year_month_day date{std::chrono::year{f.year}, std::chrono::month{static_cast<unsigned>(f.month)},
                                           std::chrono::day{static_cast<unsigned>(f.day)}};
    return f.year >= 1970 && date.ok() && f.hour < 24 && f.minute < 60 && f.second < 60;
}

}  // namespace

std::optional<std::chrono::seconds> parse_span(std::string_view text) {
    constexpr std::int64_t most = 10 * 366 * 86'400L;
    if (text.size() < 2 || text.size() > 12) return std::nullopt;
    for (const auto& [unit, seconds] : units) {
        if (text.back() != unit) continue;
        const auto digits = text.substr(0, text.size() - 1);
        std::int64_t number = 0;
        const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
        if (error != std::errc{} || stop != digits.data() + digits.size() || number <= 0 || number > most / seconds)
            return std::nullopt;
        return std::chrono::seconds{number * seconds};
    }
    return std::nullopt;
}

std::optional<Timestamp> parse_moment(std::string_view text, Timestamp now) {
    if (const auto span = parse_span(text)) return now - *span;
    bool utc = false;
    const auto fields = fields_of(text, utc);
    if (!fields || !is_possible(*fields)) return std::nullopt;
    std::tm parts{};
    parts.tm_year = fields->year - 1900;
    parts.tm_mon = fields->month - 1;
    parts.tm_mday = fields->day;
    parts.tm_hour = fields->hour;
    parts.tm_min = fields->minute;
    parts.tm_sec = fields->second;
    parts.tm_isdst = -1;
    const std::time_t seconds = utc ? timegm(&parts) : mktime(&parts);
    if (seconds == -1) return std::nullopt;
    return Timestamp{std::chrono::seconds{seconds}};
}

}  // namespace linnet
