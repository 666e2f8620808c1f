// How two programs that know nothing of each other exchange their public keys over a network that anybody may sit in: both
// end with six digits, which are the same on both screens only where nobody is in between. A person compares them.
//
//   guest (connects)                                   host (waits for five minutes)
//   Ask{name}                                      ->
//                                                  <-  Commitment{H(host key, host number)}
//   Offer{guest key, guest number}                 ->
//                                                  <-  Reveal{host key, host number}
//   digits = H(host key, guest key, host number, guest number, name) mod 1,000,000, on both sides
//                                                  <-  Verdict{yes or no}: what the person typed at the host was right
//
// The verdict proves nothing to the guest: a person must say there, too, that the host took the digits (pairing_guest.hpp).
//
// The host is bound to its key and number before it sees the guest's, and the guest chooses without having seen the host's:
// whoever is in between must guess, one time in a million, and each guess costs a try (the principle of ZRTP, RFC 6189,
// section 4.4, and of Bluetooth's numeric comparison). H is SHA-256 over a word for its purpose and fields of fixed length.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace linnet::pairing {

inline constexpr std::chrono::minutes open_for{5};
inline constexpr int tries = 3;  ///< guesses of a person, or of somebody in between; then the door closes
inline constexpr std::size_t max_message = 256;
inline constexpr std::uint16_t default_port = 5391;

using Bytes = std::vector<std::byte>;
using Number = std::array<std::uint8_t, 32>;

/// From the system's source of random bytes.
Number random_number();

/// The side that waits. Its calls come in the order of the messages; a message that is none, or out of order, gives nothing
/// and ends this exchange.
class Host {
 public:
    Host(const std::string& public_key, const Number& number);

    /// The answer to an Ask.
    std::optional<Bytes> on_ask(std::span<const std::byte> message);
    /// The answer to an Offer; from now on there are digits().
    std::optional<Bytes> on_offer(std::span<const std::byte> message);
    [[nodiscard]] static Bytes verdict(bool yes);

    [[nodiscard]] const std::string& digits() const { return digits_; }        ///< "042137"
    [[nodiscard]] const std::string& guest_name() const { return name_; }      ///< link::is_sensor_name
    [[nodiscard]] const std::string& guest_key() const { return guest_key_; }  ///< public, Z85

 private:
    std::string own_key_, guest_key_, name_, digits_;
    Number number_;
    bool committed_ = false;
};

/// The side that connects.
class Guest {
 public:
    Guest(const std::string& public_key, const std::string& name, const Number& number);

    [[nodiscard]] Bytes ask() const;
    /// The answer to a Commitment.
    std::optional<Bytes> on_commitment(std::span<const std::byte> message);
    /// True where the host is bound to what it now reveals; from now on there are digits().
    bool on_reveal(std::span<const std::byte> message);
    /// Nothing where the message is none.
    static std::optional<bool> on_verdict(std::span<const std::byte> message);

    [[nodiscard]] const std::string& digits() const { return digits_; }
    [[nodiscard]] const std::string& host_key() const { return host_key_; }

 private:
    std::string own_key_, host_key_, name_, digits_;
    Number number_;
    std::optional<Number> commitment_;
};

}  // namespace linnet::pairing
