// The analyzer's API: how the command line and the dashboard ask, and how they are told what is new.
//
// Transport: the analyzer binds a ZeroMQ ROUTER (default ipc:///run/linnet/api), a client connects a DEALER. One message
// is one frame of UTF-8 JSON, at most max_message bytes.
//
//   client    {"id": 7, "request": "alerts", "arguments": {"limit": 100}}
//   analyzer  {"id": 7, "ok": true, "result": [ … ]}
//             {"id": 7, "ok": false, "error": {"code": "bad-request", "message": "what to do, in a sentence"}}
//
//   request     arguments (all optional)                          result
//   status      —                                                 Status object, see below
//   devices     —                                                 [EVE device objects], by key
//   alerts      {"limit": 1000, "before": id, "device": key}      [EVE alert objects], newest first
//   flows       {"limit": 1000, "before": row, "device": key,     [EVE flow objects], newest first; "kind" is that of one of
//               "kind": text, "app": text, "port": number,        its devices, "port" the server's, "peer" an address or
//               "proto": "tcp", "peer": prefix, "direction":      prefix at either end; began at "since" or later and before
//               "out", "in" or "inside", "since", "until": time}  "until". Of at most flows_searched rows before "before":
//                                                                 where fewer than "limit" come, ask again that much lower
//   report      {"device": key, "as_of": time}                    report card, see report_card.hpp; of the house, or of
//                                                                 one device; "as_of" is now unless given
//   subscribe   —                                                 {"sequence": n, "devices": […], "alerts": […],
//                                                                 "status": {…}}
//
//   mud         —                                                 [{"key", "name", "mud_url": as the device says, "profile":
//                                                                 {"state": "learning", "learned" or "general", "since",
//                                                                 "days", "habits"}, "imported": {"mud_url", "systeminfo",
//                                                                 "last_update", "rules"}}], what is not there absent
//   mud-export  {"device": key}                                   what was learned, as a MUD file (RFC 8520)
//   mud-import  {"device": key, "file": text}                     its entry as in `mud`; saved when the answer comes
//   mud-remove  {"device": key}                                   the same
//
//   device        {"device": key}                                 EVE device object, with its history; the key may be any of
//                                                                 its addresses' keys
//   device-name   {"device": key, "name", "kind", "model": text}  what a person says of it; what is not there stays;
//                                                                 empty text takes back what was said
//   device-merge  {"device": key, "other": key}                   the two are one
//   device-split  {"device": key, "other": address}               that address is another device; or, of two devices,
//                                                                 they are two, whatever they look like
//   device-undo   {"device": key}                                 takes back the newest of these, or what Linnet joined
//                                                                 all of them: the EVE device object; saved when it comes
//
//   device-trust  {"device": key, "trusted": bool}                it belongs here: no alert that it is new, and those that
//                                                                 there are count as seen. Hides nothing
//                                                                 else
//
//   alert-acknowledge  {"alert": id}                              a person has seen it: the EVE alert object
//   alert-mute    {"device": key, "kind": detector, "peer":       outlets say nothing of such alerts until then (a
//                 address, "until": time}                         day unless given,
//                                                                 at most a year): {"id", "device": key, "name",
//                                                                 "kind", "peer", "since", "until", "alerts": how many that
//                                                                 can still count up}. The same again moves the end
//   mutes         —                                               [the same, without "alerts"]
//   unmute        {"mute": id}                                    takes one back: the same
//
//   hours         {"device": key, "limit": 1000}                  [{"hour": time when it began, "device", "app_proto",
//                                                                 "flows", "packets_out", "packets_in", "bytes_out",
//                                                                 "bytes_in"}] of conversations that ended then, newest
//                                                                 first
//   pair          {"role": "sensor" or "dashboard"}               opens the door for pairing (pairing.hpp), anew where it
//                                                                 was open; without a role only tells of it: {"open",
//                                                                 "role", "endpoints", "seconds": left, "tries": left,
//                                                                 "guest": name of who waits for its digits to be typed, or
//                                                                 absent, "end": "paired", "time", "tries" or "cancelled",
//                                                                 once it is}
//   pair-digits   {"digits": "042137"}                            what a person reads at the guest and types: {"paired":
//                                                                 true, "name", "key"}, or {"paired": false, "tries": left}
//   pair-cancel   —                                               as `pair`; the door is closed
//   peers         —                                               [{"name", "role", "since", "key": public, "connected"}]
//   revoke        {"peer": name or key}                           {}: from now on it is a stranger
//
//   forget        {"device": key}                                 {}: nothing of this device is stored any more
//   erase         —                                               {}: nothing is stored any more
//   copy          —                                               {"number"}: a copy of the database beside it is begun, or
//                                                                 is being made; status says when one with this number, or
//                                                                 a higher, is there and good
//
//   changes       {"after": number, "limit": 1000}                {"series", "last": number of the newest change, "forgets",
//                                                                 "at": newest event time, "since": when Linnet began to
//                                                                 learn, "quiet_seconds": an episode that was quiet for so
//                                                                 long is over, "alerts": [EVE alert objects with
//                                                                 linnet.change > after, in that order, each in its newest
//                                                                 form]}. Another series: begin again at 0. Another
//                                                                 "forgets": what you keep of devices that are no more
//                                                                 has to go
//
// Alerts, wherever they are told, have in "linnet" where they stand with the people: "state" and, where they are so,
// "acknowledged" and "muted_until" (alert_standing.hpp). A mute hides nothing from whoever asks.
//
// Whoever may ask may ask everything: on ipc:// those whom the rights of its folder let in, on other endpoints (CURVE alone)
// the dashboards that were paired. The digits of a pairing are never told, so that nobody can type them unseen.
//
// After `subscribe` the analyzer sends, unasked, what each commit changed; `sequence` rises by one with each message:
//
//   analyzer  {"feed": {"sequence": n+1, "devices": [changed], "alerts": [new or changed], "gone": [keys of devices that are
//             no more: joined with others, or given way] or absent, "status": {…} or absent}}
//
// A client that sees a gap in `sequence`, or hears nothing (not even a heartbeat, an empty feed message each 2 s) for 6 s,
// subscribes again and replaces what it had. Alerts and devices are keyed by linnet.id and linnet.device.key.
//
// Status: {"version", "pid", "uptime_seconds", "home": [prefixes], "since": when it began to learn this home, "database":
// {"path", "bytes", "events", "flows", "alerts", "devices", "trouble": why nothing can be written now, or absent,
// "copy": {"number", "file", "made"} of the newest copy of this process, or absent,
// "restored": {"at", "broken": where the damaged file is, "copy": what took its place, empty = a new one, "copied": when
// that was made, or absent} or absent},
//          "sensors": [{"id", "epoch", "connected", "committed", "last_event", "source", "packets", "bytes",
//                       "malformed", "kernel_dropped", "flows_active", "lost", "finished",
//                       "progress": of the file, in thousandths, 0 = not known, "stats": EVE stats object}],
//          "alert_latency": {"count", "sum_seconds", "buckets": [{"le": seconds, "count": of at most that}]}: from the
//          newest packet of a new alert to its commit, since the start, "sight": {"devices": heard regularly in the last
//          day, "followed": of which conversations were seen} or absent while less than a day is known}
#pragma once

