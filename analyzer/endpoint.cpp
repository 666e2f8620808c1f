#include "endpoint.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace linnet {
namespace {

constexpr std::string_view ipc = "ipc://";

void make_folder(const std::string& endpoint, const std::filesystem::path& path) {
    std::error_code error;
    if (const auto folder = path.parent_path(); !folder.empty()) std::filesystem::create_directories(folder, error);
    if (error)
        throw EndpointError{
            fmt::format("The folder of {} does not exist and cannot be made: {}. Make it, or name another endpoint.",
                        endpoint, error.message())};
}

bool somebody_listens(const std::string& path) {
    sockaddr_un address{};
    if (path.size() >= sizeof address.sun_path) return false;
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.data(), path.size());
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return false;
    const bool answered = ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    ::close(fd);
    return answered;
}

std::string reason(int error) {
    switch (error) {
        case EADDRINUSE: return "another program listens there already";
        case EACCES: return "this user may not listen there";
        case EADDRNOTAVAIL:
        case ENODEV: return "this computer has no such address";
        case EINVAL:
        case EPROTONOSUPPORT: return "it must look like ipc:///run/linnet/events or tcp://192.0.2.1:5390";
        default: return zmq_strerror(error);
    }
}

}  // namespace

void bind(zmq::socket_t& socket, const std::string& endpoint) {
    const auto fail = [&](int error) -> EndpointError {
        return EndpointError{fmt::format("Cannot listen at {}: {}.", endpoint, reason(error))};
    };
    if (endpoint.starts_with(ipc)) {
        const auto path = endpoint.substr(ipc.size());
        make_folder(endpoint, path);
        if (somebody_listens(path)) throw fail(EADDRINUSE);
    }
    try {
        socket.bind(endpoint);
    } catch (const zmq::error_t& error) {
        throw fail(error.num());
    }
}

}  // namespace linnet
