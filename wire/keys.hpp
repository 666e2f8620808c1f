// Who a program is on the network: a CURVE key pair (CurveZMQ, RFC 26 of ZeroMQ), made at its first start. The public key
// is the identity; a name is only what people call it. Keys are written as Z85 (RFC 32 of ZeroMQ): 40 characters.
//
// Sockets between machines speak CURVE and nothing else; ipc:// sockets are guarded by the rights of their folder.
#pragma once

#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace zmq {
class socket_t;
}

namespace linnet {

/// what() is a sentence that names the file and says what to do.
struct KeyError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

inline constexpr std::size_t key_length = 40;

struct KeyPair {
    std::string public_key;
    std::string secret_key;

    /// Never the same twice.
    static KeyPair make();
    /// Nothing where it is not the Z85 text of a secret key.
    static std::optional<KeyPair> from_secret(std::string_view secret_key);
};

bool is_public_key(std::string_view text);

/// The pair whose secret key is in the file; where there is no such file, a new pair, whose file this user alone may read.
/// Throws KeyError where the file cannot be read or written, is no key, or others may read it.
KeyPair own_keys(const std::filesystem::path& file);

/// Before bind(): only programs that hold a key which the doorkeeper of this context admits to `domain` may connect
/// (analyzer/doorkeeper.hpp). ZeroMQ asks nobody where there is no doorkeeper, so make one first.
void serve_securely(zmq::socket_t& socket, const KeyPair& own, const std::string& domain);

/// Before connect(): only to the program that holds `server_key`.
void connect_securely(zmq::socket_t& socket, const KeyPair& own, const std::string& server_key);

/// Does this endpoint leave the machine? Then it must be secured.
bool leaves_machine(std::string_view endpoint);

}  // namespace linnet
