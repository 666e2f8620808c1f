#include "pairing.hpp"

#include "keys.hpp"
#include "link.hpp"

#include <fmt/format.h>
#include <nettle/sha2.h>
#include <sys/random.h>

#include <zmq.h>
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace linnet::pairing {
namespace {

enum class Kind : std::uint8_t { ask = 1, commitment = 2, offer = 3, reveal = 4, verdict = 5 };
constexpr std::uint8_t protocol = 1;

using Key = std::array<std::uint8_t, 32>;

Key bytes_of(const std::string& z85) {
    Key key{};
    zmq_z85_decode(key.data(), z85.c_str());
    return key;
}

std::string text_of(const Key& key) {
    std::array<char, key_length + 1> text{};
    zmq_z85_encode(text.data(), key.data(), key.size());
    return text.data();
}

class Hash {
 public:
    explicit Hash(std::string_view purpose) {
        sha256_init(&state_);
        add(purpose.data(), purpose.size());
    }
    Hash& add(const std::array<std::uint8_t, 32>& field) {
        add(field.data(), field.size());
        return *this;
    }
    Hash& add(std::string_view text) {  // comes last: its length is not fixed
        add(text.data(), text.size());
        return *this;
    }
    Number result() {
        Number digest{};
        sha256_digest(&state_, digest.size(), digest.data());
        return digest;
    }

 private:
    void add(const void* bytes, std::size_t size) { sha256_update(&state_, size, static_cast<const std::uint8_t*>(bytes)); }
    sha256_ctx state_{};
};

Number commit_to(const Key& host, const Number& number) {
    return Hash{"linnet pairing 1: commitment."}.add(host).add(number).result();
}

struct Parties {
    Key host, guest;
    Number host_number, guest_number;
    std::string_view guest_name;
};
std::string digits_of(const Parties& of) {
    const auto digest = Hash{"linnet pairing 1: digits....."}
                            .add(of.host)
                            .add(of.guest)
                            .add(of.host_number)
                            .add(of.guest_number)
                            .add(of.guest_name)
                            .result();
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < 8; ++i) number = number << 8U | digest.at(i);
    return fmt::format("{:06}", number % 1'000'000);
}

class Writer {
 public:
    explicit Writer(Kind kind) : bytes_{std::byte{protocol}, static_cast<std::byte>(kind)} {}
    template <class Field>
    Writer& add(const Field& field) {
        const auto* from = reinterpret_cast<const std::byte*>(field.data());
        bytes_.insert(bytes_.end(), from, from + field.size());
        return *this;
    }
    [[nodiscard]] Bytes bytes() const { return bytes_; }

 private:
    Bytes bytes_;
};

/// What is behind the first two bytes, where these say that it is a message of this kind.
std::optional<std::span<const std::byte>> content(std::span<const std::byte> message, Kind kind) {
    const bool fits = message.size() >= 2 && message.size() <= max_message && message[0] == std::byte{protocol} &&
                      message[1] == static_cast<std::byte>(kind);
    return fits ? std::optional{message.subspan(2)} : std::nullopt;
}

struct KeyAndNumber {
    Key key{};
    Number number{};
};
std::optional<KeyAndNumber> key_and_number(std::span<const std::byte> message, Kind kind) {
    const auto fields = content(message, kind);
    KeyAndNumber result;
    if (!fields || fields->size() != result.key.size() + result.number.size()) return std::nullopt;
    std::memcpy(result.key.data(), fields->data(), result.key.size());
    std::memcpy(result.number.data(), fields->data() + result.key.size(), result.number.size());
    return result;
}

}  // namespace

Number random_number() {
    Number number{};
    if (::getrandom(number.data(), number.size(), 0) != static_cast<ssize_t>(number.size()))
        throw std::system_error{errno, std::generic_category(), "random bytes"};
    return number;
}

Host::Host(const std::string& public_key, const Number& number) : own_key_{public_key}, number_{number} {}

std::optional<Bytes> Host::on_ask(std::span<const std::byte> message) {
    const auto fields = content(message, Kind::ask);
    if (!fields || committed_) return std::nullopt;
    const std::string name{reinterpret_cast<const char*>(fields->data()), fields->size()};
    if (!link::is_sensor_name(name)) return std::nullopt;
    name_ = name;
    committed_ = true;
    return Writer{Kind::commitment}.add(commit_to(bytes_of(own_key_), number_)).bytes();
}

std::optional<Bytes> Host::on_offer(std::span<const std::byte> message) {
    const auto offer = key_and_number(message, Kind::offer);
    if (!offer || !committed_ || !digits_.empty()) return std::nullopt;
    const Key own = bytes_of(own_key_);
    guest_key_ = text_of(offer->key);
    digits_ = digits_of({own, offer->key, number_, offer->number, name_});
    return Writer{Kind::reveal}.add(own).add(number_).bytes();
}

Bytes Host::verdict(bool yes) { return Writer{Kind::verdict}.add(std::array{yes ? std::byte{1} : std::byte{0}}).bytes(); }

Guest::Guest(const std::string& public_key, const std::string& name, const Number& number)
    : own_key_{public_key}, name_{name}, number_{number} {}

Bytes Guest::ask() const { return Writer{Kind::ask}.add(name_).bytes(); }

std::optional<Bytes> Guest::on_commitment(std::span<const std::byte> message) {
    const auto fields = content(message, Kind::commitment);
    if (!fields || fields->size() != Number{}.size() || commitment_) return std::nullopt;
    commitment_.emplace();
    std::memcpy(commitment_->data(), fields->data(), commitment_->size());
    return Writer{Kind::offer}.add(bytes_of(own_key_)).add(number_).bytes();
}

bool Guest::on_reveal(std::span<const std::byte> message) {
    const auto reveal = key_and_number(message, Kind::reveal);
    if (!reveal || !commitment_ || !digits_.empty() || commit_to(reveal->key, reveal->number) != *commitment_) return false;
    host_key_ = text_of(reveal->key);
    digits_ = digits_of({reveal->key, bytes_of(own_key_), reveal->number, number_, name_});
    return true;
}

std::optional<bool> Guest::on_verdict(std::span<const std::byte> message) {
    const auto fields = content(message, Kind::verdict);
    if (!fields || fields->size() != 1 || (*fields)[0] > std::byte{1}) return std::nullopt;
    return (*fields)[0] == std::byte{1};
}

}  // namespace linnet::pairing
