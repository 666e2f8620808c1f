#include "mqtt_connect.hpp"

#include "sensor/byte_reader.hpp"

#include <optional>

namespace linnet {
namespace {

constexpr std::uint8_t connect = 0x10, connack = 0x20;
constexpr std::uint8_t has_will = 0x04, has_password = 0x40, has_user = 0x80;

/// Section 1.5.5: up to four bytes of seven bits, the lowest first.
std::uint32_t variable_length(ByteReader& reader) {
    std::uint32_t value = 0;
    for (unsigned shift = 0; shift < 28; shift += 7) {
        const std::uint8_t byte = reader.u8();
        value |= static_cast<std::uint32_t>(byte & 0x7F) << shift;
        if (byte < 0x80) return value;
    }
    reader.fail();
    return 0;
}

std::string_view field(ByteReader& reader) { return reader.text(reader.u16()); }

struct Connect {
    std::string_view client_id, user, secret;
    bool anonymous = false;  ///< neither of the two is there
};

/// Nothing where it is no CONNECT, or has not wholly arrived.
std::optional<Connect> read_connect(std::string_view client) {
    ByteReader reader{client};
    if (reader.u8() != connect) return std::nullopt;
    variable_length(reader);
    const auto protocol = field(reader);
    const std::uint8_t version = reader.u8(), flags = reader.u8();
    reader.skip(2);  // keep alive
    if (!reader.ok() || (protocol != "MQTT" && protocol != "MQIsdp")) return std::nullopt;
    const auto properties = [&] {
        if (version >= 5) reader.skip(variable_length(reader));
    };
    properties();
    const auto client_id = field(reader);
    if ((flags & has_will) != 0) {
        properties();
        field(reader);  // topic
        field(reader);  // message
    }
    Connect out{.client_id = client_id, .anonymous = (flags & (has_user | has_password)) == 0};
    if ((flags & has_user) != 0) out.user = field(reader);
    if ((flags & has_password) != 0) out.secret = field(reader);
    return reader.ok() ? std::optional{out} : std::nullopt;
}

Outcome read_connack(std::string_view server) {
    ByteReader reader{server};
    const bool is_connack = reader.u8() == connack;
    variable_length(reader);
    reader.skip(1);
    const std::uint8_t code = reader.u8();
    if (!reader.ok() || !is_connack) return Outcome::unknown;
    return code == 0 ? Outcome::success : Outcome::failure;
}

}  // namespace

void read_mqtt_login(const Endpoint& who, std::string_view client, std::string_view server, Findings& findings) {
    const auto packet = read_connect(client);
    if (!packet) return;
    findings.hint(who, "mqtt", "client-id", packet->client_id);
    const auto outcome = read_connack(server);
    if (!packet->anonymous) return findings.login(Service::mqtt, packet->user, packet->secret, outcome);
    if (outcome != Outcome::success) return;
    Observation seen;
    seen.kind = ObservationKind::open_control;
    seen.protocol = "mqtt";
    findings.tell(std::move(seen));
}

}  // namespace linnet
