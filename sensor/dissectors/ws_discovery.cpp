// WS-Discovery (OASIS 1.1 and the draft of April 2005), which ONVIF's cameras (ONVIF Core Specification, section 7),
// printers and Windows use: what a device says of itself in Hello, ProbeMatches and ResolveMatches; not what a Probe looks
// for. Hints of source wsd: type ("NetworkVideoTransmitter", without its prefix), and of ONVIF's scopes name, hardware and
// type.
#include "datagram_text.hpp"
#include "percent_encoding.hpp"
#include "sender_hints.hpp"
#include "sensor/dissectors.hpp"
#include "xml_reader.hpp"

#include <algorithm>
#include <array>

namespace linnet {
namespace {

constexpr std::uint16_t port = 3702;

/// Hands each word of a list to `each`.
template <class Each>
void for_each_word(std::string_view list, const Each& each) {
    constexpr std::string_view blanks = " \t\r\n";
    while (true) {
        list.remove_prefix(std::min(list.find_first_not_of(blanks), list.size()));
        if (list.empty()) return;
        const auto word = list.substr(0, list.find_first_of(blanks));
        each(word);
        list.remove_prefix(word.size());
    }
}

void tell_type(std::string_view type, SenderHints& hints) {
    const auto colon = type.rfind(':');
    hints.tell("type", colon == std::string_view::npos ? type : type.substr(colon + 1));
}

/// "onvif://www.onvif.org/name/Front%20door"; of other scopes nothing.
void tell_scope(std::string_view scope, SenderHints& hints) {
    constexpr std::string_view onvif = "onvif://www.onvif.org/";
    constexpr std::array<std::string_view, 3> kinds{"name", "hardware", "type"};
    if (!starts_with_text(scope, onvif)) return;
    scope.remove_prefix(onvif.size());
    const auto slash = scope.find('/');
    if (slash == std::string_view::npos) return;
    const auto* kind =
        std::find_if(kinds.begin(), kinds.end(), [&](auto k) { return same_text(k, scope.substr(0, slash)); });
    if (kind == kinds.end()) return;
    WipedText value;
    decode_percent(scope.substr(slash + 1), value);
    hints.tell(*kind, value.view());
}

bool is_statement(std::string_view element) {
    return element == "Hello" || element == "ProbeMatch" || element == "ResolveMatch";
}

bool wants(const Packet& packet) {
    return packet.proto == Proto::udp && (packet.src_port.number == port || packet.dst_port.number == port) &&
           text_of(packet.payload).starts_with('<');
}

void inspect(const Packet& packet, const SensorSignatures&, const Emit& emit) {
    SenderHints hints{packet, "wsd", emit};
    XmlReader reader{text_of(packet.payload)};
    WipedText text;
    bool inside = false;
    while (const auto tag = reader.next()) {
        if (is_statement(tag->name)) inside = !tag->closes && !tag->empty;
        const bool is_types = tag->name == "Types", is_scopes = tag->name == "Scopes";
        if (!inside || tag->closes || tag->empty || (!is_types && !is_scopes) || !reader.text(text)) continue;
        for_each_word(text.view(), [&](auto word) { is_types ? tell_type(word, hints) : tell_scope(word, hints); });
    }
}

constexpr std::array ports{port};

}  // namespace

const DatagramDissector ws_discovery{"ws-discovery", wants, inspect, ports};

}  // namespace linnet
