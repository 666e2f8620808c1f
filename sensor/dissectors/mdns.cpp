// Multicast DNS (RFC 6762) with service discovery (RFC 6763): what a device calls itself and offers. Read are answers and
// announcements, and the names that a device is about to take (the authority section of its probes, section 8.2); never
// questions, nor the answers in them that are known already (section 7.1), which are somebody else's.
// Hints: hostname ("Philips-hue"), service ("_hap._tcp"), instance ("Hall._hap._tcp"), hinfo ("X86_64 LINUX") and
// txt.KEY for the keys of a TXT record that say what the thing is, KEY in lower case.
//
// Sleep proxies and reflectors speak for others: a message whose addresses are all other than its sender's is not told of.
#include "dns_name.hpp"
#include "sender_hints.hpp"
#include "sensor/dissectors.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace linnet {
namespace {

constexpr std::uint16_t port = 5353;
namespace record_type {
constexpr std::uint16_t a = 1, ptr = 12, hinfo = 13, txt = 16, aaaa = 28, srv = 33;
}

/// Makers, models, kinds and names, in the order of the alphabet: of HomeKit (ci, md), Matter (dn, dt, vp), Chromecast (fn,
/// md), AirPlay (am, model, rpmd, srcvers), Thread (mn, vn), printers (mdl, mfg, product, ty, usb_*), D-Link (model_number),
/// QNAP (displaymodel), Free (box_model_name) and of many makers.
/// Serial numbers and the like are none of them.
constexpr std::array<std::string_view, 51> telling_keys{"am",           "app",          "board",      "box_model_name",
                                                        "ci",           "device_model", "devicename", "displaymodel",
                                                        "dn",           "dt",           "fn",         "friendly_name",
                                                        "friendlyname", "fv",           "gen",        "hw",
                                                        "hwver",        "manufacturer", "md",         "mdl",
                                                        "mf",           "mfg",          "mn",         "model",
                                                        "model_name",   "model_number", "modelid",    "modelname",
                                                        "name",         "nm",           "os",         "osvers",
                                                        "osxvers",      "platform",     "product",    "productname",
                                                        "project_name", "rpmd",         "srcvers",    "swversion",
                                                        "sys",          "systype",      "ty",         "type",
                                                        "usb_mdl",      "usb_mfg",      "vendor",     "ver",
                                                        "version",      "vn",           "vp"};

/// The first labels of a name; names with more of them are none that matter here.
struct Name {
    static constexpr std::size_t room = 6;
    std::array<std::string_view, room> labels;
    std::size_t count = 0;

