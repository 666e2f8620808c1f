#include "http_message.hpp"

#include "sensor/ascii_text.hpp"
#include "sensor/line_reader.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace linnet {
namespace {

std::optional<std::uint32_t> number(std::string_view digits, int base) {
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
    if (error != std::errc{} || end == digits.data()) return std::nullopt;
    return value;
}

/// Behind the last chunk and its trailer (RFC 9112, section 7.1).
template <class Each>
std::size_t walk_chunks(std::string_view head, std::size_t from, const Each& each) {
    LineReader lines{head, from};
    while (const auto size_line = lines.next()) {
        const auto size = number(size_line->text, 16);
        if (!size) return HttpMessage::unknown_end;
        if (*size > 0) {
            each(head.substr(std::min(size_line->end, head.size()), *size));
            lines.move_to(size_line->end + *size);
            lines.next();  // what ends the chunk
            continue;
        }
        while (const auto trailer = lines.next())
            if (trailer->text.empty()) return trailer->end;
    }
    return HttpMessage::unknown_end;
}

bool is_chunked(const HttpMessage& message) {
    const auto coding = http_field(message, "Transfer-Encoding");
    return coding && ends_with_text(*coding, "chunked");
}

/// Only where the fields give the body a length.
std::size_t end_by_fields(const HttpMessage& message, std::string_view head) {
    if (is_chunked(message)) return walk_chunks(head, message.body, [](std::string_view) {});
    if (const auto length = http_field(message, "Content-Length"))
        if (const auto bytes = number(*length, 10)) return message.body + *bytes;
    return HttpMessage::unknown_end;
}

}  // namespace

std::optional<HttpMessage> read_http_message(std::string_view head, std::size_t from) {
    LineReader lines{head, from};
    auto line = lines.next();
    while (line && line->text.empty()) line = lines.next();
    if (!line) return std::nullopt;
    HttpMessage message{.start_line = line->text, .fields = {}, .body = 0, .end = HttpMessage::unknown_end};
    const std::size_t fields = line->end;
    while ((line = lines.next())) {
        if (!line->text.empty()) continue;
        message.fields = head.substr(fields, line->begin - fields);
        message.body = line->end;
        return message;
    }
    return std::nullopt;
}

void find_request_end(HttpMessage& request, std::string_view head) {
    request.end = end_by_fields(request, head);
    if (request.end == HttpMessage::unknown_end && !http_field(request, "Transfer-Encoding")) request.end = request.body;
}

void find_response_end(HttpMessage& response, std::string_view head, HttpBody body) {
    const int status = http_status(response.start_line);
    const bool empty = body == HttpBody::none || status < 200 || status == 204 || status == 304;
    response.end = empty ? response.body : end_by_fields(response, head);
}

bool read_http_body(const HttpMessage& message, std::string_view head, WipedText& out) {
    out.clear();
    if (message.end > head.size()) return false;
    const auto add = [&](std::string_view text) {
        for (const char c : text) out.push_back(c);
    };
    if (is_chunked(message))
        walk_chunks(head, message.body, add);
    else
        add(head.substr(message.body, message.end - message.body));
    return out.size() > 0;
}

std::optional<std::string_view> http_field(const HttpMessage& message, std::string_view name) {
    LineReader lines{message.fields};
    while (const auto line = lines.next()) {
        if (line->text.size() <= name.size() || line->text[name.size()] != ':' || !starts_with_text(line->text, name))
            continue;
        std::size_t end = line->begin + line->text.size();
        for (auto next = lines.next(); next && !next->text.empty() && is_blank(next->text.front()); next = lines.next())
            end = next->begin + next->text.size();
        const std::size_t begin = line->begin + name.size() + 1;
        const auto value = message.fields.substr(begin, end - begin);
        return trimmed(value.substr(std::min(value.find_first_not_of(" \t\r\n"), value.size())));
    }
    return std::nullopt;
}

int http_status(std::string_view start_line) {
    if (!start_line.starts_with("HTTP/1.") && !start_line.starts_with("RTSP/1.")) return 0;
    take_word(start_line);
    const auto code = take_word(start_line);
    return code.size() == 3 ? static_cast<int>(number(code, 10).value_or(0)) : 0;
}

bool starts_like_http_request(std::string_view head) {
    constexpr std::size_t longest_method = 20;
    std::size_t length = 0;
    while (length < head.size() && ((head[length] >= 'A' && head[length] <= 'Z') || head[length] == '-')) ++length;
    if (length == 0 || length > longest_method) return false;
    if (length == head.size()) return true;
    if (head[length] != ' ') return false;
    if (length + 1 == head.size() || head.starts_with("CONNECT ")) return true;
    const char target = ascii_lower(head[length + 1]);
    return target == '/' || target == '*' || target == 'h' || target == 'r';  // path, *, http://, rtsp://
}

}  // namespace linnet
