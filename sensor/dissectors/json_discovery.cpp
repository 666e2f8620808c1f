// Devices that answer a search in JSON. Told are the members that say what the thing is; never where it stands, whose it is,
// or its keys. Told once each: what follows under the same name are parts of the device.
//   TP-Link Kasa  port 9999, each byte XORed with the one before it, beginning with 171
//   (github.com/softScheck/tplink-smartplug) TP-Link Tapo  port 20002, behind a header of 16 bytes
//   (python-kasa.readthedocs.io, discovery) WiZ           port 38899 (docs.pro.wizconnected.com, local UDP interface) Govee
//   to port 4002 (app-h5.govee.com, LAN API)
// Hints: model, product, name, version, type.
#include "datagram_text.hpp"
#include "json_texts.hpp"
#include "sender_hints.hpp"
#include "sensor/byte_reader.hpp"
#include "sensor/dissectors.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string>

namespace linnet {
namespace {

constexpr std::size_t longest = 2048;  ///< of a document, where it must be uncovered

/// Which member is told under which key.
struct Telling {
    std::string_view member, key;
};
constexpr std::array<Telling, 7> kasa_members{{{"model", "model"},
                                               {"dev_name", "product"},
                                               {"description", "product"},
                                               {"alias", "name"},
                                               {"sw_ver", "version"},
                                               {"type", "type"},
                                               {"mic_type", "type"}}};
constexpr std::array<Telling, 3> tapo_members{{{"device_model", "model"}, {"device_type", "type"}, {"device_name", "name"}}};
constexpr std::array<Telling, 2> wiz_members{{{"moduleName", "model"}, {"fwVersion", "version"}}};
constexpr std::array<Telling, 2> govee_members{{{"sku", "model"}, {"wifiVersionSoft", "version"}}};

template <class Tell>
void tell_members(std::string_view document, std::span<const Telling> members, const Tell& tell) {
    std::uint32_t told = 0;
    JsonTexts texts{document};
    while (const auto member = texts.next()) {
        for (std::size_t i = 0; i < members.size(); ++i) {
            if (members[i].member != member->name || (told >> i & 1U) != 0) continue;
            told |= 1U << i;
            tell(members[i].key, json_text(member->value));
        }
    }
}

std::string uncovered(std::string_view hidden) {
    std::string plain;
    std::uint8_t key = 171;
    for (const char c : hidden.substr(0, longest)) {
        const auto byte = static_cast<std::uint8_t>(c);
        plain += static_cast<char>(byte ^ key);
        key = byte;
    }
    return plain;
}

/// Only what answers the question for the device's state: other answers have other devices' names, of networks for one.
bool is_kasa_state(std::string_view document) {
    return document.starts_with('{') && document.find("\"get_sysinfo\":{") != std::string_view::npos;
}

struct Protocol {
    std::uint16_t from, to;  ///< ports; 0 = any
    std::string_view source;
    std::size_t header;
    std::string_view word;  ///< in each answer
    std::span<const Telling> members;
};
constexpr std::array<Protocol, 3> plain_protocols{{{20002, 0, "tplink", 16, "\"device_model\"", tapo_members},
                                                   {38899, 0, "wiz", 0, "\"result\"", wiz_members},
                                                   {0, 4002, "govee", 0, "\"sku\"", govee_members}}};
constexpr std::uint16_t kasa_port = 9999;

bool is_for(const Protocol& protocol, const Packet& packet) {
    return (protocol.from == 0 || protocol.from == packet.src_port.number) &&
           (protocol.to == 0 || protocol.to == packet.dst_port.number);
}

const Protocol* protocol_of(const Packet& packet) {
    const auto* found = std::find_if(plain_protocols.begin(), plain_protocols.end(),
                                     [&](const Protocol& protocol) { return is_for(protocol, packet); });
    return found == plain_protocols.end() ? nullptr : found;
}

bool wants(const Packet& packet) {
    return packet.proto == Proto::udp && (packet.src_port.number == kasa_port || protocol_of(packet) != nullptr);
}

void inspect(const Packet& packet, const SensorSignatures&, const Emit& emit) {
    const auto payload = text_of(packet.payload);
    if (packet.src_port.number == kasa_port) {
        const auto document = uncovered(payload);
        SenderHints hints{packet, "tplink", emit};
        if (is_kasa_state(document))
            tell_members(document, kasa_members, [&](auto key, const auto& value) { hints.tell(key, value); });
        return;
    }
    const Protocol& protocol = *protocol_of(packet);
    const auto document = payload.substr(std::min(protocol.header, payload.size()));
    if (!document.starts_with('{') || document.find(protocol.word) == std::string_view::npos) return;
    SenderHints hints{packet, protocol.source, emit};
    tell_members(document, protocol.members, [&](auto key, const auto& value) { hints.tell(key, value); });
}

constexpr std::array<std::uint16_t, 4> ports{kasa_port, 20002, 38899, 4002};

bool wants_stream(const Conversation& c) { return c.server.port.number == kasa_port; }

/// Over TCP, behind four bytes of length; read when it has arrived, or as far as it ever will.
void inspect_stream(const Conversation& c, Findings& findings) {
    ByteReader reader{c.server_head};
    const std::uint32_t length = reader.u32();
    if (!reader.ok() || (reader.remaining() < std::min<std::size_t>(length, longest) && !c.closing)) return;
    const auto document = uncovered(reader.text(std::min<std::size_t>(reader.remaining(), length)));
    if (is_kasa_state(document))
        tell_members(document, kasa_members,
                     [&](auto key, const auto& value) { findings.hint(c.server, "tplink", key, value); });
    findings.finished();
}

}  // namespace

const DatagramDissector json_discovery{"json-discovery", wants, inspect, ports};
const StreamDissector kasa_state{"kasa-state", wants_stream, inspect_stream};

}  // namespace linnet
