#include "cli/resolver.hpp"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <thread>

using namespace linnet;
using namespace std::chrono_literals;
using namespace std::string_literals;

namespace {

const IpAddress loopback = IpAddress::v4(0x7f000001);

/// Listens on a port of its own and answers the first datagram with what `reply` makes of it.
class FakeResolver {
 public:
    template <class Reply>
    explicit FakeResolver(Reply reply) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* generic = reinterpret_cast<sockaddr*>(&address);
        REQUIRE(::bind(descriptor_, generic, size) == 0);
        REQUIRE(::getsockname(descriptor_, generic, &size) == 0);
        port_.number = ntohs(address.sin_port);
        thread_ = std::thread{[this, reply] {
            std::array<char, 512> message{};
            sockaddr_in from{};
            socklen_t from_size = sizeof from;
            auto* sender = reinterpret_cast<sockaddr*>(&from);
            const auto length = ::recvfrom(descriptor_, message.data(), message.size(), 0, sender, &from_size);
            if (length <= 0) return;
            for (const std::string& answer : reply(std::string{message.data(), static_cast<std::size_t>(length)}))
                ::sendto(descriptor_, answer.data(), answer.size(), 0, sender, from_size);
        }};
    }
    ~FakeResolver() {
        ::shutdown(descriptor_, SHUT_RDWR);
        thread_.join();
        ::close(descriptor_);
    }
    FakeResolver(const FakeResolver&) = delete;
    FakeResolver& operator=(const FakeResolver&) = delete;
    [[nodiscard]] Port port() const { return port_; }

 private:
    int descriptor_ = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    Port port_;
    std::thread thread_;
};

std::string answer_to(std::string question) {
    question[2] = static_cast<char>(0x81);  // a response
    question[3] = static_cast<char>(0x83);  // no such name
    return question;
}

}  // namespace

TEST_CASE("resolv.conf: name servers in order, without those on this computer and without what is none") {
    const auto servers = nameservers_in(
        "# nameserver 192.0.2.9\nsearch home\nnameserver 127.0.0.53\nnameserver\t192.168.1.1\n nameserver ::1\n"
        "nameserver 2001:db8::1\nnameserver here\nnameserver\nnameserverx 192.0.2.1");
    REQUIRE(servers.size() == 2);
    CHECK(to_string(servers[0]) == "192.168.1.1");
    CHECK(to_string(servers[1]) == "2001:db8::1");
    CHECK(nameservers_in("").empty());
}

TEST_CASE("/proc/net/route: the gateway of the default route") {
    const std::string head = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\n";
    CHECK(to_string(default_gateway_in(head + "eth0\t0001A8C0\t00000000\t0001\neth0\t00000000\t0101A8C0\t0003\n")) ==
          "192.168.1.1");
    CHECK_FALSE(default_gateway_in(head).known());
    CHECK_FALSE(default_gateway_in("eth0\t00000000\t00000000\n").known());
    CHECK_FALSE(default_gateway_in("eth0\t00000000\tgateway\n").known());
}

TEST_CASE("a question as RFC 1035 writes it") {
    CHECK(dns_question(0x1234, "ab.invalid") ==
          "\x12\x34\x01\0\0\x01\0\0\0\0\0\0\x02"s + "ab\x07" + "invalid\0\0\x01\0\x01"s);
}

TEST_CASE("no such name is an answer; another number, a question or silence is none") {
    const FakeResolver good{[](const std::string& question) { return std::vector{answer_to(question)}; }};
    CHECK(resolver_answers(loopback, "x.invalid", 5s, good.port()));

    const FakeResolver wrong{[](std::string question) {
        std::vector<std::string> answers{question, "short"};
        question[0] = static_cast<char>(question[0] + 1);
        answers.push_back(answer_to(question));
        return answers;
    }};
    CHECK_FALSE(resolver_answers(loopback, "x.invalid", 300ms, wrong.port()));
}
