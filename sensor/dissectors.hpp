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
extern const StreamDissector device_http;
extern const StreamDissector dvrip_login;
extern const StreamDissector rtmp_media;
extern const StreamDissector local_control_stream;
extern const StreamDissector rlogin_login;
extern const StreamDissector rsh_login;
extern const StreamDissector sip_login;
extern const StreamDissector nntp_login;
extern const StreamDissector xmpp_login;
extern const StreamDissector vnc_login;
extern const StreamDissector mysql_login;
extern const StreamDissector postgresql_login;
extern const StreamDissector memcached;
extern const StreamDissector mongodb;
extern const StreamDissector adb;
extern const StreamDissector http_content;
extern const StreamDissector loader_command;
extern const StreamDissector bot_talk;
extern const StreamDissector banner;
extern const StreamDissector tls;
extern const StreamDissector kasa_state;

extern const DatagramDissector arp;
extern const DatagramDissector dhcp;
extern const DatagramDissector snmp;
extern const DatagramDissector dns;
extern const DatagramDissector lldp;
extern const DatagramDissector port_mapping;
extern const DatagramDissector local_control;
extern const DatagramDissector datagram_content;
extern const DatagramDissector peer_bot;
extern const DatagramDissector sip;
extern const DatagramDissector tftp;
extern const DatagramDissector mdns;
extern const DatagramDissector ssdp;
extern const DatagramDissector dhcpv6;
extern const DatagramDissector llmnr;
extern const DatagramDissector netbios_names;
extern const DatagramDissector smb_browser;
extern const DatagramDissector ws_discovery;
extern const DatagramDissector json_discovery;
extern const DatagramDissector tuya;
extern const DatagramDissector xiaomi;
extern const DatagramDissector lifx;
extern const DatagramDissector bacnet;
extern const DatagramDissector knx;
extern const DatagramDissector coap;
extern const DatagramDissector ubiquiti;
extern const DatagramDissector mikrotik;
extern const DatagramDissector cdp;
extern const DatagramDissector ndp;
extern const DatagramDissector dhcpv6_server;

}  // namespace linnet
