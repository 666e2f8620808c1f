#include "health.hpp"

#include "text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace linnet {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

std::uint64_t number(const Json& object, const char* key) { return object.value(key, std::uint64_t{0}); }

HealthFinding fine(const char* check, std::string text) { return {check, Health::ok, std::move(text), {}}; }
HealthFinding bad(const char* check, std::string text, std::string advice) {
    return {check, Health::problem, std::move(text), std::move(advice)};
}
HealthFinding unclear(const char* check, std::string text, std::string advice = {}) {
    return {check, Health::unknown, std::move(text), std::move(advice)};
}

bool is_live(const Json& sensor) { return sensor.value("connected", false) && !sensor.value("finished", false); }

std::string names_of(const std::vector<std::string>& names) {
    std::string text;
    for (const auto& name : names) text += (text.empty() ? "" : ", ") + name;
    return text;
}

}  // namespace

std::string_view to_string(Health health) {
    constexpr std::array<std::string_view, 3> names{"ok", "problem", "unknown"};
    return names.at(static_cast<std::size_t>(health));
}

Json to_json(const HealthFinding& finding) {
    Json json{{"check", finding.check}, {"health", to_string(finding.health)}, {"text", finding.text}};
    if (!finding.advice.empty()) json["advice"] = finding.advice;
    return json;
}

HealthFinding analyzer_health(const std::string& error, const std::string& version, const std::string& our_version) {
    constexpr const char* check = "analyzer";
    if (!error.empty())
        return bad(
            check, error,
            "Start it: `sudo systemctl start linnet-analyzer`; why it does not run says `journalctl -u linnet-analyzer`. "
            "Who may not ask it has to be in the group linnet.");
    if (version != our_version)
        return bad(check, fmt::format("The analyzer is version {}, this program {}.", version, our_version),
                   "Start linnet-analyzer anew, so that it is the one that was installed last.");
    return fine(check, fmt::format("The analyzer answers; its version is {}.", version));
}

HealthFinding capture_health(const Json& sensors, std::optional<bool> may_listen) {
    constexpr const char* check = "capture";
    std::vector<std::string> live;
    for (const Json& sensor : sensors)
        if (is_live(sensor)) live.push_back(fmt::format("{} on {}", sensor.value("id", "?"), sensor.value("source", "?")));
    if (!live.empty()) {
        const bool hears = std::any_of(sensors.begin(), sensors.end(),
                                       [](const Json& each) { return is_live(each) && number(each, "packets") > 0; });
        if (hears) return fine(check, fmt::format("A sensor listens: {}.", names_of(live)));
        return bad(check, fmt::format("A sensor listens ({}), but not one packet came.", names_of(live)),
                   "Is the interface up (`ip link`), is its cable in, and does `filter` in linnet.toml leave anything?");
    }
    std::string advice = "Start it: `sudo systemctl start linnet-sensor`, with `interfaces` set in /etc/linnet/linnet.toml.";
    if (may_listen == false)
        advice +=
            " Listening needs the capability CAP_NET_RAW: the service has it, a program that you start yourself has not.";
    return bad(check, "No sensor listens.", advice);
}

HealthFinding loss_health(const Json& sensors) {
    constexpr const char* check = "loss";
    constexpr double notable = 0.001;  // one packet in a thousand
    std::vector<std::string> slow, open;
    std::uint64_t lost = 0;
    for (const Json& sensor : sensors) {
        const auto packets = number(sensor, "packets"), dropped = number(sensor, "kernel_dropped");
        lost += number(sensor, "lost");
        const auto offered = static_cast<double>(packets) + static_cast<double>(dropped);
        if (dropped > 0 && static_cast<double>(dropped) >= notable * offered)
            slow.push_back(
                fmt::format("{} ({:.1f} %)", sensor.value("id", "?"), 100 * static_cast<double>(dropped) / offered));
        if (const auto sandbox = sensor.value("sandbox", std::string{});
            is_live(sensor) && !sandbox.empty() && sandbox != "strict")
            open.push_back(fmt::format("{} ({})", sensor.value("id", "?"), sandbox));
    }
    if (!slow.empty())
        return bad(check, fmt::format("Packets are dropped before Linnet sees them: {}.", names_of(slow)),
                   "Raise `ring_mib` in linnet.toml; if that does not help, the machine is too slow for this network.");
    if (lost > 0)
        return bad(
            check, fmt::format("{} were lost on their way.", counted(lost, "event", "events")),
            "The analyzer was away for longer than the sensor's spool lasts: raise `spool_max_mb`, or give it a folder.");
    if (!open.empty())
        return bad(check,
                   fmt::format("The process that reads packets is not locked in as it should be: {}.", names_of(open)),
                   "See \"As a service\" in docs/deployment.md.");
    return fine(check, "Nothing is lost.");
}

