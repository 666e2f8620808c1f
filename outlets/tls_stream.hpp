// Bytes to a server over TLS that tells nothing back. The server is a stranger: see curl_handle.hpp; what it says all the
// same is thrown away, up to a limit, and it has longest_send for what it is sent.
#pragma once

#include "secret.hpp"
#include "server_address.hpp"

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <string_view>

namespace linnet {

class CurlHandle;

class TlsStream {
 public:
    static constexpr std::size_t most_heard = 64 * 1024;
    static constexpr std::chrono::seconds longest_send{10};

    struct Setup {
        ServerAddress server;  ///< with a port
        std::filesystem::path ca_file;
        std::filesystem::path certificate, key;  ///< our own, in PEM; empty = none
    };

    /// Connects: at most connect_time. `password` opens the key where it is locked. Throws std::runtime_error with a
    /// sentence for people.
    TlsStream(const Setup& setup, const Secret& password);
    ~TlsStream();
    TlsStream(const TlsStream&) = delete;
    TlsStream& operator=(const TlsStream&) = delete;

    enum class Peer : unsigned char {
        there,
        left,        ///< in order: it has read what it was sent
        broken_off,  ///< it may not have read it
    };
    /// As far as is known now. Throws as send() where it talks too much.
    Peer peer();

    /// Returns when the server's machine has confirmed all of it; throws as the constructor.
    void send(std::string_view bytes);

 private:
    using Clock = std::chrono::steady_clock;
    void wait_for_room(Clock::time_point deadline);
    void wait_until_confirmed(Clock::time_point deadline);
    void require_peer();

    std::unique_ptr<CurlHandle> handle_;
    int socket_ = -1;  ///< libcurl's own
    std::size_t heard_ = 0;
};

}  // namespace linnet
