#include "upnp_description.hpp"

#include "xml_reader.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace linnet {
namespace {

struct Element {
    std::string_view name, key;
};
constexpr std::array<Element, 6> elements{{{"deviceType", "device-type"},
                                           {"friendlyName", "friendly-name"},
                                           {"manufacturer", "manufacturer"},
                                           {"modelName", "model-name"},
                                           {"modelNumber", "model-number"},
                                           {"modelDescription", "model-description"}}};

/// A GET that was granted, and whose answer does not say that it is something else.
bool may_describe(const HttpExchange& exchange) {
    if (exchange.status != 200 || !exchange.request.start_line.starts_with("GET ")) return false;
    const auto type = http_field(exchange.response, "Content-Type");
    return !type || type->find("xml") != std::string_view::npos;
}

/// As far as it has arrived. False where what arrives later may change what it holds: the sizes of chunks are still in it.
bool read_body(const HttpExchange& exchange, const Conversation& c, WipedText& out) {
    const auto& response = exchange.response;
    if (read_http_body(response, c.server_head, out)) return true;
    const auto begin = std::min(response.body, c.server_head.size());
    out.assign(c.server_head.substr(begin, response.end - begin));
    return !http_field(response, "Transfer-Encoding");
}

struct Description {
    std::array<std::string, elements.size()> values;
    bool is_one = true;     ///< as far as can be seen
    bool is_final = false;  ///< what follows is of no interest
};

void read_element(const XmlTag& tag, const XmlReader& reader, Description& out) {
    const auto* element =
        std::find_if(elements.begin(), elements.end(), [&](const Element& e) { return e.name == tag.name; });
    WipedText text;
    if (element == elements.end() || !reader.text(text)) return;
    auto& value = out.values[static_cast<std::size_t>(element - elements.begin())];
    if (value.empty()) value = text.view();
}

/// Of the root device, which comes before those in it.
Description read_description(std::string_view document) {
    Description out;
    XmlReader reader{document};
    auto tag = reader.next();
    if (tag && tag->name != "root") out.is_one = false;
    bool inside = false;
    while (out.is_one && tag && !out.is_final) {
        if (tag->name == "device") {
            out.is_final = tag->closes;
            inside = true;
        } else if (tag->name == "iconList" || tag->name == "serviceList" || tag->name == "deviceList") {
            out.is_final = true;
        } else if (inside && !tag->closes && !tag->empty) {
            read_element(*tag, reader, out);
        }
        tag = reader.next();
    }
    return out;
}

}  // namespace

bool report_upnp_description(const HttpExchange& exchange, const Conversation& c, Findings& findings) {
    if (!may_describe(exchange)) return true;
    WipedText body;
    const bool lasts = read_body(exchange, c, body);
    const auto description = read_description(body.view());
    if (!description.is_one) return true;
    const bool all_seen = c.closing || exchange.over || exchange.response.end <= c.server_head.size() ||
                          c.server_head.size() >= Conversation::head_size;
    if (!(description.is_final && lasts) && !all_seen) return false;
    for (std::size_t i = 0; i < elements.size(); ++i)
        findings.hint(c.server, "upnp", elements[i].key, description.values[i]);
    return true;
}

}  // namespace linnet