    [[nodiscard]] bool is_local(std::size_t size) const { return count == size && same_text(labels[size - 1], "local"); }
};

Name read_name(ByteReader& reader, Bytes message) {
    Name name;
    read_dns_name(reader, message, [&](std::string_view label) {
        if (name.count < Name::room) name.labels[name.count] = label;
        ++name.count;
    });
    return name;
}

std::string lower(std::string_view text) {
    std::string out{text};
    std::transform(out.begin(), out.end(), out.begin(), ascii_lower);
    return out;
}

/// "_hap._tcp" of "_hap._tcp.local" and "Hall._hap._tcp.local"; nothing where the name is neither.
std::optional<std::string> service_in(const Name& name) {
    const bool is_type = name.is_local(3), is_instance = name.is_local(4);
    if (!is_type && !is_instance) return std::nullopt;
    const auto service = name.labels[name.count - 3], transport = name.labels[name.count - 2];
    if (!service.starts_with('_') || service.size() < 2 || service.size() > 64) return std::nullopt;
    if (!same_text(transport, "_tcp") && !same_text(transport, "_udp")) return std::nullopt;
    if (same_text(service, "_dns-sd")) return std::nullopt;
    return lower(service) + '.' + lower(transport);
}

struct Record {
    Name owner;
    std::uint16_t type = 0;
    Bytes data;
    std::size_t data_at = 0;  ///< offset in the message
};

/// Calls `each` for every record that is the sender's own.
template <class Each>
void for_each_own_record(Bytes message, const Each& each) {
    constexpr std::uint16_t response = 0x8000, opcode_and_rcode = 0x780F, most = 128;
    ByteReader reader{message};
    reader.skip(2);
    const std::uint16_t flags = reader.u16(), questions = reader.u16(), answers = reader.u16(), authority = reader.u16(),
                        additional = reader.u16();
    if (!reader.ok() || (flags & opcode_and_rcode) != 0) return;
    const bool is_response = (flags & response) != 0;
    const unsigned known = is_response ? 0U : answers;
    const unsigned own = is_response ? 0U + answers + authority + additional : authority;
    if (own == 0) return;
    for (unsigned i = 0; i < questions && i < most && reader.ok(); ++i) {
        skip_dns_name(reader);
        reader.skip(4);
    }
    for (unsigned i = 0; i < known + own && i < most; ++i) {
        Record record;
        if (i < known)
            skip_dns_name(reader);
        else
            record.owner = read_name(reader, message);
        record.type = reader.u16();
        reader.skip(6);  // class, time to live
        const std::uint16_t length = reader.u16();
        record.data_at = message.size() - reader.remaining();
        record.data = reader.bytes(length);
        if (!reader.ok()) return;
        if (i >= known) each(record);
    }
}

/// The name in the data of a record, `skipped` bytes after its beginning; no labels where there is none.
Name name_in(const Record& record, Bytes message, std::size_t skipped) {
    ByteReader reader{message.first(record.data_at + record.data.size()).subspan(record.data_at)};
    reader.skip(skipped);
    const auto name = read_name(reader, message.first(record.data_at + record.data.size()));
    return reader.ok() ? name : Name{};
}

bool is_link_local_v6(const IpAddress& ip) { return ip.bytes[0] == 0xFE && (ip.bytes[1] & 0xC0) == 0x80; }

/// Whether the message has addresses of the sender's kind and the sender's own is not among them.
bool speaks_for_others(const Packet& packet) {
    bool of_the_kind = false, own = false;
    for_each_own_record(packet.payload, [&](const Record& record) {
        ByteReader data{record.data};
        IpAddress ip;
        if (record.type == record_type::a && data.remaining() == 4)
            ip = IpAddress::v4(data.u32());
        else if (record.type == record_type::aaaa && data.remaining() == 16)
            ip = IpAddress{data.array<16>()};
        else
            return;
        of_the_kind |= ip.is_v4() == packet.src.is_v4() && is_link_local_v6(ip) == is_link_local_v6(packet.src);
        own |= ip == packet.src;
    });
    return of_the_kind && !own;
}

void tell_hostname(const Name& name, SenderHints& hints) {
    if (name.is_local(2)) hints.tell("hostname", name.labels[0]);
}

void tell_service(const Name& name, SenderHints& hints) {
    const auto service = service_in(name);
    if (!service) return;
    hints.tell("service", *service);
    if (name.count == 4) hints.tell("instance", std::string{name.labels[0]} + '.' + *service);
}

/// RFC 6763, section 6: "key=value", one after the other, each behind its length.
void tell_text(const Record& record, SenderHints& hints) {
    const bool is_raop = record.owner.count == 4 && same_text(record.owner.labels[1], "_raop");  // its md are kinds of data
    ByteReader reader{record.data};
    while (!reader.at_end()) {
        const auto pair = reader.text(reader.u8());
        const auto equals = pair.find('=');
        if (equals == std::string_view::npos || equals == 0 || equals > 16) continue;
        const auto key = lower(pair.substr(0, equals));
        const bool telling = std::find(telling_keys.begin(), telling_keys.end(), key) != telling_keys.end();
        if (telling && !(is_raop && key == "md")) hints.tell("txt." + key, pair.substr(equals + 1));
    }
}

/// RFC 1035, section 3.3.2: processor and operating system.
void tell_host_information(const Record& record, SenderHints& hints) {
    ByteReader reader{record.data};
    const auto processor = reader.text(reader.u8()), system = reader.text(reader.u8());
    if (reader.ok() && record.owner.is_local(2)) hints.tell("hinfo", std::string{processor} + ' ' + std::string{system});
}

void tell_record(const Record& record, Bytes message, SenderHints& hints) {
    const Name& owner = record.owner;
    switch (record.type) {
        case record_type::a:
        case record_type::aaaa: return tell_hostname(owner, hints);
        case record_type::ptr: {
            const auto target = name_in(record, message, 0);
            tell_service(target, hints);
            return tell_hostname(target, hints);  // of an address (in-addr.arpa, ip6.arpa)
        }
        case record_type::srv: tell_service(owner, hints); return tell_hostname(name_in(record, message, 6), hints);
        case record_type::txt: tell_service(owner, hints); return tell_text(record, hints);
        case record_type::hinfo: return tell_host_information(record, hints);
        default: return;
    }
}

bool wants(const Packet& packet) { return packet.proto == Proto::udp && packet.src_port.number == port; }

void inspect(const Packet& packet, const SensorSignatures&, const Emit& emit) {
    if (speaks_for_others(packet)) return;
    SenderHints hints{packet, "mdns", emit};
    for_each_own_record(packet.payload, [&](const Record& record) { tell_record(record, packet.payload, hints); });
}

constexpr std::array ports{port};

}  // namespace

const DatagramDissector mdns{"mdns", wants, inspect, ports};

}  // namespace linnet
