#include "service_notice.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <string>

namespace linnet {
namespace {

std::string taken(const char* name) {
    const char* value = std::getenv(name);
    std::string text{value != nullptr ? value : ""};
    ::unsetenv(name);
    return text;
}

/// A path, or a name in the kernel ("@…", whose first byte is zero).
int connected_to(const std::string& name) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (name.size() < 2 || name.size() >= sizeof address.sun_path || (name[0] != '/' && name[0] != '@')) return -1;
    std::memcpy(address.sun_path, name.data(), name.size());
    if (name[0] == '@') address.sun_path[0] = '\0';
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
    const int socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    // The kernel's own interface wants this cast.
    if (socket >= 0 && ::connect(socket, reinterpret_cast<const sockaddr*>(&address), size) == 0) return socket;  // NOLINT
    if (socket >= 0) ::close(socket);
    return -1;
}

}  // namespace

ServiceNotice::ServiceNotice() {
    const auto address = taken("NOTIFY_SOCKET"), microseconds = taken("WATCHDOG_USEC"), process = taken("WATCHDOG_PID");
    if (address.empty()) return;
    socket_ = connected_to(address);
    if (process.empty() || process == std::to_string(::getpid()))
        interval_ = std::chrono::microseconds{std::strtoll(microseconds.c_str(), nullptr, 10)} / 2;
}

ServiceNotice::~ServiceNotice() {
    if (socket_ >= 0) ::close(socket_);
}

void ServiceNotice::alive(std::chrono::steady_clock::time_point now) {
    if (socket_ < 0 || interval_.count() <= 0 || now < next_) return;
    next_ = now + interval_;
    send("WATCHDOG=1");
}

void ServiceNotice::send(std::string_view state) const {
    if (socket_ >= 0) static_cast<void>(::send(socket_, state.data(), state.size(), MSG_NOSIGNAL));
}

}  // namespace linnet
