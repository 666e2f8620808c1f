// What guidelines.toml says: the 13 guidelines in words for a household, and which alerts speak against which provision.
// Read strictly, as the other signatures: what is missing, unknown or out of range is a SettingsError with file and line.
#pragma once

#include "wire/report_card.hpp"

#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace linnet {

/// A provision of ETSI EN 303 645: "5.6-2" is the second of guideline 6.
struct Provision {
    int guideline = 0;
    std::string name;
    static std::optional<Provision> parse(std::string_view name);
};

/// Which side of what an alert tells about its device was.
enum class Role : std::uint8_t { client, server };

/// "An alert of this detector, where its device has this role, speaks against these provisions."
struct EvidenceRule {
    std::string detector;
    std::optional<Role> role;
    std::optional<Outcome> outcome;
    std::uint64_t least = 1;  ///< the alert's count
    std::string without;      ///< what the alert's evidence must not have, or empty
    std::vector<Provision> refutes;
    std::uint32_t line = 0;
};

class Guidelines {
 public:
    static constexpr std::size_t max_rules = 256;

    /// Throws SettingsError.
    static Guidelines read(const std::filesystem::path& file);
    /// The same from text; the name is for error messages.
    static Guidelines parse(std::string_view text, const std::string& name);

    [[nodiscard]] const std::vector<GuidelineWords>& words() const { return words_; }  ///< 13, in order
    [[nodiscard]] const std::vector<EvidenceRule>& rules() const { return rules_; }
    /// Does a server of this name give updates, as far as its name says?
    [[nodiscard]] bool names_updates(std::string_view host) const;
    /// Throws SettingsError where a rule is about a detector that does not exist.
    void check_detectors(const std::set<std::string>& known) const;

 private:
    std::string file_;
    std::vector<GuidelineWords> words_;
    std::vector<EvidenceRule> rules_;
    std::set<std::string, std::less<>> update_words_;
};

}  // namespace linnet
