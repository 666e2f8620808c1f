// OpenVPN over TCP (openvpn.net, "OpenVPN network protocol", and OpenVPN's ssl_pkt.h): the TLS handshake travels in control
// packets, each behind its length. Packets with an HMAC before their fields (--tls-auth) cannot be told from others and give
// nothing.
#pragma once

#include <string>
#include <string_view>

namespace linnet {

/// A packet that opens a session stands at the beginning.
bool starts_like_openvpn(std::string_view client_head);

/// The payload of the control packets in `head`, joined: one direction of a TLS conversation.
std::string openvpn_control(std::string_view head);

}  // namespace linnet
