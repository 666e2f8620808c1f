// Events: what a sensor tells an analyzer. The value types here are the contract inside a program; events.fbs is the
// same contract between programs, and frame.hpp translates. All events are small, none holds payload, and none
// has a field in which a password could travel.
//
// A sensor's events are numbered (see link.hpp); the same capture gives the same events with the same numbers.
#pragma once

#include "types.hpp"

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace linnet {

/// IANA protocol numbers.
enum class Proto : std::uint8_t { none = 0, icmp = 1, tcp = 6, udp = 17, icmpv6 = 58 };

/// EVE spelling: "TCP", "UDP", "ICMP", "IPv6-ICMP"; others as their decimal number.
std::string to_string(Proto proto);

enum class FlowStage : std::uint8_t { start = 0, update = 1, end = 2 };
enum class FlowEndReason : std::uint8_t {
    none = 0,      ///< still open
    closed = 1,    ///< FIN from both sides, or RST
    idle = 2,      ///< nothing came for the idle timeout
    evicted = 3,   ///< the table was full and this one was the least recently used
    shutdown = 4,  ///< the capture ended
};

/// A conversation that was answered (TCP), or any UDP or ICMP exchange. `start` is sent once, as soon as the application
/// is known or nDPI gave up; `update` on the active timeout; `end` once. A flow that ends before it could start has
/// only an `end`. Counters are totals since first_seen, not differences.
struct Flow {
    std::uint64_t id = 0;  ///< unique within one sensor and epoch
    FlowStage stage = FlowStage::start;
    FlowEndReason reason = FlowEndReason::none;
    Proto proto = Proto::none;
    bool midstream = false;  ///< the beginning was not seen: which side is the client is a guess from the ports
    bool tunnelled = false;  ///< inside other IP packets (GRE, IP in IP, GTP): who wraps them may make up the addresses
    Endpoint client;         ///< who sent the first packet
    Endpoint server;
    Timestamp first_seen;
    Timestamp last_seen;
    std::uint64_t packets_to_server = 0;
    std::uint64_t packets_to_client = 0;
    std::uint64_t bytes_to_server = 0;  ///< on the wire, link layer included
    std::uint64_t bytes_to_client = 0;
    std::uint64_t payload_to_server = 0;  ///< transport payload
    std::uint64_t payload_to_client = 0;
    std::string app_proto;  ///< lower case: "telnet", "http", "tls", "dns"; empty = not known
    std::string service;    ///< what runs on top where nDPI can tell: "Netflix"; empty = not known

    /// That these two exist is only what the sender of a tunnel's packets says.
    [[nodiscard]] bool is_hearsay() const { return tunnelled && (packets_to_server == 0 || packets_to_client == 0); }
    auto operator<=>(const Flow&) const = default;
};

/// Unanswered attempts to reach somebody. They never enter the flow table.
enum class ProbeKind : std::uint8_t {
    tcp_syn = 0,
    tcp_other = 1,  ///< the first packet was neither SYN, SYN-ACK nor RST and carried no data: ACK, FIN, Xmas, null scans
    udp = 2,
    icmp_echo = 3,
    arp = 4,
};
enum class ProbeOutcome : std::uint8_t {
    unanswered = 0,  ///< nothing came within the answer timeout (or, for a hallmark SYN, not yet)
    refused = 1,     ///< RST, or ICMP unreachable
    answered = 2,    ///< an echo reply or ARP reply came, or a bare ACK was answered; answered SYNs and UDP are Flows
};
struct ProbeAttempt {
    IpAddress target;
    Port port;
    ProbeOutcome outcome = ProbeOutcome::unanswered;
    bool hallmark = false;  ///< a SYN whose sequence number is the destination address: Mirai's scanner.c
    auto operator<=>(const ProbeAttempt&) const = default;
};
/// One source's attempts since its last Probe event: at most `max_attempts`, at most 100 ms old in packet time.
struct Probe {
    static constexpr std::size_t max_attempts = 64;
    MacAddress mac;
    IpAddress source;
    ProbeKind kind = ProbeKind::tcp_syn;
    bool tunnelled = false;  ///< as in Flow
    Timestamp first_seen;
    Timestamp last_seen;
    std::vector<ProbeAttempt> attempts;
    auto operator<=>(const Probe&) const = default;
};

/// One thing that a packet tells about a device: ("dhcp", "hostname", "hall-camera").
struct DeviceHint {
    Timestamp at;
    MacAddress mac;
    IpAddress ip;
    std::string source;  ///< the dissector: "dhcp"
    std::string key;     ///< "hostname", "vendor-class", "parameter-list"
    std::string value;   ///< valid UTF-8, at most 255 bytes; from strangers: show it as plain text only
    auto operator<=>(const DeviceHint&) const = default;
};

/// Clear-text services that can carry a credential. Names as in DESIGN section 4; append only.
enum class Service : std::uint8_t {
    telnet = 0,
    ftp,
    http_basic,
    http_form,
    pop3,
    imap,
    smtp,
    mqtt,
    rtsp,
    sip,
    snmp,
    ldap,
    irc,
    redis,
    rlogin,
    rsh,
    socks5,
    nntp,
    onvif,
    xmpp,
    vnc,
    mysql,
    postgresql,
    http_proxy,
    dvrip,  ///< XMEye recorders: a hash that can be sent again, not the password itself
    mongodb,
};
std::string_view to_string(Service service);  ///< "http-basic"
std::optional<Service> parse_service(std::string_view name);

/// How something that one side asked for went.
enum class Outcome : std::uint8_t { unknown = 0, success = 1, failure = 2 };
std::string_view to_string(Outcome outcome);

/// A credential that was readable on the wire. The secret itself stays in the packet buffer.
struct Login {
    Timestamp at;
    std::uint64_t flow_id = 0;
    Endpoint client;  ///< who sent the credential
    Endpoint server;
    Service service = Service::telnet;
    Outcome outcome = Outcome::unknown;
    std::uint16_t default_entry = 0;  ///< number of the matching entry in signatures/credentials.toml; 0 = none
    std::string user;                 ///< valid UTF-8, at most 255 bytes; may be empty
    auto operator<=>(const Login&) const = default;
};

/// "This MAC uses this address", from ARP (request or reply, not probes) or a DHCP acknowledgement.
struct AddressBinding {
    Timestamp at;
    MacAddress mac;
    IpAddress ip;
    std::string source;  ///< "arp", "dhcp"
    auto operator<=>(const AddressBinding&) const = default;
};

/// The hellos of a TLS handshake (RFC 8446, RFC 5246), an SSL one, QUIC (RFC 9001) or DTLS: once the server's has been seen,
/// or, without it, when the conversation ends.
struct TlsHandshake {
    Timestamp at;
    std::uint64_t flow_id = 0;
    Endpoint client;
    Endpoint server;
    Proto proto = Proto::tcp;   ///< udp: QUIC, where `ja4` begins with q, or DTLS
    std::uint16_t version = 0;  ///< agreed on: 0x0304 TLS 1.3, 0x0303 TLS 1.2, … 0x0300 SSL 3.0, 0x0002 SSL 2.0, 0xfefd
                                ///< DTLS 1.2, …; 0 = the server's hello was not seen, so that nothing was agreed on
    std::uint16_t cipher = 0;   ///< agreed on, IANA's number of the cipher suite; means nothing where `version` is 0
    std::string sni;            ///< the server name that the client asked for; empty = none, or its hello was not seen
    std::string alpn;           ///< agreed on: "h2"; QUIC: the first that the client offered; empty = none, or hidden
    std::string ja4;            ///< of the client's hello (sensor/dissectors/ja4.hpp); empty where that was not seen
    auto operator<=>(const TlsHandshake&) const = default;
};

/// X.509 in DER, as it came: to be parsed with care.
struct Der {
    std::string bytes;
    auto operator<=>(const Der&) const = default;
};
/// The certificates that a TLS server (up to TLS 1.2; later ones are not readable) showed, and what the client did.
struct Certificate {
    static constexpr std::size_t max_chain = 8;
    static constexpr std::size_t max_bytes = 14 * 1024;  ///< of all together; what is beyond is left out
    Timestamp at;
    std::uint64_t flow_id = 0;
    Endpoint client;
    Endpoint server;
    std::uint16_t version = 0;
    Outcome outcome = Outcome::unknown;  ///< success: the client went on to application data; failure: it refused
    std::string sni;
    std::vector<Der> chain;  ///< the server's own comes first
    auto operator<=>(const Certificate&) const = default;
};

/// An answer to a DNS question about a name (RFC 1035).
struct NameBinding {
    static constexpr std::size_t max_addresses = 16;
    Timestamp at;
    Endpoint client;         ///< who asked
    Endpoint resolver;       ///< who answered
    std::string name;        ///< as asked, lower case, without the last dot
    std::uint16_t type = 0;  ///< of the question: 1 A, 28 AAAA, 16 TXT, …
    std::uint8_t rcode = 0;  ///< 0 no error, 3 no such name
    std::vector<IpAddress> addresses;
    auto operator<=>(const NameBinding&) const = default;
};

/// Somebody asked the router to let strangers in, or to stop it.
enum class MappingProtocol : std::uint8_t { upnp_igd = 0, nat_pmp = 1, pcp = 2 };
enum class MappingAction : std::uint8_t { add = 0, remove = 1 };
struct PortMapping {
    Timestamp at;
    Endpoint client;  ///< who asked
    Endpoint router;
    MappingProtocol protocol = MappingProtocol::upnp_igd;
    MappingAction action = MappingAction::add;
    Outcome outcome = Outcome::unknown;
    Proto proto = Proto::none;
    Port external_port;
    IpAddress internal_ip;  ///< whom strangers then reach
    Port internal_port;
    std::uint32_t lifetime = 0;  ///< seconds; 0 = until removed
    std::string description;     ///< what the client called it
    auto operator<=>(const PortMapping&) const = default;
};

/// What a conversation was seen to carry.
enum class ObservationKind : std::uint8_t {
    exploit = 0,         ///< a request that abuses a known hole: `entry` of signatures/exploits.toml
    executable = 1,      ///< a program (ELF) was fetched in clear
    script = 2,          ///< a shell script was fetched in clear
    loader_command = 3,  ///< a shell command of the kind that fetches or writes a bot: `entry` of exploits.toml
    bot_command = 4,     ///< a bot and its server: `entry` of exploits.toml, or a greeting that Linnet knows
    firmware = 5,        ///< a system image was fetched in clear
    media_stream = 6,    ///< picture or sound in clear
    open_control = 7,    ///< a device was steered or read in clear without signing in: `entry` of device_apis.toml, or 0
    open_service = 8,    ///< a service that asks nobody who they are
};
struct Observation {
    Timestamp at;
    std::uint64_t flow_id = 0;  ///< 0 where it was one datagram
    Endpoint client;            ///< who asked, fetched, or commanded
    Endpoint server;
    ObservationKind kind = ObservationKind::exploit;
    std::uint16_t entry = 0;  ///< of the list that `kind` names; 0 = none
    std::string protocol;     ///< "http", "tftp", "telnet", "mqtt", "rtp"
    std::string subject;      ///< what, in a few words; never what a person typed into a form or a password
    auto operator<=>(const Observation&) const = default;
};

/// One second in which somebody sent a great many packets to one target and got next to nothing back.
enum class BurstKind : std::uint8_t { syn = 0, ack = 1, udp = 2, dns = 3, gre = 4, icmp = 5, http = 6 };
struct Burst {
    Timestamp at;
    MacAddress mac;
    IpAddress source;
    IpAddress target;
    Port port;  ///< of the target, where it was one; 0 = several
    BurstKind kind = BurstKind::syn;
    std::uint64_t packets = 0;
    std::uint64_t bytes = 0;
    std::uint64_t answers = 0;  ///< packets that came back in that second
    auto operator<=>(const Burst&) const = default;
};

/// The sensor's counters since it started; sent every 10 s of packet time and at the end.
struct SensorStats {
    Timestamp at;
    std::string source;  ///< "eth0", "capture.pcap"
    std::uint64_t packets = 0;
    std::uint64_t bytes = 0;
    std::uint64_t malformed = 0;       ///< packets with a field that contradicts its specification
    std::uint64_t unsupported = 0;     ///< link layers or network protocols that Linnet does not decode
    std::uint64_t truncated = 0;       ///< packets that the capture cut short
    std::uint64_t kernel_dropped = 0;  ///< libpcap's ps_drop: the sensor was too slow
    std::uint64_t interface_dropped = 0;
    std::uint64_t flows = 0;  ///< created so far
    std::uint64_t flows_active = 0;
    std::uint64_t flows_evicted = 0;
    std::uint64_t streams_refused = 0;  ///< TCP streams not put in order because their memory was used up
    std::uint64_t fragments_dropped = 0;
    std::uint64_t probes = 0;
    std::uint64_t logins = 0;
    bool last = false;           ///< the capture ended here
    std::uint16_t progress = 0;  ///< how much of the file is read, in thousandths; 0 = not known (live, or a pipe)
    auto operator<=>(const SensorStats&) const = default;
};

/// Events that were lost between their origin and the analyzer, counted.
struct Lost {
    Timestamp from;
    Timestamp to;
    std::uint64_t count = 0;
    std::string reason;
    auto operator<=>(const Lost&) const = default;
};

using Event = std::variant<Flow, Probe, DeviceHint, Login, AddressBinding, SensorStats, Lost, TlsHandshake, Certificate,
                           NameBinding, PortMapping, Observation, Burst>;

/// The time that the event carries: last_seen, at or to. Detectors and household use this and no clock.
Timestamp time_of(const Event& event);

}  // namespace linnet
