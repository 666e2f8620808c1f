// What people ask about programs on other machines: pair, list and revoke them (wire/api.hpp).
#pragma once

#include "api_request.hpp"
#include "keyring.hpp"
#include "pairing_door.hpp"
#include "wire/alert.hpp"

#include <set>
#include <string>

namespace linnet {

struct PeersAnswer {
    Json result;
    std::string error;  ///< a sentence, where it was refused
};

struct PeersNow {
    Timestamp time;
    PairingDoor::Clock::time_point clock;
    std::set<std::string> connected;  ///< keys
};

bool is_about_peers(const ApiRequest& request);

/// No digits leave the analyzer: a person types what the guest shows.
PeersAnswer answer_about_peers(const ApiRequest& request, Keyring& keyring, PairingDoor& door, const PeersNow& now);

}  // namespace linnet
