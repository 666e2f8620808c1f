// A file of signatures/ that is one list of numbered entries (TOML: `entry = [{number = 1, …}, …]`), or several lists of
// entries without numbers, read strictly: what is unknown, missing, of the wrong type, too long or too much is a
// SettingsError that names file, line and reason.
#pragma once

#include "settings.hpp"
#include "text_file.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace linnet {

struct SignatureListLimits {
    std::size_t max_bytes = max_text_file;
    std::size_t max_entries = 4096;
    std::size_t max_text = 256;  ///< bytes of one text
    std::size_t max_list = 16;   ///< texts of one key
};

/// One entry. Ask for each of its keys, then finish(). All of it throws SettingsError.
class SignatureEntry {
 public:
    /// "number": 1 to 65535, no two entries have the same.
    [[nodiscard]] std::uint16_t number() const { return number_; }

    std::string text(const std::string& key);                          ///< not empty
    std::optional<std::string> optional_text(const std::string& key);  ///< not empty where it is there
    std::vector<std::string> texts(const std::string& key);            ///< one text or a list of them
    std::vector<std::string> optional_texts(const std::string& key);   ///< the same; empty where it is absent

    std::optional<std::uint16_t> optional_port(const std::string& key);  ///< 1 to 65535
    /// A whole number; `fallback` where it is absent.
    std::int64_t integer(const std::string& key, std::int64_t fallback, std::int64_t least, std::int64_t most);

    [[noreturn]] void refuse(const std::string& key, const std::string& reason) const;
    void finish() const;  ///< refuses a key that nobody asked for

 private:
    friend class SignatureEntryReader;
    struct Value {
        std::vector<std::string> texts;
        std::optional<std::int64_t> number;
        bool is_list = false;
        std::uint32_t line = 0;
    };

    std::string file_;
    std::uint32_t line_ = 0;
    std::uint16_t number_ = 0;
    std::map<std::string, Value> values_;
    std::set<std::string> asked_;
};

std::vector<SignatureEntry> read_signature_list(const std::filesystem::path& file, const SignatureListLimits& limits = {});
/// The same for a text that read_text_file() has read; `file` is for messages.
std::vector<SignatureEntry> parse_signature_list(std::string_view text, const std::filesystem::path& file,
                                                 const SignatureListLimits& limits = {});

/// Lists of these names, each at most once in the file, in which entries have no "number"; one that is absent is empty.
std::map<std::string, std::vector<SignatureEntry>, std::less<>> read_signature_lists(const std::filesystem::path& file,
                                                                                     std::span<const std::string_view> names,
                                                                                     const SignatureListLimits& limits = {});

}  // namespace linnet
