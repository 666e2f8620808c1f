#include "binding_filter.hpp"

namespace linnet {

bool BindingFilter::passes(const AddressBinding& binding) {
    auto& seen = seen_[std::hash<IpAddress>{}(binding.ip) % places];
    const bool known = seen.mac == binding.mac && seen.ip == binding.ip;
    if (known && binding.at >= seen.at && binding.at - seen.at < repeat) return false;
    seen = {binding.mac, binding.ip, binding.at};
    return true;
}

}  // namespace linnet
