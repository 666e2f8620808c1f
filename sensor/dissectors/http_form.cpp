#include "http_form.hpp"

#include "percent_encoding.hpp"
#include "sensor/ascii_text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <utility>

namespace linnet {
namespace {

/// What the fields of login pages are called: the whole name, or its end ("j_username", "loginPassword", "user[password]").
/// The weak names also stand for other things: they count where there is no better one.
constexpr std::array<std::string_view, 11> weak_user_names{"log",     "login", "name",     "userid", "user_id", "uid",
                                                           "account", "email", "nickname", "wpname", "id"};
constexpr std::array<std::string_view, 5> user_names{"uname", "usr", "loginuse", "tfuname", "benutzer"};
constexpr std::array<std::string_view, 5> user_endings{"username", "user_name", "user", "login", "loginname"};
constexpr std::array<std::string_view, 9> secret_names{"pass",  "psw",   "passphrase", "loginpas", "loginpass",
                                                       "upass", "senha", "clave",      "kennwort"};
constexpr std::array<std::string_view, 7> secret_endings{"password", "passwd",   "passwort", "pwd",
                                                         "_pass",    "userpass", "passwrd"};
constexpr std::string_view short_secret_name = "pw";  // in a URL, it is also the width of a page

template <std::size_t Count>
bool is_one_of(std::string_view name, const std::array<std::string_view, Count>& names) {
    return std::any_of(names.begin(), names.end(), [&](auto candidate) { return same_text(name, candidate); });
}
template <std::size_t Count>
bool ends_with_one_of(std::string_view name, const std::array<std::string_view, Count>& endings) {
    return std::any_of(endings.begin(), endings.end(), [&](auto ending) { return ends_with_text(name, ending); });
}

enum class Place : std::uint8_t { url, body };

/// Where the value of a field with this name belongs, if it is wanted: emptied of a weaker one.
WipedText* room_for(std::string_view name, Place place, FormLogin& login) {
    if (name.ends_with(']')) name.remove_suffix(1);
    if (is_one_of(name, secret_names) || ends_with_one_of(name, secret_endings) ||
        (same_text(name, short_secret_name) && (place == Place::body || login.has_user == FormLogin::User::strong)))
        return std::exchange(login.has_secret, true) ? nullptr : &login.secret;
    const bool weak = is_one_of(name, weak_user_names);
    if (!weak && !is_one_of(name, user_names) && !ends_with_one_of(name, user_endings)) return nullptr;
    const auto found = weak ? FormLogin::User::weak : FormLogin::User::strong;
    if (login.has_user >= found) return nullptr;
    login.has_user = found;
    login.user.clear();
    return &login.user;
}

void read_urlencoded(std::string_view fields, Place place, FormLogin& login) {
    WipedText name;
    while (!fields.empty()) {
        const auto field = fields.substr(0, fields.find('&'));
        fields.remove_prefix(std::min(field.size() + 1, fields.size()));
        const auto equals = field.find('=');
        if (equals == std::string_view::npos) continue;
        name.clear();
        decode_percent(field.substr(0, equals), name);
        if (auto* room = room_for(name.view(), place, login)) decode_percent(field.substr(equals + 1), *room);
    }
}

/// A JSON string (RFC 8259, section 7) at the beginning of `text`, taken off it. \u escapes stay as they are.
bool take_json_string(std::string_view& text, WipedText& out) {
    out.clear();
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (text[i] == '"') {
            text.remove_prefix(i + 1);
            return true;
        }
        if (text[i] == '\\' && i + 1 < text.size() && text[i + 1] != 'u') ++i;
        out.push_back(text[i]);
    }
    return false;
}

/// Looks for "name": "value" at any depth, and for numbers as values. An API that is asked with an empty password answers
/// with a challenge.
void read_json(std::string_view text, FormLogin& login) {
    constexpr std::string_view blanks = " \t\r\n";
    const auto skip_to = [&](std::size_t at) { text.remove_prefix(std::min(at, text.size())); };
    WipedText name;
    for (skip_to(text.find('"')); take_json_string(text, name); skip_to(text.find('"'))) {
        skip_to(text.find_first_not_of(blanks));
        if (!text.starts_with(':')) continue;
        skip_to(text.find_first_not_of(blanks, 1));
        WipedText ignored;
        if (text.empty() || (text.front() != '"' && !is_digit(text.front()))) continue;
        auto* room = room_for(name.view(), Place::body, login);
        if (room == nullptr) room = &ignored;
        if (is_digit(text.front())) {
            const auto number = text.substr(0, text.find_first_of(",}] \t\r\n"));
            room->assign(number);
            text.remove_prefix(number.size());
        } else if (!take_json_string(text, *room)) {
            return;
        }
    }
    if (login.secret.size() == 0) login.has_secret = false;
}

/// One part of multipart/form-data (RFC 7578): its header, a blank line, its value. Files are no fields.
void read_part(std::string_view part, FormLogin& login) {
    const auto blank_line = part.find("\r\n\r\n");
    if (blank_line == std::string_view::npos) return;
    const auto header = part.substr(0, blank_line + 2);
    const HttpMessage message{.start_line = {}, .fields = header, .body = 0};
    const auto disposition = http_field(message, "Content-Disposition");
    if (!disposition || disposition->find("filename") != std::string_view::npos) return;
    constexpr std::string_view mark = " name=\"";
    const auto begin = disposition->find(mark);
    if (begin == std::string_view::npos) return;
    auto name = disposition->substr(begin + mark.size());
    name = name.substr(0, name.find('"'));
    if (auto* room = room_for(name, Place::body, login)) room->assign(part.substr(blank_line + 4));
}

void read_multipart(std::string_view type, std::string_view body, FormLogin& login) {
    constexpr std::string_view mark = "boundary=";
    constexpr std::size_t longest = 70;  // RFC 2046, section 5.1.1
    const auto begin = type.find(mark);
    if (begin == std::string_view::npos) return;
    auto boundary = type.substr(begin + mark.size());
    if (boundary.starts_with('"')) boundary.remove_prefix(1);
    boundary = boundary.substr(0, boundary.find_first_of("\"; \t"));
    if (boundary.empty() || boundary.size() > longest) return;
    const std::string delimiter = "\r\n--" + std::string{boundary};
    body.remove_prefix(std::min(body.find(delimiter.substr(2)), body.size()));  // the first may begin the body
    while (body.size() > delimiter.size()) {
        body.remove_prefix(delimiter.size() - 2);
        const auto next = body.find(delimiter);
        if (next == std::string_view::npos) return;
        read_part(body.substr(0, next), login);
        body.remove_prefix(next + 2);
    }
}

std::string_view query_of(std::string_view request_line) {
    take_word(request_line);
    const auto target = take_word(request_line);
    const auto mark = target.find('?');
    return mark == std::string_view::npos ? std::string_view{} : target.substr(mark + 1);
}

void read_body(const HttpMessage& request, std::string_view head, FormLogin& login) {
    WipedText text;
    if (!read_http_body(request, head, text)) return;
    const auto body = text.view();
    const auto type = http_field(request, "Content-Type").value_or("");
    const auto first = body.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return;
    if (body[first] == '{' || body[first] == '[') return read_json(body, login);  // whatever its type is called
    if (starts_with_text(type, "application/x-www-form-urlencoded")) read_urlencoded(body, Place::body, login);
    if (starts_with_text(type, "multipart/form-data")) read_multipart(type, body, login);
}

}  // namespace

bool read_form_login(const HttpMessage& request, std::string_view head, FormLogin& out) {
    read_urlencoded(query_of(request.start_line), Place::url, out);
    if (!out.complete()) read_body(request, head, out);
    return out.complete();
}

}  // namespace linnet
