#include "event_limits.hpp"

#include "event_fields.hpp"

#include <algorithm>

namespace linnet {
namespace {

/// Length of the well-formed UTF-8 character at the start of `text`, 0 where there is none (RFC 3629, section 4).
std::size_t utf8_character(std::string_view text) {
    const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<std::uint8_t>(text[i]) : 0; };
    const auto tail = [&](std::size_t i) { return (byte(i) & 0xc0) == 0x80; };
    const int first = byte(0), second = byte(1);
    if (text.empty()) return 0;
    if (first < 0x80) return 1;
    if (first >= 0xc2 && first <= 0xdf) return tail(1) ? 2 : 0;
    if (first >= 0xe0 && first <= 0xef) {
        if (first == 0xe0 && second < 0xa0) return 0;  // overlong
        if (first == 0xed && second > 0x9f) return 0;  // surrogates
        return tail(1) && tail(2) ? 3 : 0;
    }
    if (first >= 0xf0 && first <= 0xf4) {
        if (first == 0xf0 && second < 0x90) return 0;  // overlong
        if (first == 0xf4 && second > 0x8f) return 0;  // above U+10FFFF
        return tail(1) && tail(2) && tail(3) ? 4 : 0;
    }
    return 0;
}

struct LimitCheck {
    std::string& reason;

    template <class Value>
    void operator()(std::string_view name, const Value& value) const {
        if (reason.empty())
            if (const auto wrong = check(value); !wrong.empty()) reason = std::string{name}.append(": ").append(wrong);
    }

    static std::string_view check(const std::string& text) {
        if (text.size() > max_text) return "longer than 255 bytes";
        return utf8_prefix(text) == text.size() ? "" : "not UTF-8";
    }
    static std::string_view check(Timestamp time) {
        return time < earliest_time || time > latest_time ? "not between the years 1970 and 9999" : "";
    }
    static std::string_view check(const std::vector<ProbeAttempt>& attempts) {
        return attempts.size() > Probe::max_attempts ? "more than 64 attempts" : "";
    }
    static std::string_view check(const std::vector<IpAddress>& addresses) {
        return addresses.size() > NameBinding::max_addresses ? "more than 16 addresses" : "";
    }
    static std::string_view check(const std::vector<Der>& chain) {
        if (chain.size() > Certificate::max_chain) return "more than 8 certificates";
        std::size_t bytes = 0;
        for (const auto& certificate : chain) bytes += certificate.bytes.size();
        return bytes > Certificate::max_bytes ? "more than 14 KiB" : "";
    }
    template <class Value>
    static std::string_view check(const Value& /*any value is within limits*/) {
        return "";
    }
};

}  // namespace

std::size_t utf8_prefix(std::string_view text) {
    std::size_t length = 0;
    while (length < text.size()) {
        const auto character = utf8_character(text.substr(length));
        if (character == 0) break;
        length += character;
    }
    return length;
}

std::string legal_text(std::string_view text) {
    std::string legal;
    while (!text.empty()) {
        const auto character = utf8_character(text);
        const auto taken = std::max<std::size_t>(character, 1);
        if (legal.size() + taken > max_text) break;
        legal.append(character == 0 ? "?" : text.substr(0, character));
        text.remove_prefix(taken);
    }
    return legal;
}

std::string broken_limit(const Event& event) {
    std::string reason;
    std::visit([&](const auto& e) { for_each_field(e, LimitCheck{reason}); }, event);
    return reason;
}

}  // namespace linnet
