// How the household calls its devices: in lists, and in the first words of an alert.
#include "analyzer/household.hpp"
#include "analyzer/identify/inference.hpp"
#include "analyzer/identify/text_parts.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace linnet {
const IpAddress* best_address(const Device& device) {
    const auto v4 = std::find_if(device.ips.rbegin(), device.ips.rend(), [](const auto& ip) { return ip.is_v4(); });
    if (v4 != device.ips.rend()) return &*v4;
    return device.ips.empty() ? nullptr : &device.ips.back();
}

/// What a person calls it here or elsewhere, else a host name, else the maker, the model and the end of the MAC, else an
/// address. Who is no known maker's is at least called by whoever made its network module: an address may be another's
/// tomorrow.
void Household::rename(Device& device, const Dossier* dossier) const {
    const auto& b = device.mac.bytes;
    const std::string maker = device.maker.empty() ? short_name(this->maker(device.mac)) : device.maker;
    if (dossier != nullptr && !dossier->given.name.empty())
        device.name = dossier->given.name;
    else if (!device.called.empty())
        device.name = device.called;
    else if (!device.hostname.empty())
        device.name = device.hostname;
    else if (!maker.empty())
        device.name = fmt::format("{}{}{} {:02x}:{:02x}", maker, device.model.empty() ? "" : " ", device.model, b[4], b[5]);
    else if (const IpAddress* ip = best_address(device))
        device.name = to_string(*ip);
    else
        device.name = device.key;
}

DeviceRef Household::device(const MacAddress& mac, const IpAddress& ip) const {
    DeviceRef ref;
    if (const Resident* resident = residents_.find(row_for(mac, ip))) {
        const Device& device = resident->device;
        ref.mac = device.mac;
        if (!device.mac.known()) ref.ip = IpAddress::parse(device.key).value_or(ip);
        ref.name = device.name;
        return ref;
    }
    if (is_usable(mac))
        ref.mac = mac;
    else
        ref.ip = ip;
    ref.name = to_string(ip);
    return ref;
}

DeviceRef Household::now(const DeviceRef& then) const {
    if (!then.mac.known() && !then.ip.known()) return then;
    const Resident* resident = residents_.find(residents_.row_of(row_key(then.mac, then.ip)));
    if (resident == nullptr) return then;
    const Device& device = resident->device;
    return {device.mac, device.mac.known() ? IpAddress{} : IpAddress::parse(device.key).value_or(then.ip), device.name};
}

std::string Household::product_of(const DeviceRef& ref) const {
    if (!ref.mac.known() && !ref.ip.known()) return {};
    const Resident* resident = residents_.find(residents_.row_of(row_key(ref.mac, ref.ip)));
    if (resident == nullptr) return {};
    const std::string name = in_small_letters(ref.name);
    std::string product;
    for (const auto* part : {&resident->device.maker, &resident->device.model})
        if (!part->empty() && name.find(in_small_letters(*part)) == std::string::npos)
            product += (product.empty() ? "" : " ") + *part;
    return product;
}

}  // namespace linnet
