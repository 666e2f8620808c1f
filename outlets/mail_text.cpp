#include "mail_text.hpp"

#include "wire/harmless_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>

namespace linnet {
namespace {

constexpr std::string_view line_end = "\r\n";
constexpr std::array<const char*, 7> weekdays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<const char*, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                             "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

bool is_printable(char c) { return c >= 0x20 && c < 0x7F; }

std::string in_hexadecimal(char c) { return fmt::format("={:02X}", static_cast<unsigned char>(c)); }

/// In the Q encoding everything else is escaped (RFC 2047 section 5, the narrow set).
bool stands_for_itself_in_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 && is_printable(c); }

std::string in_word(std::string_view character) {
    std::string text;
    for (const char c : character)
        text += c == ' ' ? "_" : stands_for_itself_in_word(c) ? std::string{c} : in_hexadecimal(c);
    return text;
}

/// "Linnet" with the address.
std::string mailbox(const std::string& address) { return "Linnet <" + address + ">"; }

std::string_view host_of(std::string_view address) { return address.substr(address.find('@') + 1); }

}  // namespace

bool is_mail_address(std::string_view text) {
    const auto at = text.find('@');
    if (text.size() > 254 || at == 0 || at == std::string_view::npos || at + 1 == text.size()) return false;
    if (text.find('@', at + 1) != std::string_view::npos) return false;
    const auto fits = [](char c) {
        return is_printable(c) && std::string_view{" \"(),:;<>[\\]"}.find(c) == std::string_view::npos;
    };
    return std::all_of(text.begin(), text.end(), fits);
}

std::string header_text(std::string_view text, std::size_t before) {
    constexpr std::size_t longest_plain = 60, longest_line = 76;
    constexpr std::string_view begin = "=?utf-8?Q?", end = "?=";
    const bool is_plain = text.size() <= longest_plain && std::all_of(text.begin(), text.end(), is_printable) &&
                          text.find("=?") == std::string_view::npos;
    if (is_plain) return std::string{text};
    std::string all, word;
    std::size_t used = before;  // of this line, before the word
    while (!text.empty()) {
        const auto character = first_character(text);
        const auto encoded = in_word(text.substr(0, character.length));
        if (used + begin.size() + word.size() + encoded.size() + end.size() > longest_line) {
            all += fmt::format("{}{}{}\r\n ", begin, word, end);
            word.clear();
            used = 1;
        }
        word += encoded;
        text.remove_prefix(character.length);
    }
    return all + fmt::format("{}{}{}", begin, word, end);
}

std::string quoted_printable(std::string_view text) {
    constexpr std::size_t longest = 76;
    std::string all;
    std::size_t used = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '\n') {
            all += line_end;
            used = 0;
            continue;
        }
        const bool ends_line = i + 1 == text.size() || text[i + 1] == '\n';
        const bool stands_for_itself = is_printable(c) && c != '=' && !(c == ' ' && ends_line);
        const auto encoded = stands_for_itself ? std::string{c} : in_hexadecimal(c);
        if (used + encoded.size() > longest - (ends_line ? 0 : 1)) {
            all += "=\r\n";
            used = 0;
        }
        all += encoded;
        used += encoded.size();
    }
    return all;
}

std::string mail_date(Timestamp at, std::chrono::minutes offset) {
    const auto local = at + offset;
    const auto day = std::chrono::floor<std::chrono::days>(local);
    const std::chrono::year_month_day date{std::chrono::sys_days{day.time_since_epoch()}};
    const std::chrono::hh_mm_ss time{std::chrono::floor<std::chrono::seconds>(local - day)};
    const std::chrono::weekday weekday{std::chrono::sys_days{day.time_since_epoch()}};
    const auto minutes = std::abs(offset.count());
    return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} {}{:02}{:02}", weekdays.at(weekday.c_encoding()),
                       static_cast<unsigned>(date.day()), months.at(static_cast<unsigned>(date.month()) - 1),
                       static_cast<int>(date.year()), time.hours().count(), time.minutes().count(), time.seconds().count(),
                       offset.count() < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

std::string mail_text(const Message& message, const Envelope& envelope, const UtcOffset& offset) {
    std::string id = message.id;
    std::replace(id.begin(), id.end(), '/', '.');
    std::string to;
    for (const auto& address : envelope.to) to += (to.empty() ? "" : ",\r\n ") + address;
    std::string text = "Date: " + mail_date(message.at, offset(message.at)) + "\r\n";
    text += "From: " + mailbox(envelope.from) + "\r\n";
    text += "To: " + to + "\r\n";
    text += "Subject: " + header_text(message.title, std::string_view{"Subject: "}.size()) + "\r\n";
    text += fmt::format("Message-ID: <{}@{}>\r\n", id, host_of(envelope.from));
    text += "X-Linnet-Id: " + message.id + "\r\n";
    text += "Auto-Submitted: auto-generated\r\n";
    if (message.severity == Severity::act_now && message.kind == MessageKind::begun) text += "Importance: high\r\n";
    text += "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n";
    text += "Content-Transfer-Encoding: quoted-printable\r\n\r\n";
    text += quoted_printable(message.text + (message.link.empty() ? "" : "\n\n" + message.link)) + "\r\n";
    return text;
}

}  // namespace linnet
