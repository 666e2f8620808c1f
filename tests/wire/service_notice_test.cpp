#include "wire/service_notice.hpp"

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <string>

using namespace linnet;
using namespace std::chrono_literals;

namespace {

/// What systemd would hear.
class Manager {
 public:
    explicit Manager(const std::string& name) : name_{name}, socket_{::socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0)} {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::memcpy(address.sun_path, name.data(), name.size());
        if (name[0] == '@') address.sun_path[0] = '\0';
        const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
        REQUIRE(::bind(socket_, reinterpret_cast<const sockaddr*>(&address), size) == 0);
        ::setenv("NOTIFY_SOCKET", name.c_str(), 1);
    }
    ~Manager() {
        ::close(socket_);
        if (name_[0] == '/') ::unlink(name_.c_str());
    }
    Manager(const Manager&) = delete;
    Manager& operator=(const Manager&) = delete;
    [[nodiscard]] std::string heard() const {
        std::array<char, 64> text{};
        const auto size = ::recv(socket_, text.data(), text.size(), 0);
        return size < 0 ? "" : std::string{text.data(), static_cast<std::size_t>(size)};
    }

 private:
    std::string name_;
    int socket_;
};

}  // namespace

TEST_CASE("ready, alive at half the watchdog's time, stopping") {
    for (const std::string name : {"/tmp/linnet-notice-", "@linnet-notice-"}) {
        const Manager manager{name + std::to_string(::getpid())};
        ::setenv("WATCHDOG_USEC", "10000000", 1);
        ServiceNotice notice;
        CHECK(std::getenv("NOTIFY_SOCKET") == nullptr);
        CHECK(std::getenv("WATCHDOG_USEC") == nullptr);
        notice.ready();
        CHECK(manager.heard() == "READY=1");
        const std::chrono::steady_clock::time_point begin{1h};
        notice.alive(begin);
        CHECK(manager.heard() == "WATCHDOG=1");
        notice.alive(begin + 4999ms);
        CHECK(manager.heard().empty());
        notice.alive(begin + 5000ms);
        CHECK(manager.heard() == "WATCHDOG=1");
        notice.stopping();
        CHECK(manager.heard() == "STOPPING=1");
    }
}

TEST_CASE("no watchdog, or another process's, and no systemd at all: silence") {
    {
        const Manager manager{"@linnet-notice-b-" + std::to_string(::getpid())};
        ::setenv("WATCHDOG_USEC", "10000000", 1);
        ::setenv("WATCHDOG_PID", "1", 1);
        ServiceNotice notice;
        notice.alive(std::chrono::steady_clock::time_point{1h});
        CHECK(manager.heard().empty());
        notice.ready();
        CHECK(manager.heard() == "READY=1");
    }
    ServiceNotice nobody;
    nobody.ready();
    nobody.alive({});
    ::setenv("NOTIFY_SOCKET", "relative", 1);
    ServiceNotice wrong;
    wrong.ready();
}
