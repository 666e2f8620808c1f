#include "http_form.hpp"

#include "sensor/ascii_text.hpp"

#include <algorithm>
#include <array>

namespace linnet {
namespace {

/// What the fields of login pages are called: the whole name, or its end ("j_username", "loginPassword", "user[password]").
constexpr std::array<std::string_view, 9> user_names{"log", "uname",   "userid", "user_id", "uid",
                                                     "usr", "account", "email",  "nickname"};
constexpr std::array<std::string_view, 4> user_endings{"username", "user", "login", "loginname"};
constexpr std::array<std::string_view, 4> secret_names{"pass", "pw", "psw", "passphrase"};
constexpr std::array<std::string_view, 5> secret_endings{"password", "passwd", "passwort", "pwd", "_pass"};

template <std::size_t Names, std::size_t Endings>
bool is_one_of(std::string_view name, const std::array<std::string_view, Names>& names,
               const std::array<std::string_view, Endings>& endings) {
    for (const auto candidate : names)
        if (same_text(name, candidate)) return true;
    for (const auto ending : endings)
        if (ends_with_text(name, ending)) return true;
    return false;
}

/// Where the value of a field with this name belongs, if it is wanted.
WipedText* room_for(std::string_view name, FormLogin& login) {
    if (name.ends_with(']')) name.remove_suffix(1);
    if (!login.has_secret && is_one_of(name, secret_names, secret_endings)) {
        login.has_secret = true;
        return &login.secret;
    }
    if (login.has_user || !is_one_of(name, user_names, user_endings)) return nullptr;
    login.has_user = true;
    return &login.user;
}

int hex_value(char c) {
    if (is_digit(c)) return c - '0';
    c = ascii_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/// The URL standard's application/x-www-form-urlencoded parser.
void decode_percent(std::string_view text, WipedText& out) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        const int high = text[i] == '%' && i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
        const int low = high >= 0 ? hex_value(text[i + 2]) : -1;
        if (low >= 0) {
            out.push_back(static_cast<char>(high << 4 | low));
            i += 2;
        } else {
            out.push_back(text[i] == '+' ? ' ' : text[i]);
        }
    }
}

void read_urlencoded(std::string_view fields, FormLogin& login) {
    WipedText name;
    while (!fields.empty()) {
        const auto field = fields.substr(0, fields.find('&'));
        fields.remove_prefix(std::min(field.size() + 1, fields.size()));
        const auto equals = field.find('=');
        if (equals == std::string_view::npos) continue;
        name.clear();
        decode_percent(field.substr(0, equals), name);
        if (auto* room = room_for(name.view(), login)) decode_percent(field.substr(equals + 1), *room);
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

/// Looks for "name": "value" at any depth.
void read_json(std::string_view text, FormLogin& login) {
    constexpr std::string_view blanks = " \t\r\n";
    const auto skip_to = [&](std::size_t at) { text.remove_prefix(std::min(at, text.size())); };
    WipedText name;
    for (skip_to(text.find('"')); take_json_string(text, name); skip_to(text.find('"'))) {
        skip_to(text.find_first_not_of(blanks));
        if (!text.starts_with(':')) continue;
        skip_to(text.find_first_not_of(blanks, 1));
        WipedText ignored;
        if (!text.starts_with('"')) continue;
        auto* room = room_for(name.view(), login);
        if (!take_json_string(text, room != nullptr ? *room : ignored)) return;
    }
}

std::string_view query_of(std::string_view request_line) {
    take_word(request_line);
    const auto target = take_word(request_line);
    const auto mark = target.find('?');
    return mark == std::string_view::npos ? std::string_view{} : target.substr(mark + 1);
}

void read_body(const HttpMessage& request, std::string_view head, FormLogin& login) {
    const auto type = http_field(request, "Content-Type");
    if (!type || request.end > head.size()) return;
    const auto body = head.substr(request.body, request.end - request.body);
    if (starts_with_text(*type, "application/x-www-form-urlencoded")) read_urlencoded(body, login);
    if (starts_with_text(*type, "application/json")) read_json(body, login);
}

}  // namespace

bool read_form_login(const HttpMessage& request, std::string_view head, FormLogin& out) {
    read_urlencoded(query_of(request.start_line), out);
    if (!out.complete()) read_body(request, head, out);
    return out.complete();
}

}  // namespace linnet
