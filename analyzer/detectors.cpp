#include "analyzer/detector.hpp"

namespace linnet {

std::unique_ptr<Detector> make_mirai_scan(Thresholds&);
std::unique_ptr<Detector> make_horizontal_scan(Thresholds&);
std::unique_ptr<Detector> make_vertical_scan(Thresholds&);
std::unique_ptr<Detector> make_telnet(Thresholds&);
std::unique_ptr<Detector> make_cleartext_login(Thresholds&);
std::unique_ptr<Detector> make_default_login(Thresholds&);
std::unique_ptr<Detector> make_new_device(Thresholds&);
std::unique_ptr<Detector> make_port_opened(Thresholds&);
std::unique_ptr<Detector> make_exposed_service(Thresholds&);
std::unique_ptr<Detector> make_address_spoof(Thresholds&);
std::unique_ptr<Detector> make_rogue_dhcp(Thresholds&);
std::unique_ptr<Detector> make_brute_force(Thresholds&);
std::unique_ptr<Detector> make_flood(Thresholds&);
std::unique_ptr<Detector> make_c2_contact(Thresholds&);
std::unique_ptr<Detector> make_malware_download(Thresholds&);
std::unique_ptr<Detector> make_exploit_attempt(Thresholds&);
std::unique_ptr<Detector> make_insecure_update(Thresholds&);
std::unique_ptr<Detector> make_tls_obsolete(Thresholds&);
std::unique_ptr<Detector> make_tls_bad_certificate_accepted(Thresholds&);
std::unique_ptr<Detector> make_unusual_resolver(Thresholds&);
std::unique_ptr<Detector> make_cleartext_media(Thresholds&);
std::unique_ptr<Detector> make_cleartext_control(Thresholds&);
std::unique_ptr<Detector> make_baseline_drift(Thresholds&);
std::unique_ptr<Detector> make_blind_spot(Thresholds&);
std::unique_ptr<Detector> make_sensor_loss(Thresholds&);
std::unique_ptr<Detector> make_self_test(Thresholds&);

namespace {

constexpr DetectorEntry table[] = {
    {"mirai-scan", make_mirai_scan},  // before horizontal-scan, which leaves to it what is its
    {"horizontal-scan", make_horizontal_scan, {"hosts"}},
    {"vertical-scan", make_vertical_scan},
    {"telnet", make_telnet, {"outside"}},
    {"cleartext-login", make_cleartext_login, {"outside", "anonymous"}},
    {"default-login", make_default_login, {"outside"}},
    {"new-device", make_new_device},
    {"port-opened", make_port_opened, {"risky", "used", "risky-used"}},
    {"exposed-service", make_exposed_service, {"peer"}},
    {"address-spoof", make_address_spoof, {"router", "flood"}},
    {"rogue-dhcp", make_rogue_dhcp, {"ipv6"}},
    {"brute-force", make_brute_force, {"outside", "inwards"}},
    {"flood", make_flood, {"inside", "inwards"}},
    {"c2-contact", make_c2_contact, {"names", "peers", "tunnel"}},  // behind mirai-scan, whose alerts it asks for
    {"malware-download", make_malware_download, {"loader", "spreading"}},
    {"exploit-attempt", make_exploit_attempt, {"inside", "inwards"}},
    {"insecure-update", make_insecure_update, {"inside"}},
    {"tls-obsolete", make_tls_obsolete, {"outside", "broken"}},
    {"tls-bad-certificate-accepted", make_tls_bad_certificate_accepted, {"weak", "private"}},
    {"unusual-resolver", make_unusual_resolver, {"encrypted"}},
    {"cleartext-media", make_cleartext_media, {"outside", "open"}},
    {"cleartext-control", make_cleartext_control, {"outside", "service", "command-line"}},
    {"baseline-drift", make_baseline_drift, {"home", "service", "mud"}},
    {"blind-spot", make_blind_spot},
    {"sensor-loss", make_sensor_loss, {"large", "silent", "clock", "lost"}},
    {"self-test", make_self_test},
};

}  // namespace

std::span<const DetectorEntry> detectors() { return table; }

}  // namespace linnet
