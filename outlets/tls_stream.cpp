#include "tls_stream.hpp"

#include "curl_handle.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include <linux/sockios.h>
#include <poll.h>
#include <sys/ioctl.h>

namespace linnet {
namespace {

constexpr std::chrono::milliseconds look_again{5};

std::string url_of(const ServerAddress& server) {
    const bool is_ipv6 = server.host.find(':') != std::string::npos;
    return fmt::format("https://{}{}{}:{}/", is_ipv6 ? "[" : "", server.host, is_ipv6 ? "]" : "", server.port);
}

}  // namespace

/// libcurl's CONNECT_ONLY: the handshake of an https:// address, and nothing said of HTTP.
TlsStream::TlsStream(const Setup& setup, const Secret& password)
    : handle_{std::make_unique<CurlHandle>(url_of(setup.server), setup.ca_file, "https")} {
    handle_->set(CURLOPT_CONNECT_ONLY, 1L);
    handle_->set(CURLOPT_SSL_ENABLE_ALPN, 0L);
    if (!setup.certificate.empty()) {
        handle_->set(CURLOPT_SSLCERT, setup.certificate.c_str());
        handle_->set(CURLOPT_SSLKEY, setup.key.c_str());
        if (!password.empty()) handle_->set(CURLOPT_KEYPASSWD, password.reveal().c_str());
    }
    const auto code = curl_easy_perform(handle_->get());
    if (code != CURLE_OK) throw std::runtime_error{handle_->sentence(code)};
    curl_socket_t socket = CURL_SOCKET_BAD;
    curl_easy_getinfo(handle_->get(), CURLINFO_ACTIVESOCKET, &socket);
    if (socket == CURL_SOCKET_BAD) throw std::runtime_error{"The connection was lost."};
    socket_ = socket;
}

TlsStream::~TlsStream() = default;

TlsStream::Peer TlsStream::peer() {
    std::array<char, 4096> bytes{};
    while (true) {
        std::size_t size = 0;
        const auto code = curl_easy_recv(handle_->get(), bytes.data(), bytes.size(), &size);
        if (code == CURLE_AGAIN) return Peer::there;
        if (code != CURLE_OK) return Peer::broken_off;
        if (size == 0) return Peer::left;
        heard_ += size;
        if (heard_ > most_heard) throw std::runtime_error{"The server talks, as no syslog server does."};
    }
}

void TlsStream::require_peer() {
    if (peer() != Peer::there) throw std::runtime_error{"The server broke off."};
}

void TlsStream::send(std::string_view bytes) {
    const auto deadline = Clock::now() + longest_send;
    while (!bytes.empty()) {
        std::size_t sent = 0;
        const auto code = curl_easy_send(handle_->get(), bytes.data(), bytes.size(), &sent);
        if (code == CURLE_AGAIN)
            wait_for_room(deadline);
        else if (code != CURLE_OK)
            throw std::runtime_error{"The server broke off."};
        else
            bytes.remove_prefix(std::min(sent, bytes.size()));
    }
    wait_until_confirmed(deadline);
}

void TlsStream::wait_for_room(Clock::time_point deadline) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    pollfd socket{.fd = socket_, .events = POLLOUT | POLLIN, .revents = 0};
    if (left.count() <= 0 || ::poll(&socket, 1, static_cast<int>(left.count())) == 0)
        throw std::runtime_error{"The server reads too slowly."};
    if ((socket.revents & POLLOUT) == 0) require_peer();
}

/// A protocol without receipts: what TCP has confirmed is the most that can be known.
void TlsStream::wait_until_confirmed(Clock::time_point deadline) {
    for (int waiting = 0; ::ioctl(socket_, SIOCOUTQ, &waiting) == 0 && waiting > 0;) {
        if (Clock::now() > deadline) throw std::runtime_error{"The server reads too slowly."};
        pollfd socket{.fd = socket_, .events = 0, .revents = 0};  // an end or an error is told unasked
        if (::poll(&socket, 1, static_cast<int>(look_again.count())) > 0) throw std::runtime_error{"The server broke off."};
    }
    if (peer() == Peer::broken_off) throw std::runtime_error{"The server broke off."};
}

}  // namespace linnet
