#include "api_peers.hpp"

#include "endpoint.hpp"

#include <utility>

namespace linnet {
namespace {

Json to_json(const PairingDoor& door, PairingDoor::Clock::time_point now) {
    Json told{{"open", door.is_open()}, {"role", to_string(door.role())}, {"endpoints", door.endpoints()}};
    if (door.is_open()) {
        told["seconds"] = door.time_left(now).count();
        told["tries"] = door.tries_left();
    } else if (door.end() != PairingDoor::End::none) {
        told["end"] = PairingDoor::to_string(door.end());
    }
    if (const auto guest = door.guest()) told["guest"] = guest->name;
    return told;
}

PeersAnswer pair(const ApiRequest& request, PairingDoor& door, const PeersNow& now) {
    if (!request.role) return {to_json(door, now.clock), {}};
    try {
        door.open(*request.role, now.clock);
    } catch (const EndpointError& error) {
        return {{}, error.what()};
    }
    return {to_json(door, now.clock), {}};
}

PeersAnswer take_digits(const ApiRequest& request, Keyring& keyring, PairingDoor& door, const PeersNow& now) {
    auto guest = door.guest();
    if (!guest) return {{}, "Nobody waits for digits to be typed any more."};
    if (!door.enter(request.digits)) return {{{"paired", false}, {"tries", door.tries_left()}}, {}};
    guest->since = now.time;
    try {
        keyring.add(*guest);
    } catch (const PeersError& error) {
        door.deny();
        return {{}, error.what()};
    }
    door.confirm();
    return {{{"paired", true}, {"name", guest->name}, {"key", guest->key}}, {}};
}

Json list(const Keyring& keyring, const PeersNow& now) {
    auto list = Json::array();
    for (const auto& peer : keyring.peers().all())
        list.push_back({{"name", peer.name},
                        {"role", to_string(peer.role)},
                        {"since", to_string(peer.since)},
                        {"key", peer.key},
                        {"connected", now.connected.contains(peer.key)}});
    return list;
}

PeersAnswer revoke(const ApiRequest& request, Keyring& keyring) {
    try {
        if (!keyring.remove(request.peer)) return {{}, "No paired program has this name or key."};
    } catch (const PeersError& error) {
        return {{}, error.what()};
    }
    return {Json::object(), {}};
}

}  // namespace

bool is_about_peers(const ApiRequest& request) {
    switch (request.question) {
        case ApiQuestion::pair:
        case ApiQuestion::pair_digits:
        case ApiQuestion::pair_cancel:
        case ApiQuestion::peers:
        case ApiQuestion::revoke: return true;
        default: return false;
    }
}

PeersAnswer answer_about_peers(const ApiRequest& request, Keyring& keyring, PairingDoor& door, const PeersNow& now) {
    switch (request.question) {
        case ApiQuestion::pair: return pair(request, door, now);
        case ApiQuestion::pair_digits: return take_digits(request, keyring, door, now);
        case ApiQuestion::peers: return {list(keyring, now), {}};
        case ApiQuestion::revoke: return revoke(request, keyring);
        default: door.close(PairingDoor::End::cancelled); return {to_json(door, now.clock), {}};
    }
}

}  // namespace linnet
