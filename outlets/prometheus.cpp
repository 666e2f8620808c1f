// An endpoint for Prometheus: GET /metrics, text. Whoever reaches the address may read it, so it is this machine's own
// unless another is told; it holds counters and the names of sensors and outlets, nothing of devices.
//
// A web page of a stranger may make a browser at home ask us under a name of its own, and read the answer (DNS rebinding):
// who asks must name an address, localhost, or a name that the person configured.
//
// Strangers may connect: a few connections, one request each, little memory and little time for each. One thread serves and
// asks the analyzer, at most once a second.
#include "metrics.hpp"
#include "outlets.hpp"
#include "server_address.hpp"

#include "wire/api.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <functional>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace linnet {
namespace {

using Clock = std::chrono::steady_clock;
constexpr unsigned max_connections = 16, silence_seconds = 5;
constexpr std::size_t memory_per_connection = 16 * 1024;
constexpr std::chrono::seconds longest_request{10}, fresh{1}, retry{5};
constexpr std::chrono::milliseconds patience{1'000}, turn{200};

struct Listen {
    sockaddr_storage address{};
    bool is_ipv6 = false;
    std::string text;
};

/// "127.0.0.1:9780" or "[::1]:9780".
std::optional<Listen> parse_listen(const std::string& text) {
    const auto colon = text.rfind(':');
    const auto port = colon == std::string::npos ? std::nullopt : parse_port(std::string_view{text}.substr(colon + 1));
    if (!port) return std::nullopt;
    auto host = text.substr(0, colon);
    Listen listen{.address = {}, .is_ipv6 = host.size() > 2 && host.front() == '[' && host.back() == ']', .text = text};
    if (listen.is_ipv6) {
        auto& address = reinterpret_cast<sockaddr_in6&>(listen.address);
        address.sin6_family = AF_INET6;
        address.sin6_port = htons(*port);
        host = host.substr(1, host.size() - 2);
        return ::inet_pton(AF_INET6, host.c_str(), &address.sin6_addr) == 1 ? std::optional{listen} : std::nullopt;
    }
    auto& address = reinterpret_cast<sockaddr_in&>(listen.address);
    address.sin_family = AF_INET;
    address.sin_port = htons(*port);
    return ::inet_pton(AF_INET, host.c_str(), &address.sin_addr) == 1 ? std::optional{listen} : std::nullopt;
}

std::string lower(std::string_view text) {
    std::string lower;
    for (const char c : text) lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return lower;
}

/// Names, in small letters, by which we may be asked.
using Names = std::vector<std::string>;

/// The value of a Host header (RFC 9110 section 7.2): HOST[:PORT].
bool is_expected(std::string_view host, const Names& names) {
    if (host.starts_with('[')) {
        const auto end = host.find(']');
        const auto rest = end == std::string_view::npos ? "?" : host.substr(end + 1);
        if (!rest.empty() && (rest.front() != ':' || !parse_port(rest.substr(1)))) return false;
        const auto ip = IpAddress::parse(host.substr(1, end - 1));
        return ip && !ip->is_v4();
    }
    if (const auto colon = host.find(':'); colon != std::string_view::npos) {
        if (!parse_port(host.substr(colon + 1))) return false;
        host = host.substr(0, colon);
    }
    const auto name = lower(host);
    return name == "localhost" || IpAddress::parse(name) || std::find(names.begin(), names.end(), name) != names.end();
}

/// libmicrohttpd, driven by one thread; so nothing here needs a lock.
class Server {
 public:
    Server(const Listen& listen, const Names& names, std::function<std::string()> page)
        : names_{names}, page_{std::move(page)} {
        const auto flags = static_cast<unsigned>(listen.is_ipv6 ? MHD_USE_IPv6 : MHD_NO_FLAG);
        daemon_ = MHD_start_daemon(flags, 0, nullptr, nullptr, answer, this, MHD_OPTION_SOCK_ADDR,
                                   reinterpret_cast<const sockaddr*>(&listen.address), MHD_OPTION_CONNECTION_LIMIT,
                                   max_connections, MHD_OPTION_PER_IP_CONNECTION_LIMIT, max_connections / 2,
                                   MHD_OPTION_CONNECTION_TIMEOUT, silence_seconds, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
                                   memory_per_connection, MHD_OPTION_NOTIFY_CONNECTION, note_connection, this,
                                   MHD_OPTION_LISTENING_ADDRESS_REUSE, 1U, MHD_OPTION_END);
        if (daemon_ == nullptr)
            throw std::runtime_error{fmt::format(
                "{} cannot be listened at. Is it an address of this machine, and is the port free?", listen.text)};
    }
    ~Server() { MHD_stop_daemon(daemon_); }
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    void turn_once() {
        MHD_run_wait(daemon_, static_cast<std::int32_t>(turn.count()));
        const auto now = Clock::now();
        for (const auto& [socket, since] : connections_)
            if (now - since > longest_request) ::shutdown(socket, SHUT_RDWR);  // who sends a byte now and then
    }

 private:
    static void note_connection(void* self, MHD_Connection* connection, void** /*context*/,
                                MHD_ConnectionNotificationCode code) {
        auto& connections = static_cast<Server*>(self)->connections_;
        const auto* info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
        if (info == nullptr) return;
        if (code == MHD_CONNECTION_NOTIFY_STARTED)
            connections[info->connect_fd] = Clock::now();
        else
            connections.erase(info->connect_fd);
    }

    /// Called as soon as the header is there: a body is never read.
    static MHD_Result answer(void* self, MHD_Connection* connection, const char* url, const char* method,
                             const char* /*version*/, const char* /*body*/, std::size_t* /*size*/, void** /*context*/) {
        const char* const host = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_HOST);
        if (host == nullptr || !is_expected(host, static_cast<Server*>(self)->names_))
            return reply(connection, MHD_HTTP_MISDIRECTED_REQUEST, "Ask by address, or by a name that is configured.\n");
        const bool is_read = std::strcmp(method, "GET") == 0 || std::strcmp(method, "HEAD") == 0;
        if (!is_read) return reply(connection, MHD_HTTP_METHOD_NOT_ALLOWED, "Only GET is possible.\n");
        if (std::strcmp(url, "/metrics") != 0) return reply(connection, MHD_HTTP_NOT_FOUND, "It is at /metrics.\n");
        try {
            return reply(connection, MHD_HTTP_OK, static_cast<Server*>(self)->page_());
        } catch (const std::exception&) {  // never through C
            return reply(connection, MHD_HTTP_INTERNAL_SERVER_ERROR, "Try again later.\n");
        }
    }

    static MHD_Result reply(MHD_Connection* connection, unsigned status, std::string_view text) {
        auto* response = MHD_create_response_from_buffer(text.size(), const_cast<char*>(text.data()), MHD_RESPMEM_MUST_COPY);
        if (response == nullptr) return MHD_NO;
        const char* type = status == MHD_HTTP_OK ? "text/plain; version=0.0.4; charset=utf-8" : "text/plain; charset=utf-8";
        MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
        MHD_add_response_header(response, MHD_HTTP_HEADER_CONNECTION, "close");
        MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
        MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
        if (status == MHD_HTTP_METHOD_NOT_ALLOWED) MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, "GET, HEAD");
        const auto result = MHD_queue_response(connection, status, response);
        MHD_destroy_response(response);
        return result;
    }

