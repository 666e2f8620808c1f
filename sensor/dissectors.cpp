#include "dissectors.hpp"

#include <array>
#include <bit>

namespace linnet {

std::span<const StreamDissector> stream_dissectors() {
    static const std::array table{telnet_login, ftp_login,    http_login,   pop3_login,   imap_login,
                                  smtp_login,   mqtt_login,   irc_login,    redis_login,  ldap_login,
                                  socks5_login, dns_over_tcp, rlogin_login, rsh_login,    sip_login,
                                  nntp_login,   xmpp_login,   vnc_login,    mysql_login,  postgresql_login,
                                  memcached,    mongodb,      adb,          http_content, loader_command,
                                  bot_talk,     tls,          device_http,  rtmp_media,   local_control_stream,
                                  kasa_state,   dvrip_login,  banner};
    static_assert(table.size() <= 64);
    return table;
}

#ifdef LINNET_FAULT_DISSECTOR  // tests/faults: never in a program that is installed
extern const DatagramDissector fault_dissector;
#endif

std::span<const DatagramDissector> datagram_dissectors() {
    static const std::array table{
#ifdef LINNET_FAULT_DISSECTOR
        fault_dissector,
#endif
        arp,
        dhcp,
        snmp,
        dns,
        lldp,
        port_mapping,
        sip,
        tftp,
        local_control,
        mdns,
        ssdp,
        dhcpv6,
        llmnr,
        netbios_names,
        smb_browser,
        ws_discovery,
        json_discovery,
        tuya,
        xiaomi,
        lifx,
        bacnet,
        knx,
        coap,
        ubiquiti,
        mikrotik,
        cdp,
        datagram_content,
        peer_bot,
        ndp,
        dhcpv6_server};
    static_assert(table.size() <= 64);
    return table;
}

namespace {

/// Which rows of the table may want a UDP packet, a bit for each, by the remainder of its port: rows whose ports share one
/// are asked in vain, which is rare and harmless.
class RowsByPort {
 public:
    RowsByPort() {
        const auto rows = datagram_dissectors();
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const std::uint64_t bit = std::uint64_t{1} << i;
            if (rows[i].ports.empty()) always_ |= bit;
            for (const auto port : rows[i].ports) rows_[port % places] |= bit;
        }
    }
    [[nodiscard]] std::uint64_t of(const Packet& packet) const {
        if (packet.proto != Proto::udp) return ~std::uint64_t{0} >> (64 - datagram_dissectors().size());
        return always_ | rows_[packet.src_port.number % places] | rows_[packet.dst_port.number % places];
    }

 private:
    static constexpr std::size_t places = 512;
    std::uint64_t always_ = 0;
    std::array<std::uint64_t, places> rows_{};
};

}  // namespace

void read_datagram(const Packet& packet, const SensorSignatures& signatures, const Emit& emit) {
    static const RowsByPort rows_by_port;
    for (std::uint64_t rows = rows_by_port.of(packet); rows != 0; rows &= rows - 1) {
        const auto& dissector = datagram_dissectors()[static_cast<std::size_t>(std::countr_zero(rows))];
        if (dissector.wants(packet)) dissector.inspect(packet, signatures, emit);
    }
}

}  // namespace linnet
