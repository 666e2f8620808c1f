// A made-up home as the analyzer would tell it, in the JSON of wire/api.hpp. For tests, pictures and a try by hand.
#pragma once

#include "wire/alert.hpp"

#include <string>

namespace linnet::demo {

/// {"devices": […], "alerts": […], "status": {…}} of twelve devices of which one is infected, as of `now`.
Json home(Timestamp now);

/// The same home, with nothing wrong.
Json quiet_home(Timestamp now);

/// A home in which every text that a stranger could have written is `text`.
Json stranger_home(const std::string& text, Timestamp now);

/// One EVE device object. Device number `n` is 192.168.1.n and has a MAC address of RFC 7042's documentation range.
Json device(int n, const std::string& name, Timestamp last_seen);
/// One EVE alert object about device number `n`.
Json alert(std::uint64_t id, int n, const std::string& name, Severity severity, const std::string& title,
           Timestamp last_seen);
/// The key of device number `n`.
std::string key(int n);

/// {"devices": `devices` of them, "alerts": `alerts` of them, "status": {…}}: a busy analyzer.
Json crowd(int devices, int alerts, Timestamp now);

}  // namespace linnet::demo
