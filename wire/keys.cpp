#include "keys.hpp"

#include "link.hpp"
#include "settings.hpp"
#include "text_file.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <system_error>
#include <zmq.hpp>

namespace linnet {
namespace {

using Z85 = std::array<char, key_length + 1>;

[[noreturn]] void fail(const std::filesystem::path& file, const std::string& what, const std::string& advice) {
    throw KeyError{fmt::format("The key in {} {}. {}", file.string(), what, advice)};
}

KeyPair read_keys(const std::filesystem::path& file) {
    struct stat status {};
    if (::stat(file.c_str(), &status) == 0 && (status.st_mode & 077U) != 0)
        fail(file, "can be read by other users of this computer",
             "Delete it, so that a new one is made, and pair this program anew.");
    std::string text;
    try {
        text = read_regular_file(file, key_length + 1);  // a line break may end it
    } catch (const SettingsError& error) {
        throw KeyError{fmt::format("{}. It holds this program's key: delete it for a new one, and pair this program anew.",
                                   error.what())};
    }
    if (text.ends_with('\n')) text.pop_back();
    auto pair = KeyPair::from_secret(text);
    ::explicit_bzero(text.data(), text.size());
    if (!pair) fail(file, "is damaged", "Delete it for a new one, and pair this program anew.");
    return *pair;
}

}  // namespace

KeyPair KeyPair::make() {
    Z85 public_key{}, secret_key{};
    if (zmq_curve_keypair(public_key.data(), secret_key.data()) != 0)
        throw KeyError{"This ZeroMQ has no CURVE: install the libzmq5 of your distribution."};
    KeyPair pair{{public_key.data(), key_length}, {secret_key.data(), key_length}};
    ::explicit_bzero(secret_key.data(), secret_key.size());
    return pair;
}

std::optional<KeyPair> KeyPair::from_secret(std::string_view secret_key) {
    if (secret_key.size() != key_length) return std::nullopt;
    KeyPair pair{{}, std::string{secret_key}};
    Z85 public_key{};
    if (zmq_curve_public(public_key.data(), pair.secret_key.c_str()) != 0) return std::nullopt;
    pair.public_key.assign(public_key.data(), key_length);
    return pair;
}

bool is_public_key(std::string_view text) {
    std::array<std::uint8_t, 32> bytes{};
    return text.size() == key_length && zmq_z85_decode(bytes.data(), std::string{text}.c_str()) != nullptr;
}

KeyPair own_keys(const std::filesystem::path& file) {
    std::error_code ignored;
    if (std::filesystem::exists(file, ignored)) return read_keys(file);
    KeyPair pair = KeyPair::make();
    try {
        if (write_private_file(file, pair.secret_key + "\n", IfThere::keep)) return pair;
    } catch (const std::system_error& error) {
        fail(file, "cannot be written: " + error.code().message(), "Make its folder, or name another file.");
    }
    return read_keys(file);  // another program was faster
}

std::optional<PairedWith> parse_paired(std::string_view text) {
    constexpr std::size_t longest_endpoint = 255;
    if (text.ends_with('\n')) text.remove_suffix(1);
    const auto key = text.substr(0, key_length);
    auto rest = text.substr(key.size());
    if (!is_public_key(key) || (!rest.empty() && rest.front() != ' ')) return std::nullopt;
    if (!rest.empty()) rest.remove_prefix(1);
    const bool visible = std::all_of(rest.begin(), rest.end(), [](char c) { return c > ' ' && c <= '~'; });
    if (!visible || rest.size() > longest_endpoint) return std::nullopt;
    return PairedWith{std::string{key}, std::string{rest}};
}

PairedWith read_paired(const std::filesystem::path& file) {
    constexpr std::size_t most = 512;
    std::string text;
    try {
        text = read_regular_file(file, most);
    } catch (const SettingsError& error) {
        throw KeyError{fmt::format("{}. It holds the analyzer's key, which pairing writes there.", error.what())};
    }
    if (auto with = parse_paired(text)) return *with;
    throw KeyError{fmt::format("{} does not hold the key of an analyzer. Pair this program anew.", file.string())};
}

void write_paired(const std::filesystem::path& file, const PairedWith& with) {
    try {
        write_private_file(file, with.key + (with.endpoint.empty() ? "" : " " + with.endpoint) + "\n", IfThere::replace);
    } catch (const std::system_error& error) {
        fail(file, "cannot be written: " + error.code().message(), "Make its folder, or name another file.");
    }
}

std::filesystem::path personal_key_file() {
    const auto folder_in = [](const char* variable) -> std::filesystem::path {
        const char* value = std::getenv(variable);  // NOLINT(concurrency-mt-unsafe): nobody sets it
        return value == nullptr || *value != '/' ? "" : value;
    };
    auto folder = folder_in("XDG_CONFIG_HOME");
    if (folder.empty()) folder = folder_in("HOME") / ".config";
    return folder / "linnet" / "linnet.key";
}

std::string default_name(const std::string& else_so) {
    std::array<char, 256> name{};
    if (::gethostname(name.data(), name.size() - 1) != 0) return else_so;
    std::string legal{name.data()};
    std::erase_if(legal, [](char c) { return !link::is_sensor_name({&c, 1}); });
    legal.resize(std::min<std::size_t>(legal.size(), 64));
    return legal.empty() ? else_so : legal;
}

void serve_securely(zmq::socket_t& socket, const KeyPair& own, const std::string& domain) {
    socket.set(zmq::sockopt::curve_server, true);
    socket.set(zmq::sockopt::curve_secretkey, own.secret_key);
    socket.set(zmq::sockopt::zap_domain, domain);
}

void connect_securely(zmq::socket_t& socket, const KeyPair& own, const std::string& server_key) {
    socket.set(zmq::sockopt::curve_serverkey, server_key);
    socket.set(zmq::sockopt::curve_publickey, own.public_key);
    socket.set(zmq::sockopt::curve_secretkey, own.secret_key);
}

bool leaves_machine(std::string_view endpoint) {
    return !endpoint.starts_with("ipc://") && !endpoint.starts_with("inproc://");
}

}  // namespace linnet