HealthFinding visibility_health(const Json& sight, const Json& flows) {
    constexpr const char* check = "visibility";
    constexpr std::size_t enough = 20;
    std::size_t both = 0, all = 0;
    for (const Json& flow : flows) {
        if (flow.value("proto", "") != "TCP") continue;
        const Json counters = flow.value("flow", Json::object());
        ++all;
        both += number(counters, "pkts_toserver") > 0 && number(counters, "pkts_toclient") > 0 ? 1 : 0;
    }
    const char* where = "docs/deployment.md says where a sensor has to be: at the router, or at a mirror port.";
    if (all >= enough && 2 * both < all)
        return bad(check, fmt::format("Of {} of {} conversations only one direction is heard.", all - both, all),
                   "The mirror port copies one direction alone: set it to both. " + std::string{where});
    if (!sight.is_object())
        return unclear(check, "How much of the home is heard can be said after a day.", all == 0 ? where : std::string{});
    const auto devices = number(sight, "devices"), followed = number(sight, "followed");
    const auto text = fmt::format("Conversations of {} of {} that are there every day are heard.", followed,
                                  counted(devices, "device", "devices"));
    return 2 * followed < devices ? bad(check, text, where) : fine(check, text);
}

HealthFinding clock_health(Timestamp now, std::optional<bool> synchronised, const Json& sensors) {
    constexpr const char* check = "clock";
    const char* advice = "Set it: `sudo timedatectl set-ntp true`, and see `timedatectl status`.";
    constexpr Timestamp oldest{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}};
    if (now < oldest) return bad(check, fmt::format("The clock says {}.", to_string(now).substr(0, 10)), advice);
    for (const Json& sensor : sensors) {
        const auto last = parse_timestamp(sensor.value("last_event", ""));
        if (!is_live(sensor) || !last || *last == Timestamp{}) continue;
        if (*last > now + minutes{2})
            return bad(check, fmt::format("What the sensor {} says comes from the future.", sensor.value("id", "?")),
                       "Its clock and this one differ. On each: " + std::string{advice});
        if (*last < now - hours{1} && number(sensor, "packets") > 0)
            return bad(check,
                       fmt::format("The sensor {} has told nothing newer than {}.", sensor.value("id", "?"),
                                   to_string(*last).substr(0, 19)),
                       "Its clock is wrong, or it hears nothing any more.");
    }
    if (synchronised == false) return bad(check, "Nobody keeps this computer's clock right.", advice);
    return fine(check, "The clock is right, as far as can be said.");
}

HealthFinding disk_health(const Json& database, const std::optional<DiskSpace>& disk) {
    constexpr const char* check = "disk";
    constexpr std::uint64_t little = 200'000'000;
    if (const auto trouble = database.value("trouble", std::string{}); !trouble.empty())
        return bad(check, trouble, "Make room; Linnet goes on by itself, and the sensors keep what they see.");
    if (const Json restored = database.value("restored", Json()); restored.is_object())
        return bad(
            check, fmt::format("The database was damaged and put aside as {}.", restored.value("broken", "?")),
            "A memory card that damages files is at its end: put in another. Delete the file once you need it no more.");
    if (disk && disk->free < little)
        return bad(check, fmt::format("Only {} are free on the disk.", amount(disk->free)),
                   "Make room, or lower `database_max_mb` in linnet.toml.");
    const auto size = amount(number(database, "bytes"));
    if (!disk) return unclear(check, fmt::format("The database has {}; its disk is not on this computer.", size));
    return fine(check, fmt::format("The database has {}; {} are free.", size, amount(disk->free)));
}

HealthFinding link_health(const Json& link) {
    constexpr const char* check = "link";
    if (!link.is_object()) return unclear(check, "The analyzer tells nothing of its links.");
    const auto refused = number(link, "refused_messages"), unknown = number(link, "unknown_keys");
    if (unknown > 0)
        return bad(check,
                   fmt::format("{} came from programs that are not paired.", counted(unknown, "connection", "connections")),
                   "`linnet peers` lists who is. If it was your own sensor, pair it anew; if not, somebody is trying.");
    if (refused > 0)
        return bad(check, fmt::format("{} made no sense and were refused.", counted(refused, "message", "messages")),
                   "Are sensor and analyzer of the same version?");
    return fine(check, "Nobody was refused.");
}

HealthFinding keys_health(const std::vector<KeyFile>& files) {
    constexpr const char* check = "keys";
    constexpr std::uint32_t others = 077;
    std::vector<std::string> readable;
    for (const auto& file : files)
        if ((file.mode & others) != 0) readable.push_back(file.path);
    if (!readable.empty())
        return bad(
            check, fmt::format("Others may read a secret: {}.", names_of(readable)),
            fmt::format("`sudo chmod 600 {}`. Whoever had it can be locked out only by pairing anew.", readable.front()));
    return fine(check, files.empty() ? "No keys that this user can see; on one machine none are needed."
                                     : fmt::format("{}; only the owner may read each.",
                                                   counted(files.size(), "secret file", "secret files")));
}

HealthFinding signatures_health(const SignatureFacts& facts, std::chrono::sys_days today) {
    constexpr const char* check = "signatures";
    const char* advice = "Get the newest set: `linnet signatures install`.";
    if (facts.available && *facts.available > facts.in_use)
        return bad(check, fmt::format("Version {} is here, but version {} is in use.", *facts.available, facts.in_use),
                   "`sudo systemctl reload linnet-analyzer linnet-sensor` reads it.");
    const auto day = facts.expires.empty() ? std::nullopt : parse_timestamp(facts.expires + "T00:00:00.000000Z");
    if (day && std::chrono::floor<std::chrono::days>(*day) < today)
        return bad(check, fmt::format("Version {} was meant to be used until {}.", facts.in_use, facts.expires), advice);
    return fine(check, day ? fmt::format("Version {}, good until {}.", facts.in_use, facts.expires)
                           : fmt::format("Version {}, as it came with Linnet.", facts.in_use));
}

}  // namespace linnet
