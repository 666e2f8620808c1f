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
    {"port-opened", make_port_opened, {"risky", "used"}},
    {"exposed-service", make_exposed_service},
    {"address-spoof", make_address_spoof, {"router"}},
    {"rogue-dhcp", make_rogue_dhcp},
    {"baseline-drift", make_baseline_drift, {"home", "service", "mud"}},
    {"blind-spot", make_blind_spot},
    {"sensor-loss", make_sensor_loss, {"large", "silent", "clock"}},
    {"self-test", make_self_test},
};

}  // namespace

std::span<const DetectorEntry> detectors() { return table; }

}  // namespace linnet
