#include "event_json.hpp"

#include "event_fields.hpp"
#include "event_limits.hpp"
#include "event_names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <type_traits>

namespace linnet {
namespace {

constexpr char hex_digits[] = "0123456789abcdef";

void append_number(std::uint64_t number, std::string& out) {
    const fmt::format_int digits{number};
    out.append(digits.data(), digits.size());
}

/// Exactly `width` decimal digits.
template <std::size_t Width>
void append_padded(std::uint64_t number, std::string& out) {
    std::array<char, Width> digits{};
    for (std::size_t i = Width; i-- > 0; number /= 10) digits[i] = static_cast<char>('0' + number % 10);
    out.append(digits.data(), Width);
}

/// As to_string(Timestamp), without its format parsing: two of these stand in every flow.
void append_text(Timestamp time, std::string& out) {
    using namespace std::chrono;
    time = std::clamp(time, earliest_time, latest_time);
    const auto day = floor<days>(time);
    const year_month_day date{day};
    const auto micros = static_cast<std::uint64_t>((time - day).count());
    const auto second = micros / 1'000'000;
    append_padded<4>(static_cast<std::uint64_t>(static_cast<int>(date.year())), out);
    out += '-';
    append_padded<2>(static_cast<unsigned>(date.month()), out);
    out += '-';
    append_padded<2>(static_cast<unsigned>(date.day()), out);
    out += 'T';
    append_padded<2>(second / 3600, out);
    out += ':';
    append_padded<2>(second / 60 % 60, out);
    out += ':';
    append_padded<2>(second % 60, out);
    out += '.';
    append_padded<6>(micros % 1'000'000, out);
    out += 'Z';
}

void append_text(const IpAddress& ip, std::string& out) {
    if (!ip.is_v4()) {
        out += to_string(ip);
        return;
    }
    for (std::size_t i = 12; i < 16; ++i) {
        if (i > 12) out += '.';
        append_number(ip.bytes[i], out);
    }
}

void append_text(const MacAddress& mac, std::string& out) {
    for (std::size_t i = 0; i < mac.bytes.size(); ++i) {
        if (i > 0) out += ':';
        out += hex_digits[mac.bytes[i] >> 4];
        out += hex_digits[mac.bytes[i] & 0x0f];
    }
}

/// RFC 8259, section 7. The text is UTF-8 already.
void append_escaped(std::string_view text, std::string& out) {
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
            out += "\\u00";
            out += hex_digits[static_cast<unsigned char>(c) >> 4];
            out += hex_digits[c & 0x0f];
        } else {
            out += c;
        }
    }
}

/// RFC 4648, section 4.
void append_base64(std::string_view bytes, std::string& out) {
    static constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const auto byte = [&](std::size_t i) { return i < bytes.size() ? static_cast<std::uint8_t>(bytes[i]) : 0U; };
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const std::uint32_t group = byte(i) << 16 | byte(i + 1) << 8 | byte(i + 2);
        out += digits[group >> 18];
        out += digits[group >> 12 & 63];
        out += i + 1 < bytes.size() ? digits[group >> 6 & 63] : '=';
        out += i + 2 < bytes.size() ? digits[group & 63] : '=';
    }
}

/// The first name of an enumeration says as much as the others: only "no reason" is left out.
template <class Value>
constexpr bool always_written = std::is_enum_v<Value> && !std::is_same_v<Value, FlowEndReason>;

/// Writes `,"name":value` for every field that has not its default value.
struct FieldWriter {
    std::string& out;

    template <class Value>
    void operator()(std::string_view name, const Value& value) const {
        if (!always_written<Value> && value == Value{}) return;
        if (out.back() != '{') out += ',';
        out += '"';
        out += name;
        out += "\":";
        write(value);
    }

    void write(bool value) const { out += value ? "true" : "false"; }
    void write(std::uint64_t value) const { append_number(value, out); }
    void write(std::uint32_t value) const { append_number(value, out); }
    void write(std::uint16_t value) const { append_number(value, out); }
    void write(std::uint8_t value) const { append_number(value, out); }
    void write(Port value) const { append_number(value.number, out); }
    void write(const std::string& value) const {
        out += '"';
        append_escaped(value, out);
        out += '"';
    }
    void write(Timestamp value) const { quoted(value); }
    void write(const IpAddress& value) const { quoted(value); }
    void write(const MacAddress& value) const { quoted(value); }
    void write(Proto value) const { write(to_string(value)); }
    void write(Service value) const { write_name(to_string(value)); }
    template <class Enum>
    requires std::is_enum_v<Enum>
    void write(Enum value) const { write_name(name_of(value)); }
    void write(const Endpoint& value) const {
        out += '{';
        (*this)("ip", value.ip);
        (*this)("port", value.port);
        (*this)("mac", value.mac);
        out += '}';
    }
    void write(const ProbeAttempt& value) const {
        out += '{';
        for_each_field(value, *this);
        out += '}';
    }
    void write(const Der& value) const {
        out += '"';
        append_base64(value.bytes, out);
        out += '"';
    }
    template <class Value>
    void write(const std::vector<Value>& values) const {
        out += '[';
        for (const auto& value : values) {
            if (out.back() != '[') out += ',';
            write(value);
        }
        out += ']';
    }

 private:
    template <class Value>
    void quoted(const Value& value) const {
        out += '"';
        append_text(value, out);
        out += '"';
    }
    void write_name(std::string_view name) const {
        out += '"';
        out += name;
        out += '"';
    }
};

}  // namespace

void append_json_line(const Event& event, std::string& out) {
    std::visit(
        [&](const auto& e) {
            out += "{\"event\":\"";
            out += event_name<std::remove_cvref_t<decltype(e)>>;
            out += '"';
            for_each_field(e, FieldWriter{out});
            out += "}\n";
        },
        event);
}

}  // namespace linnet
