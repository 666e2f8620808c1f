// EVE JSON to a program that listens at a Unix stream socket, as Suricata's eve-log with filetype unix_stream: we connect,
// and connect again where it went away.
#include "eve_stream.hpp"
#include "outlets.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <utility>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace linnet {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::seconds longest_write{10};
constexpr timeval patience{.tv_sec = 2, .tv_usec = 0};  ///< without progress; also of connect()

class SocketSink : public LineSink {
 public:
    explicit SocketSink(std::string path) : path_{std::move(path)} {}
    ~SocketSink() override { close(); }

    /// Half a batch may have been read when this throws; the next connection begins with a whole line.
    void write(const std::string& lines, Timestamp /*now*/) override {
        if (handle_ < 0) connect();
        const auto end = Clock::now() + longest_write;
        for (std::string_view rest = lines; !rest.empty();) {
            const auto done = ::send(handle_, rest.data(), rest.size(), MSG_NOSIGNAL);
            if (done > 0)
                rest.remove_prefix(static_cast<std::size_t>(done));
            else if (errno != EINTR)
                fail(errno == EAGAIN ? "is not read from" : "was closed", errno);
            if (!rest.empty() && Clock::now() > end) fail("is read from too slowly", ETIMEDOUT);
        }
    }

 private:
    void connect() {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::memcpy(address.sun_path, path_.data(), path_.size());  // its size was checked
        handle_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (handle_ < 0) fail("cannot be made", errno);
        ::setsockopt(handle_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
        if (::connect(handle_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
            fail("cannot be connected to", errno);
    }
    void close() {
        if (handle_ >= 0) ::close(handle_);
        handle_ = -1;
    }
    [[noreturn]] void fail(const char* what, int error) {
        close();
        throw std::runtime_error{fmt::format("The socket {} {}: {}.", path_, what, std::generic_category().message(error))};
    }

    std::string path_;
    int handle_ = -1;
};

std::unique_ptr<Stream> make(Settings& settings, OutletBasics&& basics) {
    if (!basics.secret.empty()) settings.refuse("type", "a socket needs no secret: take token_file or credential away");
    const auto path = settings.text("socket", "");
    if (path.empty() || path.front() != '/' || path.size() >= sizeof(sockaddr_un::sun_path))
        settings.refuse("socket", "must be the path of a Unix socket, at most 107 bytes, that begins with /");
    return eve_stream(std::make_unique<SocketSink>(path));
}

}  // namespace

const OutletType eve_socket_outlet{"eve-socket", nullptr, make};

}  // namespace linnet
