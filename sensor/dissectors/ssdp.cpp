// SSDP (UPnP Device Architecture 2.0, section 1): what a device announces (NOTIFY) and answers to a search, and what a
// searching client calls itself. Hints: server (SERVER), device-type (what NT, ST or USN name, such as
// "urn:schemas-upnp-org:device:MediaServer:1"; not the root device nor bare UUIDs), unique-name (the word with which USN
// begins where a maker put one in the place of a UUID: "Socket" of "uuid:Socket-1_0-2215…"; never the number behind it) and
// user-agent (USER-AGENT of a search).
//
// Yeelight's lamps speak a dialect of it on port 1982 (Yeelight WiFi Light Inter-Operation Specification, section 3): hints
// of source yeelight: model, version (fw_ver), name (base64 is left as it is).
//
// An answer comes from any port to any port: it is known by its first line.
#include "datagram_text.hpp"
#include "sender_hints.hpp"
#include "sensor/dissectors.hpp"
#include "sensor/line_reader.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace linnet {
namespace {

constexpr std::uint16_t ssdp_port = 1900, yeelight_port = 1982;
constexpr std::string_view answer = "HTTP/1.1 200 ", notify = "NOTIFY * HTTP/1.1", search = "M-SEARCH * HTTP/1.1";

struct Field {
    std::string_view name, value;
};

struct Message {
    static constexpr std::size_t most_fields = 32;
    std::array<Field, most_fields> fields;
    std::size_t count = 0;

    [[nodiscard]] std::string_view operator[](std::string_view name) const {
        for (std::size_t i = 0; i < count; ++i)
            if (same_text(fields[i].name, name)) return fields[i].value;
        return {};
    }
};

Message read_message(std::string_view text) {
    Message message;
    LineReader lines{text};
    lines.next();
    for (auto line = lines.next(); line && !line->text.empty() && message.count < Message::most_fields;
         line = lines.next()) {
        const auto colon = line->text.find(':');
        if (colon == std::string_view::npos) continue;
        message.fields[message.count++] = {trimmed(line->text.substr(0, colon)), trimmed(line->text.substr(colon + 1))};
    }
    return message;
}

/// What a target says of the device's kind.
std::string_view type_in(std::string_view target) {
    if (const auto behind = target.find("::"); starts_with_text(target, "uuid:"))
        target = behind == std::string_view::npos ? std::string_view{} : target.substr(behind + 2);
    const bool says_nothing = starts_with_text(target, "upnp:") || starts_with_text(target, "ssdp:");
    return says_nothing ? std::string_view{} : target;
}

/// "Socket" of "uuid:Socket-1_0-…"; nothing of a real UUID.
std::string_view word_in(std::string_view unique_name) {
    constexpr std::string_view scheme = "uuid:", hexadecimal = "abcdefABCDEF";
    constexpr std::size_t shortest = 4;
    if (!starts_with_text(unique_name, scheme)) return {};
    unique_name.remove_prefix(scheme.size());
    const auto end = std::find_if_not(unique_name.begin(), unique_name.end(), is_letter);
    const auto word = unique_name.substr(0, static_cast<std::size_t>(end - unique_name.begin()));
    const bool is_word = word.size() >= shortest && end != unique_name.end() && (*end == '-' || *end == '_' || *end == ':');
    return is_word && word.find_first_not_of(hexadecimal) != std::string_view::npos ? word : std::string_view{};
}

void tell_device(const Message& message, const Packet& packet, const Emit& emit) {
    SenderHints hints{packet, "ssdp", emit};
    hints.tell("server", message["SERVER"]);
    hints.tell("unique-name", word_in(message["USN"]));
    for (const auto* target : {"NT", "ST", "USN"}) {
        const auto type = type_in(message[target]);
        if (type.empty()) continue;
        hints.tell("device-type", type);
        break;  // the others say the same
    }
}

void tell_yeelight(const Message& message, const Packet& packet, const Emit& emit) {
    SenderHints hints{packet, "yeelight", emit};
    hints.tell("model", message["model"]);
    hints.tell("version", message["fw_ver"]);
    hints.tell("name", message["name"]);
}

bool is_known(Port port) { return port.number == ssdp_port || port.number == yeelight_port; }

bool wants(const Packet& packet) {
    if (packet.proto != Proto::udp) return false;
    const auto text = text_of(packet.payload);
    return text.starts_with(answer) || (is_known(packet.dst_port) && (text.starts_with(notify) || text.starts_with(search)));
}

void inspect(const Packet& packet, const SensorSignatures&, const Emit& emit) {
    const auto text = text_of(packet.payload);
    const auto message = read_message(text);
    if (text.starts_with(search)) {
        SenderHints{packet, "ssdp", emit}.tell("user-agent", message["USER-AGENT"]);
        return;
    }
    if (starts_with_text(message["Location"], "yeelight://")) return tell_yeelight(message, packet, emit);
    const bool is_ssdp = text.starts_with(notify) ? !message["NT"].empty() : !message["ST"].empty();
    if (is_ssdp) tell_device(message, packet, emit);
}

}  // namespace

const DatagramDissector ssdp{"ssdp", wants, inspect};

}  // namespace linnet
