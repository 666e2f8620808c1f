#include "resolver.hpp"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <fstream>
#include <iterator>
#include <random>
#include <sstream>

namespace linnet {
namespace {

using Clock = std::chrono::steady_clock;

std::string content_of(const char* path) {
    std::ifstream file{path};
    return {std::istreambuf_iterator<char>{file}, {}};
}

class UdpSocket {
 public:
    UdpSocket(const IpAddress& peer, Port port)
        : descriptor_{::socket(peer.is_v4() ? AF_INET : AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)} {
        sockaddr_storage address{};
        socklen_t size = 0;
        if (peer.is_v4()) {
            sockaddr_in v4{};
            v4.sin_family = AF_INET;
            v4.sin_port = htons(port.number);
            v4.sin_addr.s_addr = htonl(peer.as_v4());
            std::memcpy(&address, &v4, size = sizeof v4);
        } else {
            sockaddr_in6 v6{};
            v6.sin6_family = AF_INET6;
            v6.sin6_port = htons(port.number);
            std::memcpy(&v6.sin6_addr, peer.bytes.data(), peer.bytes.size());
            std::memcpy(&address, &v6, size = sizeof v6);
        }
        // The kernel's own interface wants this cast.
        const auto* generic = reinterpret_cast<const sockaddr*>(&address);  // NOLINT
        connected_ = descriptor_ >= 0 && ::connect(descriptor_, generic, size) == 0;
    }
    ~UdpSocket() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }
    UdpSocket(const UdpSocket&) = delete;
    UdpSocket& operator=(const UdpSocket&) = delete;

    [[nodiscard]] bool send(std::string_view message) const {
        return connected_ && ::send(descriptor_, message.data(), message.size(), MSG_NOSIGNAL) >= 0;
    }
    /// Empty where nothing came in time, or the other side refused.
    [[nodiscard]] std::string receive(Clock::time_point deadline) const {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
        pollfd waited{descriptor_, POLLIN, 0};
        if (left <= 0 || ::poll(&waited, 1, static_cast<int>(left)) <= 0) return {};
        std::array<char, 1500> message{};
        const auto size = ::recv(descriptor_, message.data(), message.size(), 0);
        return size > 0 ? std::string{message.data(), static_cast<std::size_t>(size)} : std::string{};
    }

 private:
    int descriptor_ = -1;
    bool connected_ = false;
};

void append_u16(std::string& bytes, std::uint16_t number) {
    bytes += static_cast<char>(number >> 8);
    bytes += static_cast<char>(number);
}

}  // namespace

std::vector<IpAddress> nameservers_in(std::string_view resolv_conf) {
    std::istringstream lines{std::string{resolv_conf}};
    std::vector<IpAddress> servers;
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words{line};
        std::string keyword, address;
        if (!(words >> keyword >> address) || keyword != "nameserver") continue;
        if (const auto ip = IpAddress::parse(address); ip && ip->known() && !ip->is_loopback()) servers.push_back(*ip);
    }
    return servers;
}

IpAddress default_gateway_in(std::string_view proc_net_route) {
    std::istringstream lines{std::string{proc_net_route}};
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words{line};
        std::string interface, destination, gateway;
        if (!(words >> interface >> destination >> gateway) || destination != "00000000") continue;
        std::uint32_t number = 0;  // in network byte order, printed as a number of this computer
        const auto [end, error] = std::from_chars(gateway.data(), gateway.data() + gateway.size(), number, 16);
        if (error == std::errc{} && end == gateway.data() + gateway.size() && number != 0)
            return IpAddress::v4(ntohl(number));
    }
    return {};
}

std::vector<IpAddress> home_resolvers() {
    for (const char* path :
         {"/etc/resolv.conf", "/run/systemd/resolve/resolv.conf", "/run/NetworkManager/no-stub-resolv.conf"})
        if (auto servers = nameservers_in(content_of(path)); !servers.empty()) return servers;
    const IpAddress gateway = default_gateway_in(content_of("/proc/net/route"));
    return gateway.known() ? std::vector{gateway} : std::vector<IpAddress>{};
}

std::string dns_question(std::uint16_t id, std::string_view name) {
    constexpr std::uint16_t recursion_desired = 0x0100, type_a = 1, class_in = 1;
    std::string message;
    append_u16(message, id);
    append_u16(message, recursion_desired);
    constexpr std::array<std::uint16_t, 4> counts{1, 0, 0, 0};  // questions, answers, authorities, more
    for (const auto count : counts) append_u16(message, count);
    while (!name.empty()) {
        const auto label = name.substr(0, name.find('.'));
        message += static_cast<char>(label.size());
        message += label;
        name.remove_prefix(std::min(label.size() + 1, name.size()));
    }
    message += '\0';
    append_u16(message, type_a);
    append_u16(message, class_in);
    return message;
}

bool resolver_answers(const IpAddress& resolver, std::string_view name, std::chrono::milliseconds patience, Port port) {
    const auto deadline = Clock::now() + patience;
    std::random_device random;
    const std::string question = dns_question(static_cast<std::uint16_t>(random()), name);
    const UdpSocket socket{resolver, port};
    if (!socket.send(question)) return false;
    while (true) {
        const std::string answer = socket.receive(deadline);
        if (answer.empty()) return false;
        const bool is_response = answer.size() >= 12 && (static_cast<unsigned char>(answer[2]) & 0x80) != 0;
        if (is_response && answer.compare(0, 2, question, 0, 2) == 0) return true;
    }
}

}  // namespace linnet
