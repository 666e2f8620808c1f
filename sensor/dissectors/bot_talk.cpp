// Bots and those who command them.
//
// Mirai, from its public source (2016): bot/main.c greets with 00 00 00 01, the length of a name and the name, then sends
// 00 00 as a heartbeat, which cnc/clientList.go sends back; cnc/attack.go sends an order: its length (2 bytes, itself
// included), duration (4), vector (1), how many targets (1), each an address and a prefix length (5), how many options (1),
// each a key, a length and a value. bot/scanner.c reports a password that it found: 00, address (4), port (2), user and
// password, each with its length before it, to port 48101. Other families, and attacks on services without a name:
// exploits.toml, where = "stream" and "stream-answer".
#include "sensor/byte_reader.hpp"
#include "sensor/dissectors.hpp"
#include "sensor/sensor_signatures.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace linnet {
namespace {

using namespace std::string_view_literals;

constexpr auto greeting = "\0\0\0\1"sv, heartbeat = "\0\0"sv;
constexpr std::uint16_t report_port = 48101;

bool is_printable(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

bool wants(const Conversation& c) {
    const bool is_greeting = c.client_head.starts_with(greeting);
    const bool is_report = c.server.port.number == report_port && c.client_head.starts_with('\0');
    if (is_greeting || is_report) return true;
    return c.signatures != nullptr && c.app_proto.empty() &&
           (c.signatures->patterns.begins(PatternPlace::stream, c.client_head) ||
            c.signatures->patterns.begins(PatternPlace::stream_answer, c.server_head));
}

void tell(ObservationKind kind, std::uint16_t entry, std::string subject, Findings& findings) {
    Observation observation;
    observation.kind = kind;
    observation.entry = entry;
    observation.protocol = "tcp";
    observation.subject = std::move(subject);
    findings.tell(std::move(observation));
}

/// An order of cnc/attack.go: which kind of flood. Nothing where the fields do not fill the frame exactly.
std::optional<std::string_view> read_order(std::string_view frame) {
    constexpr std::array vectors{"UDP"sv,    "Valve server"sv, "DNS"sv,   "SYN"sv,       "ACK"sv, "TCP STOMP"sv,
                                 "GRE IP"sv, "GRE Ethernet"sv, "proxy"sv, "plain UDP"sv, "HTTP"sv};
    ByteReader in{frame};
    in.skip(2 + 4);
    const std::size_t vector = in.u8();
    const std::size_t targets = in.u8();
    in.skip(targets * 5);
    const std::size_t options = in.u8();
    for (std::size_t i = 0; i < options && in.ok(); ++i) {
        in.skip(1);
        const std::size_t length = in.u8();
        in.skip(length);
    }
    if (!in.ok() || !in.at_end() || targets == 0 || vector >= vectors.size()) return std::nullopt;
    return vectors[vector];
}

/// Behind the greeting and the name; 0 where it is none or has not wholly come.
std::size_t end_of_greeting(std::string_view client) {
    constexpr std::size_t longest_name = 32;
    ByteReader in{client};
    const auto hello = in.text(greeting.size());
    const std::size_t length = in.u8();
    const auto name = in.text(length);
    const bool good = in.ok() && hello == greeting && length <= longest_name && is_printable(name);
    return good ? greeting.size() + 1 + length : 0;
}

void read_mirai(const Conversation& c, Findings& findings) {
    const std::size_t end = end_of_greeting(c.client_head);
    if (end == 0 || !c.client_head.substr(end).starts_with(heartbeat)) return;
    bool known = false;
    const auto say_once = [&] {
        if (std::exchange(known, true)) return;
        findings.app_proto("mirai");  // on port 23 or 2323 it would pass for telnet
        tell(ObservationKind::bot_command, 0, "Mirai: a bot reports for duty", findings);
    };
    for (auto server = c.server_head; server.size() >= 2;) {
        const std::size_t length = ByteReader{server}.u16();
        if (length == 0) {
            say_once();
            server.remove_prefix(heartbeat.size());
            continue;
        }
        if (length > server.size() || length < 2) return;
        const auto order = read_order(server.substr(0, length));
        if (!order) return;
        say_once();
        tell(ObservationKind::bot_command, 0, "Mirai: order to attack, " + std::string{*order} + " flood", findings);
        server.remove_prefix(length);
    }
}

void read_report(const Conversation& c, Findings& findings) {
    constexpr std::size_t longest = 32;
    ByteReader in{c.client_head};
    const auto zero = in.u8();
    const auto address = in.u32();
    const auto port = in.u16();
    const std::size_t user_length = in.u8();
    const auto user = in.text(user_length);
    const std::size_t secret_length = in.u8();
    const auto secret = in.text(secret_length);
    if (!in.ok() || zero != 0 || address == 0 || port == 0 || user_length > longest || secret_length > longest) return;
    if (!is_printable(user) || !is_printable(secret)) return;
    tell(ObservationKind::bot_command, 0, "Mirai: report of a device whose password was found", findings);
}

void read_listed(const Conversation& c, Findings& findings) {
    const auto& patterns = findings.signatures().patterns;
    // Two lists in one order: an answer's finding waits until the client's cannot come before it any more.
    const auto* pattern = patterns.match(PatternPlace::stream, c.client_head);
    if (pattern == nullptr) pattern = patterns.match(PatternPlace::stream_answer, c.server_head);
    if (pattern == nullptr) return;
    tell(observation_kind(pattern->kind), pattern->number, pattern->label, findings);
}

void inspect(const Conversation& c, Findings& findings) {
    if (c.client_head.starts_with(greeting)) return read_mirai(c, findings);
    if (c.server.port.number == report_port) return read_report(c, findings);
    read_listed(c, findings);
}

}  // namespace

const StreamDissector bot_talk{"bot-talk", wants, inspect};

}  // namespace linnet
