#include "transfer.hpp"

#include "curl_handle.hpp"
#include "server_address.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstring>
#include <ctime>
#include <memory>
#include <optional>
#include <stdexcept>

namespace linnet {
namespace {

constexpr const char* user_agent = "Linnet/" LINNET_VERSION;

struct FreeList {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
struct FreeUrl {
    void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
struct FreeText {
    void operator()(char* text) const { curl_free(text); }
};

struct UrlParts {
    std::string scheme, host, port, path;
    bool has_login = false, has_fragment = false;
};

/// Nothing where libcurl does not understand it.
std::optional<UrlParts> parts_of(const std::string& text) {
    const std::unique_ptr<CURLU, FreeUrl> url{curl_url()};
    if (!url || curl_url_set(url.get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK) return std::nullopt;
    const auto part = [&](CURLUPart which) {
        char* raw = nullptr;
        const auto result = curl_url_get(url.get(), which, &raw, 0);
        const std::unique_ptr<char, FreeText> owner{raw};
        return result == CURLUE_OK ? std::string{raw} : std::string{};
    };
    UrlParts parts{.scheme = part(CURLUPART_SCHEME), .host = part(CURLUPART_HOST), .port = part(CURLUPART_PORT)};
    parts.path = part(CURLUPART_PATH);
    if (const auto query = part(CURLUPART_QUERY); !query.empty()) parts.path += "?" + query;
    parts.has_login = !part(CURLUPART_USER).empty() || !part(CURLUPART_PASSWORD).empty();
    parts.has_fragment = !part(CURLUPART_FRAGMENT).empty();
    return parts;
}

bool has_odd_characters(const std::string& url) {
    return std::any_of(url.begin(), url.end(), [](unsigned char c) { return c <= 0x20 || c >= 0x7F; });
}

/// What the server says about itself while a transfer runs.
struct Exchange {
    const std::atomic<bool>& stop;
    std::size_t answer_bytes = 0, header_bytes = 0;
    std::string retry_after;
    std::string_view upload;  ///< what is still to be sent
};

std::size_t take_answer(char*, std::size_t size, std::size_t count, void* user) {
    auto& exchange = *static_cast<Exchange*>(user);
    exchange.answer_bytes += size * count;
    return exchange.answer_bytes > max_answer ? 0 : size * count;  // 0: libcurl ends the transfer
}

std::size_t take_header(char* data, std::size_t size, std::size_t count, void* user) {
    auto& exchange = *static_cast<Exchange*>(user);
    const std::string_view line{data, size * count};
    exchange.header_bytes += line.size();
    if (exchange.header_bytes > max_answer) return 0;
    constexpr std::string_view name = "retry-after:";
    const bool is_it = line.size() > name.size() && line.size() < 100 &&
                       std::equal(name.begin(), name.end(), line.begin(),
                                  [](char wanted, char c) { return wanted == std::tolower(static_cast<unsigned char>(c)); });
    if (is_it) exchange.retry_after = line.substr(name.size());
    return line.size();
}

std::size_t give_upload(char* to, std::size_t size, std::size_t count, void* user) {
    auto& rest = static_cast<Exchange*>(user)->upload;
    const auto some = rest.substr(0, size * count);
    std::memcpy(to, some.data(), some.size());
    rest.remove_prefix(some.size());
    return some.size();
}

int on_progress(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return static_cast<Exchange*>(user)->stop.load() ? 1 : 0;
}

class Transfer : public CurlHandle {
 public:
    Transfer(const std::string& url, const std::filesystem::path& ca_file, const char* protocols,
             const std::atomic<bool>& stop)
        : CurlHandle{url, ca_file, protocols}, exchange_{.stop = stop, .retry_after = {}, .upload = {}} {
        set(CURLOPT_FOLLOWLOCATION, 0L);
        set(CURLOPT_TIMEOUT_MS, static_cast<long>(std::chrono::milliseconds{total_time}.count()));
        set(CURLOPT_WRITEFUNCTION, take_answer);
        set(CURLOPT_WRITEDATA, &exchange_);
        set(CURLOPT_HEADERFUNCTION, take_header);
        set(CURLOPT_HEADERDATA, &exchange_);
        set(CURLOPT_NOPROGRESS, 0L);
        set(CURLOPT_XFERINFOFUNCTION, on_progress);
        set(CURLOPT_XFERINFODATA, &exchange_);
    }

    CURLcode perform() { return curl_easy_perform(get()); }
    Exchange& exchange() { return exchange_; }

    /// Of HTTP or SMTP; 0 = none came.
    [[nodiscard]] long status() const {
        long status = 0;
        curl_easy_getinfo(get(), CURLINFO_RESPONSE_CODE, &status);
        return status;
    }

 private:
    Exchange exchange_;
};

std::chrono::seconds seconds_in(const std::string& retry_after) {
    const auto first = retry_after.find_first_not_of(" \t");
    if (first == std::string::npos) return {};
    const char* const begin = retry_after.data() + first;
    long long seconds = 0;
    if (std::from_chars(begin, retry_after.data() + retry_after.size(), seconds).ec != std::errc{}) {
        const auto date = curl_getdate(begin, nullptr);
        seconds = date < 0 ? 0 : static_cast<long long>(date) - static_cast<long long>(std::time(nullptr));
    }
    return std::clamp(std::chrono::seconds{seconds}, std::chrono::seconds{0}, longest_retry_after);
}

Delivery later(std::string reason) { return {Delivery::Result::later, std::move(reason), {}}; }

Delivery judged(long status, const Exchange& exchange) {
    if (status >= 200 && status < 300) return {};
    const bool may_pass = status < 300 || status == 408 || status == 425 || status == 429 || status >= 500;
    const bool is_about_this_one = status == 400 || status == 413 || status == 422;
    if (status >= 300 && status < 400)
        return {Delivery::Result::shut_out,
                fmt::format("The server sends us elsewhere (status {}), which Linnet does not follow. Is the address right?",
                            status),
                {}};
    return {may_pass            ? Delivery::Result::later
            : is_about_this_one ? Delivery::Result::refused
                                : Delivery::Result::shut_out,
            fmt::format("The server answered with status {}.", status), seconds_in(exchange.retry_after)};
}

}  // namespace

std::string check_web_address(const std::string& url) {
    const auto parts = parts_of(url);
    if (!parts || has_odd_characters(url) || (parts->scheme != "https" && parts->scheme != "http"))
        return "must be an address such as https://example.org/path";
    if (parts->has_login) return "must not hold a user or a password";
    if (parts->has_fragment) return "must not hold a #";
    // libcurl does not ask the network for "localhost".
    if (parts->scheme == "http" && !is_this_machine(parts->host))
        return "must begin with https:// (http:// is for this machine alone)";
    return "";
}

std::string check_mail_address(const std::string& url) {
    const auto parts = parts_of(url);
    if (!parts || has_odd_characters(url) || (parts->scheme != "smtps" && parts->scheme != "smtp"))
        return "must be an address such as smtps://mail.example.org or smtp://mail.example.org:587";
    if (parts->has_login) return "must not hold a user or a password";
    if (parts->path != "/" || parts->has_fragment) return "must end behind the server's name or port";
    return "";
}

Delivery post(const HttpPost& request, const std::atomic<bool>& stop) {
    Transfer transfer{request.url, request.ca_file, request.url.starts_with("http:") ? "http" : "https", stop};
    std::unique_ptr<curl_slist, FreeList> headers;
    const auto add = [&headers](const std::string& line) {
        auto* longer = curl_slist_append(headers.get(), line.c_str());
        if (longer == nullptr) throw std::bad_alloc{};
        static_cast<void>(headers.release());
        headers.reset(longer);
    };
    for (const auto& header : request.headers) add(header.name + ": " + header.value);
    add("Expect:");  // do not wait for permission
    transfer.set(CURLOPT_HTTP_VERSION, long{CURL_HTTP_VERSION_1_1});
    transfer.set(CURLOPT_USERAGENT, user_agent);
    transfer.set(CURLOPT_HTTPHEADER, headers.get());
    transfer.set(CURLOPT_POST, 1L);
    transfer.set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    transfer.set(CURLOPT_POSTFIELDS, request.body.c_str());
    const auto code = transfer.perform();
    const auto status = transfer.status();
    // The status says it all: an answer behind it that is endless, slow or cut off changes nothing.
    const bool answered =
        code == CURLE_OK || (status >= 200 && (code == CURLE_WRITE_ERROR || code == CURLE_OPERATION_TIMEDOUT ||
                                               code == CURLE_PARTIAL_FILE || code == CURLE_RECV_ERROR));
    return answered ? judged(status, transfer.exchange()) : later(transfer.sentence(code));
}

Delivery submit(const Submission& mail, const Secret& password, const std::atomic<bool>& stop) {
    Transfer transfer{mail.url, mail.ca_file, mail.url.starts_with("smtps:") ? "smtps" : "smtp", stop};
    std::unique_ptr<curl_slist, FreeList> receivers;
    for (const auto& address : mail.to) {
        auto* longer = curl_slist_append(receivers.get(), address.c_str());
        if (longer == nullptr) throw std::bad_alloc{};
        static_cast<void>(receivers.release());
        receivers.reset(longer);
    }
    transfer.set(CURLOPT_USE_SSL, long{CURLUSESSL_ALL});
    if (!mail.user.empty()) {
        transfer.set(CURLOPT_USERNAME, mail.user.c_str());
        transfer.set(CURLOPT_PASSWORD, password.reveal().c_str());
    }
    transfer.set(CURLOPT_MAIL_FROM, mail.from.c_str());
    transfer.set(CURLOPT_MAIL_RCPT, receivers.get());
    transfer.set(CURLOPT_UPLOAD, 1L);
    transfer.set(CURLOPT_READFUNCTION, give_upload);
    transfer.set(CURLOPT_READDATA, &transfer.exchange());
    transfer.exchange().upload = mail.text;
    const auto code = transfer.perform();
    if (code == CURLE_OK) return {};
    const auto status = transfer.status();
    if (code == CURLE_LOGIN_DENIED && status >= 500)
        return {Delivery::Result::shut_out, "The mail server refuses the user or the password.", {}};
    const bool is_refusal = status >= 500 && status < 600 &&
                            (code == CURLE_SEND_ERROR || code == CURLE_RECV_ERROR || code == CURLE_WEIRD_SERVER_REPLY);
    if (is_refusal)
        return {Delivery::Result::shut_out, fmt::format("The mail server refuses what is sent (reply {}).", status), {}};
    return later(transfer.sentence(code));
}

std::string as_sent(const HttpPost& request) {
    const auto parts = parts_of(request.url).value_or(UrlParts{});
    std::string text = "POST " + parts.path + " HTTP/1.1\r\nHost: " + parts.host +
                       (parts.port.empty() ? "" : ":" + parts.port) + "\r\nUser-Agent: " + user_agent +
                       "\r\nAccept: */*\r\n";
    for (const auto& header : request.headers)
        text += header.name + ": " + (header.shown.empty() ? header.value : header.shown) + "\r\n";
    return text + fmt::format("Content-Length: {}\r\n\r\n", request.body.size()) + request.body;
}

TransferLibrary::TransferLibrary() {
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) throw std::runtime_error{"libcurl cannot be used."};
}
TransferLibrary::~TransferLibrary() { curl_global_cleanup(); }

}  // namespace linnet