#include "alert.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

namespace linnet::api {

inline constexpr std::size_t max_message = 16 * 1024 * 1024;
inline constexpr std::chrono::seconds heartbeat{2};
inline constexpr std::chrono::seconds silence{6};
inline constexpr std::int64_t flows_searched = 200'000;  ///< rows of flows that one request looks at
inline constexpr const char* default_endpoint = "ipc:///run/linnet/api";

/// The analyzer could not be reached in time, or answered with an error; what() is a sentence for people.
struct Error : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Where the analyzer is and, where that is another machine, which key opens: this program's file, beside which pairing left
/// the analyzer's (keys.hpp). Empty = personal_key_file().
struct Address {
    Address(std::string where, std::filesystem::path key_file = {})  // NOLINT(*-explicit-*): an endpoint is an address
        : endpoint{std::move(where)}, key{std::move(key_file)} {}
    Address(const char* where) : endpoint{where} {}  // NOLINT(*-explicit-*)

    std::string endpoint;
    std::filesystem::path key;
};

/// A connection to an analyzer. Not thread-safe: one thread owns it.
class Client {
 public:
    /// Throws Error; also where the endpoint leaves the machine and this program is not paired. `program` is who should
    /// answer there, for the sentence when nobody does.
    explicit Client(const Address& address, const std::string& program = "linnet-analyzer");
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    /// Asks and waits. Feed messages that arrive meanwhile are kept for next_feed(). Throws Error.
    Json request(const std::string& name, const Json& arguments, std::chrono::milliseconds timeout);

    /// The next feed message's "feed" object, or nothing when the time is over.
    std::optional<Json> next_feed(std::chrono::milliseconds timeout);

 private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace linnet::api
