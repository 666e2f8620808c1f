// Every dissector by name: one line here, one in the table of dissectors.cpp.
#pragma once

#include "dissector.hpp"

namespace linnet {

extern const StreamDissector telnet_login;
extern const StreamDissector ftp_login;
extern const StreamDissector http_login;
extern const StreamDissector pop3_login;
extern const StreamDissector imap_login;
extern const StreamDissector smtp_login;
extern const StreamDissector mqtt_login;
extern const StreamDissector irc_login;
extern const StreamDissector redis_login;
extern const StreamDissector ldap_login;
extern const StreamDissector socks5_login;
extern const StreamDissector dns_over_tcp;

extern const DatagramDissector arp;
extern const DatagramDissector dhcp;
extern const DatagramDissector snmp;
extern const DatagramDissector dns;
extern const DatagramDissector lldp;
extern const DatagramDissector port_mapping;

}  // namespace linnet
