// The endpoint itself, over loopback, with no analyzer behind it.
#include "outlets/outlets.hpp"

#include "tests/analyzer/free_port.hpp"
#include "tests/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <fstream>
#include <thread>

using namespace linnet;
using namespace std::chrono_literals;

namespace {

class Host : public StreamHost {
 public:
    [[nodiscard]] const std::string& api() const override { return api_; }
    [[nodiscard]] const std::filesystem::path& folder() const override { return folder_; }
    Json outlets() override {
        return Json::array({{{"name", "phone"}, {"type", "ntfy"}, {"state", "ready"}, {"queue", 4}}});
    }
    std::string cursor() override { return {}; }
    void save(const std::string& /*cursor*/) override {}
    void note(const Delivery& delivery) override { is_ready = delivery.result == Delivery::Result::delivered; }
    bool wait(std::chrono::milliseconds /*longest*/) override { return !stop; }

    std::atomic<bool> is_ready{false}, stop{false};

 private:
    std::string api_ = "ipc:///nonexistent/linnet/api";
    std::filesystem::path folder_ = "/nonexistent";
};

std::unique_ptr<Stream> configured(const test::TemporaryFolder& folder, const std::string& text) {
    const auto file = folder.file("linnet.toml");
    std::ofstream{file, std::ios::trunc} << "[outlets]\n" << text << '\n';
    Settings settings{file, "outlets"};
    auto stream = prometheus_outlet.make_stream(settings, {});
    settings.finish();
    return stream;
}

class MetricsServer {
 public:
    explicit MetricsServer(const std::string& settings = "")
        : port{test::free_port()},
          stream_{configured(folder_, "listen = \"127.0.0.1:" + std::to_string(port) + "\"\n" + settings)},
          thread_{[this] { stream_->run(host_); }} {
        for (int i = 0; i < 100 && !host_.is_ready; ++i) std::this_thread::sleep_for(20ms);
        REQUIRE(host_.is_ready);
    }
    ~MetricsServer() {
        host_.stop = true;
        thread_.join();
    }

