#include "public_resolvers.hpp"

#include "wire/signature_list.hpp"

#include <algorithm>

namespace linnet {
namespace {

bool is_name(std::string_view text) {
    const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.'; };
    return text.find('.') != std::string_view::npos && !text.starts_with('.') && std::all_of(text.begin(), text.end(), fits);
}

}  // namespace

PublicResolvers PublicResolvers::read(const std::filesystem::path& file) {
    PublicResolvers resolvers;
    for (auto& entry : read_signature_list(file)) {
        PublicResolver resolver{.number = entry.number(), .operated_by = entry.text("operated_by"), .addresses = {}};
        const std::size_t place = resolvers.all_.size();
        for (const auto& text : entry.optional_texts("addresses")) {
            const auto ip = IpAddress::parse(text);
            if (!ip || !resolvers.by_address_.emplace(*ip, place).second)
                entry.refuse("addresses", "must be IP addresses, each in one entry only");
            resolver.addresses.push_back(*ip);
        }
        for (const auto& name : entry.optional_texts("names"))
            if (!is_name(name) || !resolvers.by_name_.emplace(name, place).second)
                entry.refuse("names", "must be host names in lower case, each in one entry only");
        entry.finish();
        resolvers.all_.push_back(std::move(resolver));
    }
    return resolvers;
}

const PublicResolver* PublicResolvers::at(const IpAddress& ip) const {
    const auto found = by_address_.find(ip);
    return found == by_address_.end() ? nullptr : &all_[found->second];
}

const PublicResolver* PublicResolvers::named(std::string_view name) const {
    while (!name.empty()) {
        if (const auto found = by_name_.find(name); found != by_name_.end()) return &all_[found->second];
        const auto dot = name.find('.');
        name.remove_prefix(dot == std::string_view::npos ? name.size() : dot + 1);
    }
    return nullptr;
}

}  // namespace linnet
