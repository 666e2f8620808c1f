#include "makers.hpp"

#include "wire/text_file.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <unordered_map>

namespace linnet {
namespace {

constexpr std::size_t max_registry = 64 * 1024 * 1024;  // the largest has 4 MB

/// Takes the next field of an RFC 4180 line; quotes around it are dropped, two inside stand for one.
std::string take_field(std::string_view& text) {
    std::string field;
    bool quoted = false;
    std::size_t i = 0;
    for (; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '"') {
            if (quoted && i + 1 < text.size() && text[i + 1] == '"')
                field += text[++i];
            else
                quoted = !quoted;
        } else if (!quoted && (c == ',' || c == '\n')) {
            break;
        } else {
            field += c;
        }
    }
    const bool more = i < text.size() && text[i] == ',';
    text.remove_prefix(more ? i + 1 : i);
    return field;
}

void skip_line(std::string_view& text) {
    while (!text.empty() && text.front() != '\n') take_field(text);
    if (!text.empty()) text.remove_prefix(1);
}

std::uint64_t number_of(const MacAddress& mac) {
    std::uint64_t number = 0;
    for (const auto byte : mac.bytes) number = number << 8 | byte;
    return number;
}

}  // namespace

Makers Makers::read(const std::filesystem::path& folder) {
    Makers makers;
    for (const char* name : {"oui.csv", "mam.csv", "oui36.csv", "iab.csv"}) {
        std::error_code error;
        if (!std::filesystem::exists(folder / name, error)) continue;
        makers.add_csv(read_regular_file(folder / name, max_registry));
    }
    makers.finish();
    return makers;
}

void Makers::add_csv(std::string_view text) {
    std::unordered_map<std::string, std::uint32_t> known;  // a maker has many blocks
    while (!text.empty()) {
        take_field(text);
        const std::string assignment = take_field(text);
        std::string name = take_field(text);
        skip_line(text);
        name.resize(std::min<std::size_t>(name.size(), 255));
        std::uint64_t prefix = 0;
        const char* end = assignment.data() + assignment.size();
        const auto length = std::find(bits.begin(), bits.end(), static_cast<int>(assignment.size()) * 4);
        if (length == bits.end() || std::from_chars(assignment.data(), end, prefix, 16).ptr != end || name.empty()) continue;
        const auto [place, added] = known.try_emplace(name, static_cast<std::uint32_t>(names_.size()));
        if (added) names_.append(1, static_cast<char>(name.size())).append(name);
        blocks_[static_cast<std::size_t>(length - bits.begin())].push_back({prefix, place->second});
    }
}

void Makers::finish() {
    for (auto& blocks : blocks_) {
        std::stable_sort(blocks.begin(), blocks.end(), [](const auto& a, const auto& b) { return a.prefix < b.prefix; });
        blocks.shrink_to_fit();
    }
    names_.shrink_to_fit();
}

std::string_view Makers::of(const MacAddress& mac) const {
    if (!mac.known() || mac.is_group() || mac.is_locally_administered()) return {};
    for (std::size_t i = 0; i < bits.size(); ++i) {
        const std::uint64_t prefix = number_of(mac) >> (48 - bits[i]);
        const auto found = std::lower_bound(blocks_[i].begin(), blocks_[i].end(), prefix,
                                            [](const Block& block, std::uint64_t wanted) { return block.prefix < wanted; });
        if (found == blocks_[i].end() || found->prefix != prefix) continue;
        const std::string_view name{names_.data() + found->name + 1, static_cast<unsigned char>(names_[found->name])};
        // Blocks that the IEEE divided among small makers say nothing where the smaller block is unknown.
        return name == "IEEE Registration Authority" || name == "Private" ? std::string_view{} : name;
    }
    return {};
}

std::string short_name(std::string_view maker) {
    static constexpr std::string_view forms[] = {"Inc",
                                                 "Ltd",
                                                 "LLC",
                                                 "Co",
                                                 "Corp",
                                                 "Corporation",
                                                 "Company",
                                                 "Limited",
                                                 "GmbH",
                                                 "AG",
                                                 "BV",
                                                 "SA",
                                                 "AB",
                                                 "Oy",
                                                 "SpA",
                                                 "KG",
                                                 "PTE",
                                                 "Trading",
                                                 "(Trading)",
                                                 "Foundation",
                                                 "International",
                                                 "Group",
                                                 "Technologies",
                                                 "Technology",
                                                 "Electronics",
                                                 "Communications",
                                                 "Systems"};
    std::string name{maker.substr(0, maker.find(','))};
    const auto is_form = [](std::string word) {
        std::erase(word, '.');
        return std::any_of(std::begin(forms), std::end(forms), [&word](std::string_view form) {
            return std::equal(word.begin(), word.end(), form.begin(), form.end(),
                              [](char a, char b) { return (a | 0x20) == (b | 0x20); });
        });
    };
    for (;;) {
        while (!name.empty() && name.back() == ' ') name.pop_back();
        const auto space = name.rfind(' ');
        if (space == std::string::npos || !is_form(name.substr(space + 1))) break;
        name.resize(space);
    }
    return name;
}

}  // namespace linnet
