// Every dissector by name: one line here, one in the table of dissectors.cpp.
#pragma once

#include "dissector.hpp"

namespace linnet {

extern const StreamDissector telnet_login;
extern const StreamDissector ftp_login;
extern const StreamDissector http_login;
extern const StreamDissector pop3_login;

extern const DatagramDissector arp;
extern const DatagramDissector dhcp;

}  // namespace linnet