    Names names_;
    std::function<std::string()> page_;
    std::map<int, Clock::time_point> connections_;  ///< since when, by socket
    MHD_Daemon* daemon_ = nullptr;
};

class Prometheus : public Stream {
 public:
    Prometheus(Listen listen, Names names) : listen_{std::move(listen)}, names_{std::move(names)} {}

    /// Of alerts it says nothing.
    [[nodiscard]] std::string preview(const Json& /*alert*/) const override {
        return "GET http://" + listen_.text + "/metrics shows it.\n";
    }

    void run(StreamHost& host) override {
        Server server{listen_, names_, [&] { return page(host); }};
        host.note({});
        while (host.wait(std::chrono::milliseconds{0})) server.turn_once();
    }

 private:
    std::string page(StreamHost& host) {
        if (const auto now = Clock::now(); now >= ask_at_) {
            status_ = status(host);
            ask_at_ = Clock::now() + (status_.is_null() ? std::chrono::seconds{retry} : fresh);
        }
        return metrics_text(status_, host.outlets());
    }

    Json status(StreamHost& host) {
        try {
            if (!client_) client_ = std::make_unique<api::Client>(host.api());
            return client_->request("status", Json::object(), patience);
        } catch (const std::exception&) {  // told as linnet_analyzer_up 0
            client_.reset();
            return {};
        }
    }

    Listen listen_;
    Names names_;
    std::unique_ptr<api::Client> client_;
    Json status_;
    Clock::time_point ask_at_;
};

std::unique_ptr<Stream> make(Settings& settings, OutletBasics&& basics) {
    if (!basics.secret.empty()) settings.refuse("type", "it has no use for a secret: take token_file or credential away");
    const auto listen = parse_listen(settings.text("listen", "127.0.0.1:9780"));
    if (!listen) settings.refuse("listen", "must be an address and a port such as \"127.0.0.1:9780\" or \"[::1]:9780\"");
    Names names;
    for (const auto& name : settings.list("names", {})) {
        if (!is_host_name(name)) settings.refuse("names", "must be names such as [\"linnet.home\"], without a port");
        names.push_back(lower(name));
    }
    return std::make_unique<Prometheus>(*listen, std::move(names));
}

}  // namespace

const OutletType prometheus_outlet{"prometheus", nullptr, make};

}  // namespace linnet
