#include "signature_set.hpp"

#include "text_file.hpp"
#include "toml_text.hpp"

#include <fmt/format.h>

namespace linnet {
namespace {

std::uint64_t version_of(const toml::table& table, const std::string& file) {
    const auto* node = table.get("version");
    if (node == nullptr) refuse(file, table.source(), "version is missing");
    const auto version = node->value_exact<std::int64_t>();
    if (!version || *version < 1 || static_cast<std::uint64_t>(*version) > SignatureSet::max_version)
        refuse(file, node->source(), fmt::format("version must be a whole number from 1 to {}", SignatureSet::max_version));
    return static_cast<std::uint64_t>(*version);
}

std::optional<std::chrono::sys_days> expiry_of(const toml::table& table, const std::string& file) {
    const auto* node = table.get("expires");
    if (node == nullptr) return std::nullopt;
    const auto date = node->value_exact<toml::date>();
    if (!date) refuse(file, node->source(), "expires must be a date without quotes, such as 2027-06-30");
    return std::chrono::sys_days{std::chrono::year{date->year} / date->month / date->day};
}

}  // namespace

SignatureSet SignatureSet::read(const std::filesystem::path& file) { return parse(read_text_file(file), file.string()); }

SignatureSet SignatureSet::parse(std::string_view text, const std::string& file) {
    const auto table = parse_toml(text, file);
    for (const auto& [key, node] : table)
        if (key != "version" && key != "expires") refuse(file, key.source(), std::string{key.str()} + " is not known");
    return {.version = version_of(table, file), .expires = expiry_of(table, file)};
}

std::string SignatureSet::expiry_text() const {
    if (!expires) return "";
    const std::chrono::year_month_day date{*expires};
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                       static_cast<unsigned>(date.day()));
}

}  // namespace linnet
