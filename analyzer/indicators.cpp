#include "indicators.hpp"

#include "wire/signature_list.hpp"

#include <algorithm>

namespace linnet {
namespace {

/// A name under which others can lie: lower-case labels (RFC 1035, section 2.3.1, and "_"), at least two of them.
bool is_domain(std::string_view name) {
    const auto is_allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
    };
    return name.size() <= 253 && std::all_of(name.begin(), name.end(), is_allowed) &&
           name.find('.') != std::string_view::npos && name.front() != '.' && name.back() != '.' &&
           name.find("..") == std::string_view::npos;
}

}  // namespace

Indicators Indicators::read(const std::filesystem::path& file) {
    Indicators indicators;
    const SignatureListLimits limits{.max_entries = max_entries};
    for (auto& entry : read_signature_list(file, limits)) {
        const std::string kind = entry.text("kind");
        const Indicator indicator{entry.number(), entry.text("value"), entry.text("family")};
        (void)entry.text("origin");
        bool fresh = true;
        if (kind == "domain") {
            if (!is_domain(indicator.value)) entry.refuse("value", "must be a domain name in small letters");
            fresh = indicators.domains_.emplace(indicator.value, indicator).second;
        } else if (kind == "address") {
            const auto ip = IpAddress::parse(indicator.value);
            if (!ip || ip->is_private() || ip->is_multicast() || ip->is_unspecified())
                entry.refuse("value", "must be an address of the internet");
            fresh = indicators.addresses_.emplace(*ip, indicator).second;
        } else if (kind == "file") {
            if (indicator.value.size() < 6 || indicator.value.find('/') == std::string::npos)
                entry.refuse("value", "must be a path, or a host and a path");
            fresh = indicators.files_.emplace(indicator.value, indicator).second;
        } else {
            entry.refuse("kind", "must be \"domain\", \"address\" or \"file\"");
        }
        if (!fresh) entry.refuse("value", "is there twice");
        entry.finish();
    }
    return indicators;
}

const Indicator* Indicators::domain(std::string_view name) const {
    for (;;) {
        if (const auto found = domains_.find(name); found != domains_.end()) return &found->second;
        const auto dot = name.find('.');
        if (dot == std::string_view::npos) return nullptr;
        name.remove_prefix(dot + 1);
    }
}

const Indicator* Indicators::address(const IpAddress& ip) const {
    const auto found = addresses_.find(ip);
    return found == addresses_.end() ? nullptr : &found->second;
}

const Indicator* Indicators::file(std::string_view location) const {
    if (const auto found = files_.find(location); found != files_.end()) return &found->second;
    const auto slash = location.find('/');
    if (slash == std::string_view::npos) return nullptr;
    const auto found = files_.find(location.substr(slash));
    return found == files_.end() ? nullptr : &found->second;
}

}  // namespace linnet
