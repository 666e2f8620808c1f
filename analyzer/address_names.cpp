#include "address_names.hpp"

#include "analyzer/mud_file.hpp"

#include <algorithm>

namespace linnet {

void AddressNames::apply(const Event& event) {
    if (const auto* answer = std::get_if<NameBinding>(&event); answer != nullptr && answer->rcode == 0)
        for (const auto& ip : answer->addresses) learn(ip, answer->name);
    if (const auto* hello = std::get_if<TlsHandshake>(&event); hello != nullptr && hello->version != 0)
        learn(hello->server.ip, hello->sni);
}

void AddressNames::learn(const IpAddress& ip, const std::string& name) {
    if (!ip.known() || ip.is_private() || !is_domain_name(name)) return;
    const std::string key = RowKey{}.add(ip).text();
    const Names* known = names_.find(key);
    if (known != nullptr && known->names.back() == name) return;
    auto& names = names_.touch(key).names;
    std::erase(names, name);
    if (names.size() == max_names) names.erase(names.begin());
    names.push_back(name);
}

const std::vector<std::string>& AddressNames::of(const IpAddress& ip) const {
    static const std::vector<std::string> none;
    const Names* known = names_.find(RowKey{}.add(ip).text());
    return known != nullptr ? known->names : none;
}

AddressNames::Names AddressNames::Names::from_state(const Json& state) {
    Names names{state.get<std::vector<std::string>>()};
    if (names.names.empty() || names.names.size() > max_names) throw std::invalid_argument{"state: names of an address"};
    return names;
}

std::string_view domain_of(std::string_view name) {
    const auto last = name.rfind('.');
    if (last == std::string_view::npos || last == 0) return name;
    const auto second = name.rfind('.', last - 1);
    if (second == std::string_view::npos) return name;
    const bool country = name.size() - last - 1 == 2;
    if (!country || last - second - 1 > 3 || second == 0) return name.substr(second + 1);
    const auto third = name.rfind('.', second - 1);
    return third == std::string_view::npos ? name : name.substr(third + 1);
}

}  // namespace linnet
