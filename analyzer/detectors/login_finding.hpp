// What cleartext-login and default-login have in common: a login is about the local server, which is the insecure one,
// or, where the server is outside, about the device that sent the credential.
#pragma once

#include "analyzer/detector.hpp"

namespace linnet {

/// One source, server, service and user name is one cause. `variant` is "outside" where the server is. SNMP sends its
/// community with every packet: that is one login as long as its episode lasts.
Finding login_finding(std::string_view detector, const Login& login, const Context& context);

}  // namespace linnet
