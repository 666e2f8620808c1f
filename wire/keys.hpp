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

/// What pairing leaves beside a program's key: whom it was paired with.
struct PairedWith {
    std::string key;       ///< public
    std::string endpoint;  ///< where it was met; a hint for people, may be empty
};
inline constexpr const char* paired_file_name = "analyzer.pub";
/// Nothing where the text is not "KEY ENDPOINT" or "KEY", in one line.
std::optional<PairedWith> parse_paired(std::string_view text);
/// Throws KeyError where the file cannot be read, or is something else.
PairedWith read_paired(const std::filesystem::path& file);
/// Only this user may read it. Throws KeyError.
void write_paired(const std::filesystem::path& file, const PairedWith& with);

/// What it takes to connect to a program on another machine.
struct Credentials {
    KeyPair own;
    std::string server_key;  ///< public
};

/// Where the programs of a person at a desk have their key: $XDG_CONFIG_HOME/linnet/linnet.key, or ~/.config/….
std::filesystem::path personal_key_file();

/// What people may call a program here until they say otherwise: the host's name as far as link::is_sensor_name, or
/// `else_so`.
std::string default_name(const std::string& else_so);

/// Before bind(): only programs that hold a key which the doorkeeper of this context admits to `domain` may connect
/// (analyzer/doorkeeper.hpp). ZeroMQ asks nobody where there is no doorkeeper: then messages come without a User-Id, and are
/// to be refused.
void serve_securely(zmq::socket_t& socket, const KeyPair& own, const std::string& domain);

/// Before connect(): only to the program that holds `server_key`.
void connect_securely(zmq::socket_t& socket, const KeyPair& own, const std::string& server_key);

/// Does this endpoint leave the machine? Then it must be secured.
bool leaves_machine(std::string_view endpoint);

}  // namespace linnet