    [[nodiscard]] int connection() const {
        const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const timeval patience{.tv_sec = 20, .tv_usec = 0};
        ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        REQUIRE(::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
        return fd;
    }

    /// Until the other side closes.
    static std::string all_of(int fd) {
        std::string text;
        char bytes[4096];
        for (ssize_t n = 0; (n = ::recv(fd, bytes, sizeof bytes, 0)) > 0;) text.append(bytes, static_cast<std::size_t>(n));
        ::close(fd);
        return text;
    }

    [[nodiscard]] std::string ask(const std::string& request) const {
        const int fd = connection();
        ::send(fd, request.data(), request.size(), MSG_NOSIGNAL);
        return all_of(fd);
    }

    const std::uint16_t port;

 private:
    test::TemporaryFolder folder_;
    Host host_;
    std::unique_ptr<Stream> stream_;
    std::thread thread_;
};

}  // namespace

TEST_CASE("prometheus: where it listens is checked when the configuration is read") {
    const test::TemporaryFolder folder;
    for (const char* good : {"", "listen = \"127.0.0.1:9780\"", "listen = \"[::1]:9780\"", "listen = \"192.168.1.2:1\""})
        CHECK_NOTHROW(configured(folder, good));
    for (const char* bad : {"localhost:9780", "127.0.0.1", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:65536", ":9780",
                            "::1:9780x", "[::1:9780", "127.0.0.1:-1", "1.2.3:80"})
        CHECK_THROWS_AS(configured(folder, std::string{"listen = \""} + bad + '"'), SettingsError);
    for (const char* bad : {"names = [\"a b\"]", "names = [\"\"]", "names = [\"linnet.home:80\"]"})
        CHECK_THROWS_AS(configured(folder, bad), SettingsError);
    CHECK_THROWS_AS(configured(folder, "quiet_hours = \"22:00-07:00\""), SettingsError);  // it has no voice
}

TEST_CASE("prometheus: metrics for who asks, and nothing else") {
    const MetricsServer endpoint;
    const auto page = endpoint.ask("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n");
    CHECK(page.starts_with("HTTP/1.1 200 "));
    CHECK(page.find("Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n") != std::string::npos);
    CHECK(page.find("Connection: close\r\n") != std::string::npos);
    CHECK(page.find("\nlinnet_analyzer_up 0\n") != std::string::npos);
    CHECK(page.find("\nlinnet_outlet_queue_messages{outlet=\"phone\",type=\"ntfy\"} 4\n") != std::string::npos);
    CHECK(endpoint.ask("HEAD /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n").ends_with("\r\n\r\n"));
    CHECK(endpoint.ask("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").starts_with("HTTP/1.1 404 "));
    CHECK(endpoint.ask("GET /metrics/../../etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n").starts_with("HTTP/1.1 404 "));
    const auto posted = endpoint.ask("POST /metrics HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000000000\r\n\r\nx");
    CHECK((posted.empty() || posted.starts_with("HTTP/1.1 405 ")));
}

TEST_CASE("prometheus: who asks under a name of a stranger's own gets nothing") {
    const MetricsServer endpoint{"names = [\"Linnet.home\"]"};
    const auto status_of = [&](const std::string& host) {
        return endpoint.ask("GET /metrics HTTP/1.1\r\n" + host + "\r\n").substr(9, 3);
    };
    for (const char* good : {"localhost", "LOCALHOST:9780", "127.0.0.1", "192.168.1.5:9780", "[::1]", "[2001:db8::1]:9780",
                             "linnet.home", "LINNET.home:80"})
        CHECK_MESSAGE(status_of(std::string{"Host: "} + good + "\r\n") == "200", good);
    for (const char* bad : {"evil.example", "evil.example:9780", "localhost.evil.example", "127.0.0.1.evil.example",
                            "linnet.home.evil.example", "[::1", "[::1]x", "[127.0.0.1]", "[evil.example]", "::1",
                            "localhost:", "localhost:0", "localhost:x", "localhost@x", "127.0.0.1:9780:1"})
        CHECK_MESSAGE(status_of(std::string{"Host: "} + bad + "\r\n") == "421", bad);
    CHECK(status_of("") != "200");
    CHECK(status_of("Host:\r\n") != "200");
    CHECK(endpoint.ask("GET /metrics HTTP/1.0\r\n\r\n").substr(9, 3) == "421");
}

TEST_CASE("prometheus: strangers get little room and little time, and nobody else notices") {
    const MetricsServer endpoint;
    CHECK_FALSE(endpoint.ask("GET /" + std::string(100'000, 'x') + " HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 200 "));
    CHECK_FALSE(endpoint.ask("\x16\x03\x01 no HTTP \xff\r\n\r\n").starts_with("HTTP/1.1 200 "));

    // One that sends a byte each second is never silent, and is closed all the same.
    const int slow = endpoint.connection();
    const auto begun = std::chrono::steady_clock::now();
    const std::string_view drops = "GET /metrics HTTP/1.1\r\nX-Long: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    bool is_closed = false;
    for (std::size_t i = 0; i < 15 && !is_closed; ++i) {
        is_closed = ::send(slow, &drops[i], 1, MSG_NOSIGNAL) != 1;
        std::this_thread::sleep_for(1s);
        char byte = 0;
        is_closed = is_closed || ::recv(slow, &byte, 1, MSG_DONTWAIT) == 0;
        if (i == 3) CHECK(endpoint.ask("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n").starts_with("HTTP/1.1 200 "));
    }
    ::close(slow);
    CHECK(is_closed);
    CHECK(std::chrono::steady_clock::now() - begun < 14s);

    // More than may connect: those who hold it are put out, and then it answers again.
    std::vector<int> crowd;
    for (int i = 0; i < 40; ++i) crowd.push_back(endpoint.connection());
    std::this_thread::sleep_for(7s);
    CHECK(endpoint.ask("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n").starts_with("HTTP/1.1 200 "));
    for (const int fd : crowd) ::close(fd);
}
