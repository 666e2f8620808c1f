// Where one HTTP/1 message ends and the next begins (RFC 9112), in the head of one direction.
#pragma once

#include "wiped_text.hpp"

#include <cstddef>
#include <optional>
#include <string_view>

namespace linnet {

struct HttpMessage {
    static constexpr std::size_t unknown_end = static_cast<std::size_t>(-1);

    std::string_view start_line;
    std::string_view fields;        ///< the header, as it was sent
    std::size_t body = 0;           ///< offset of its first byte
    std::size_t end = unknown_end;  ///< offset behind its last; it may lie beyond what was seen
};

enum class HttpBody { as_the_fields_say, none };

/// The message that begins at `from` (blank lines before it are skipped); nothing until its header is complete.
std::optional<HttpMessage> read_http_message(std::string_view head, std::size_t from);

/// Without a length, a request has no body and a response goes on to the end of the connection.
void find_request_end(HttpMessage& request, std::string_view head);
void find_response_end(HttpMessage& response, std::string_view head, HttpBody body);

/// The message's body, chunks joined. False where it has not wholly arrived, or is empty.
bool read_http_body(const HttpMessage& message, std::string_view head, WipedText& out);

/// The value of the first field of that name, without the blanks around it; folded lines are still folded.
std::optional<std::string_view> http_field(const HttpMessage& message, std::string_view name);

/// 0 where it is no status line.
int http_status(std::string_view start_line);

/// The beginning of "METHOD target", as far as it has been seen.
bool starts_like_http_request(std::string_view head);

}  // namespace linnet
