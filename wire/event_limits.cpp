#include "event_limits.hpp"

#include "event_fields.hpp"
#include "harmless_text.hpp"

namespace linnet {
namespace {

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
        const auto character = first_character(text.substr(length));
        if (!character.valid) break;
        length += character.length;
    }
    return length;
}

std::string legal_text(std::string_view text) {
    std::string legal;
    while (!text.empty()) {
        const auto character = first_character(text);
        if (legal.size() + character.length > max_text) break;
        legal.append(character.valid ? text.substr(0, character.length) : "?");
        text.remove_prefix(character.length);
    }
    return legal;
}

std::string broken_limit(const Event& event) {
    std::string reason;
    std::visit([&](const auto& e) { for_each_field(e, LimitCheck{reason}); }, event);
    return reason;
}

}  // namespace linnet
