#include "upnp_mapping.hpp"

#include "sensor/ascii_text.hpp"
#include "xml_reader.hpp"

#include <algorithm>
#include <charconv>

namespace linnet {
namespace {

/// The part behind '#' of "urn:schemas-upnp-org:service:WANIPConnection:1#AddPortMapping"; empty for other services.
std::string_view action_of(const HttpMessage& request) {
    auto value = http_field(request, "SOAPAction").value_or("");
    if (value.find(":WANIPConnection:") == std::string_view::npos &&
        value.find(":WANPPPConnection:") == std::string_view::npos)
        return {};
    value.remove_prefix(std::min(value.find('#'), value.size() - 1) + 1);
    return value.substr(0, value.find('"'));
}

template <class Number>
Number number_in(std::string_view text) {
    Number number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && end == text.data() + text.size() ? number : Number{0};
}

Proto proto_in(std::string_view text) {
    if (same_text(text, "TCP")) return Proto::tcp;
    return same_text(text, "UDP") ? Proto::udp : Proto::none;
}

void read_fields(std::string_view body, PortMapping& mapping) {
    XmlReader reader{body};
    WipedText text;
    while (const auto tag = reader.next()) {
        if (tag->closes || tag->empty || !reader.text(text)) continue;
        const auto value = text.view();
        if (tag->name == "NewExternalPort") mapping.external_port = {number_in<std::uint16_t>(value)};
        if (tag->name == "NewInternalPort") mapping.internal_port = {number_in<std::uint16_t>(value)};
        if (tag->name == "NewProtocol") mapping.proto = proto_in(value);
        if (tag->name == "NewInternalClient") mapping.internal_ip = IpAddress::parse(value).value_or(IpAddress{});
        if (tag->name == "NewLeaseDuration") mapping.lifetime = number_in<std::uint32_t>(value);
        if (tag->name == "NewPortMappingDescription") mapping.description = plain_text(value);
        if (tag->name == "NewReservedPort") mapping.external_port = {number_in<std::uint16_t>(value)};
    }
}

}  // namespace

bool report_upnp_mapping(const HttpExchange& exchange, const Conversation& c, Findings& findings) {
    const HttpMessage& request = exchange.request;
    const auto action = action_of(request);
    const bool adds_any = action == "AddAnyPortMapping", adds = adds_any || action == "AddPortMapping";
    if ((!adds && action != "DeletePortMapping") || request.end > c.client_head.size()) return true;
    PortMapping mapping;
    mapping.action = adds ? MappingAction::add : MappingAction::remove;
    if (exchange.status) mapping.outcome = *exchange.status == 200 ? Outcome::success : Outcome::failure;
    read_fields(c.client_head.substr(request.body, request.end - request.body), mapping);
    if (mapping.proto == Proto::none) return true;
    // AddAnyPortMapping lets the router choose another port than was asked for; its answer says which.
    if (adds_any && mapping.outcome == Outcome::success) {
        const std::size_t begin = server_bytes_before(c, request.body - 1), end = exchange.response_end;
        if (end > c.server_head.size() && !c.closing) return false;
        if (begin < end) read_fields(c.server_head.substr(std::min(begin, c.server_head.size()), end - begin), mapping);
    }
    if (!mapping.internal_ip.known() && adds) mapping.internal_ip = c.client.ip;
    findings.tell(std::move(mapping));
    return true;
}

}  // namespace linnet
