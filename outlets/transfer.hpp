// One message through HTTP or SMTP. The server is a stranger: beside what curl_handle.hpp says, redirects are not followed,
// at most max_answer bytes of its answer are read, and after total_time it is over. Unencrypted is only what does not leave
// this machine.
#pragma once

#include "outlet.hpp"

#include <atomic>
#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace linnet {

inline constexpr std::size_t max_answer = 64 * 1024;
inline constexpr std::chrono::seconds total_time{20}, longest_retry_after{3600};

struct Header {
    std::string name, value;
    std::string shown;  ///< in a preview in place of `value`; empty = the value is no secret
};

struct HttpPost {
    std::string url;
    std::vector<Header> headers;
    std::string body;
    std::filesystem::path ca_file;  ///< empty = the system's certificates
};

struct Submission {
    std::string url;  ///< smtps://HOST[:PORT], or smtp://HOST[:PORT] which must offer STARTTLS
    std::string user;
    std::string from;
    std::vector<std::string> to;
    std::string text;  ///< headers and body, lines end with CRLF
    std::filesystem::path ca_file;
};

/// Empty, or why the address is no good: it must be https:// (http:// to this machine alone) without user and password.
std::string check_web_address(const std::string& url);
/// The same for smtps:// and smtp://.
std::string check_mail_address(const std::string& url);

/// Sends it once. Retry-After is obeyed up to longest_retry_after (RFC 9110 section 10.2.3, in seconds or as a date).
Delivery post(const HttpPost& request, const std::atomic<bool>& stop);
Delivery submit(const Submission& mail, const Secret& password, const std::atomic<bool>& stop);

/// The bytes that post() sends (HTTP/1.1), secrets masked.
std::string as_sent(const HttpPost& request);

/// Must be there while anything of this is used; once in a process.
class TransferLibrary {
 public:
    TransferLibrary();
    ~TransferLibrary();
    TransferLibrary(const TransferLibrary&) = delete;
    TransferLibrary& operator=(const TransferLibrary&) = delete;
};

}  // namespace linnet
