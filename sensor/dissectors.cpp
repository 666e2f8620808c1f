#include "dissectors.hpp"

#include <array>

namespace linnet {

std::span<const StreamDissector> stream_dissectors() {
    static const std::array table{telnet_login, ftp_login,    http_login,   pop3_login,   imap_login,
                                  smtp_login,   mqtt_login,   irc_login,    redis_login,  ldap_login,
                                  socks5_login, dns_over_tcp, rlogin_login, rsh_login,    sip_login,
                                  nntp_login,   xmpp_login,   vnc_login,    mysql_login,  postgresql_login,
                                  memcached,    mongodb,      adb,          http_content, loader_command,
                                  bot_talk,     tls,          device_http,  rtmp_media,   local_control_stream};
    static_assert(table.size() <= 64);
    return table;
}

std::span<const DatagramDissector> datagram_dissectors() {
    static const std::array table{arp,     dhcp, snmp, dns, lldp, port_mapping, sip, tftp, local_control, datagram_content,
                                  peer_bot};
    static_assert(table.size() <= 64);
    return table;
}

}  // namespace linnet
