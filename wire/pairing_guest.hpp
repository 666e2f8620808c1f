// A program that asks an analyzer on another machine to be paired (wire/pairing.hpp), with a person before its terminal:
// it shows six digits, which the person types at the analyzer, and asks whether the analyzer took them.
//
// Both must say yes. What the network says of the digits proves nothing here: who sits in between would say yes, too, and
// this program would believe the wrong analyzer for ever.
#pragma once

#include "pairing.hpp"

#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>

namespace linnet::pairing {

/// what() is a sentence that says what to do.
struct GuestError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// The exchange alone. `show` gets the digits; then it waits, for open_for at most, until the analyzer says that a person
/// typed them. The analyzer's public key; nobody has confirmed it here yet. Throws GuestError.
std::string ask_to_be_paired(const std::string& endpoint, const std::string& own_public_key, const std::string& name,
                             const std::function<void(const std::string& digits)>& show);

struct GuestTask {
    std::string endpoint;       ///< "tcp://192.168.1.2:5391"
    std::filesystem::path key;  ///< this program's; made where there is none, with its folder
    std::string name;           ///< link::is_sensor_name
    std::string afterwards;     ///< what to do then, for people: "set connect = …"
};

/// All of it, with standard input and output; writes paired_file_name beside the key where a person said yes. Throws
/// GuestError and KeyError.
void pair_as_guest(const GuestTask& task);

}  // namespace linnet::pairing
