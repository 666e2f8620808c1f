#include "default_credentials.hpp"

#include "wire/settings.hpp"
#include "wire/text_file.hpp"
#include "wire/toml_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

namespace linnet {
namespace {

using ServiceSet = std::uint32_t;  // one bit for each Service

constexpr ServiceSet bit(Service service) { return 1U << static_cast<unsigned>(service); }
constexpr ServiceSet every_service = ~0U;

struct Entry {
    std::string user;
    std::string secret;
    ServiceSet services = every_service;
    std::uint16_t number = 0;
};

bool before(const Entry& a, const Entry& b) {
    return std::tie(a.user, a.secret, a.number) < std::tie(b.user, b.secret, b.number);
}

/// Reads one file; every mistake is a SettingsError with its line.
class CredentialsFile {
 public:
    CredentialsFile(std::string_view text, const std::filesystem::path& file)
        : name_{file.string()}, root_{parse_toml(text, name_)} {}

    std::vector<Entry> entries() const {
        for (const auto& [key, value] : root_)
            if (key != "entry") refuse(key.source(), fmt::format("unknown key \"{}\"", key.str()));
        const toml::node* list = root_.get("entry");
        if (list == nullptr || !list->is_array_of_tables()) refuse(root_.source(), "there is no [[entry]]");
        std::vector<Entry> entries;
        std::set<std::uint16_t> taken;
        for (const auto& node : *list->as_array()) {
            entries.push_back(entry(*node.as_table()));
            if (const auto number = entries.back().number; !taken.insert(number).second)
                refuse(node.source(), fmt::format("number {} is taken", number));
        }
        return entries;
    }

 private:
    [[noreturn]] void refuse(const toml::source_region& where, const std::string& reason) const {
        linnet::refuse(name_, where, reason);
    }

    Entry entry(const toml::table& table) const {
        constexpr std::array<std::string_view, 6> keys{"number", "user", "secret", "origin", "vendor", "services"};
        for (const auto& [key, value] : table)
            if (std::find(keys.begin(), keys.end(), key.str()) == keys.end())
                refuse(key.source(), fmt::format("unknown key \"{}\"", key.str()));
        Entry entry{.user = text(table, "user"), .secret = text(table, "secret")};
        if (text(table, "origin").empty()) refuse(table.source(), "\"origin\" is empty: say where the entry is known from");
        if (table.contains("vendor")) text(table, "vendor");
        const auto number = required(table, "number").value_exact<std::int64_t>();
        if (!number || *number < 1 || *number > std::numeric_limits<std::uint16_t>::max())
            refuse(required(table, "number").source(), "\"number\" must be a whole number from 1 to 65535");
        entry.number = static_cast<std::uint16_t>(*number);
        if (const auto* list = table.get("services")) entry.services = services(*list);
        return entry;
    }

    const toml::node& required(const toml::table& table, std::string_view key) const {
        const auto* node = table.get(key);
        if (node == nullptr) refuse(table.source(), fmt::format("\"{}\" is missing", key));
        return *node;
    }

    std::string text(const toml::table& table, std::string_view key) const {
        const auto& node = required(table, key);
        if (!node.is_string()) refuse(node.source(), fmt::format("\"{}\" must be text in quotes", key));
        return node.as_string()->get();
    }

    ServiceSet services(const toml::node& list) const {
        ServiceSet set = 0;
        if (!list.is_array() || list.as_array()->empty()) refuse(list.source(), "\"services\" must be a list of names");
        for (const auto& node : *list.as_array()) {
            const auto service = parse_service(node.value_exact<std::string_view>().value_or(""));
            if (!service) refuse(node.source(), "this is not the name of a service");
            set |= bit(*service);
        }
        return set;
    }

    std::string name_;
    toml::table root_;
};

}  // namespace

struct DefaultCredentials::Impl {
    std::vector<Entry> entries;  ///< by user and secret
};

DefaultCredentials::DefaultCredentials() : impl_{std::make_unique<Impl>()} {}
DefaultCredentials::~DefaultCredentials() = default;
DefaultCredentials::DefaultCredentials(DefaultCredentials&&) noexcept = default;
DefaultCredentials& DefaultCredentials::operator=(DefaultCredentials&&) noexcept = default;

DefaultCredentials DefaultCredentials::read(const std::filesystem::path& file) { return parse(read_text_file(file), file); }

DefaultCredentials DefaultCredentials::parse(std::string_view text, const std::filesystem::path& file) {
    DefaultCredentials credentials;
    auto& entries = credentials.impl_->entries;
    entries = CredentialsFile{text, file}.entries();
    std::sort(entries.begin(), entries.end(), before);
    return credentials;
}

std::uint16_t DefaultCredentials::match(Service service, std::string_view user, std::string_view secret) const {
    const auto& entries = impl_->entries;
    const auto wanted = std::tie(user, secret);
    auto entry = std::partition_point(entries.begin(), entries.end(), [&](const Entry& candidate) {
        return std::tuple<std::string_view, std::string_view>{candidate.user, candidate.secret} < wanted;
    });
    for (; entry != entries.end() && entry->user == user && entry->secret == secret; ++entry)
        if ((entry->services & bit(service)) != 0) return entry->number;
    return 0;
}

std::size_t DefaultCredentials::size() const { return impl_->entries.size(); }

}  // namespace linnet
