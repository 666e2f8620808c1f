// What is known of makers and their products in the world: signatures/devices.toml. A rule says what follows from one fact
// about a device, such as ("dhcp.hostname", "DCS-935L"): who made it, what kind of thing it is, which model, which system.
//
// Facts come from strangers. Comparing is one pass over the fact's value, whatever the number of rules: exact values,
// beginnings, ends, words, numbers of models and domains are looked up in tables.
#pragma once

#include "analyzer/makers.hpp"

#include <array>
#include <bitset>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace linnet {

class SignatureEntry;

/// What can be concluded about a device.
enum class Aspect : std::uint8_t { maker = 0, kind = 1, model = 2, os = 3 };
inline constexpr std::array aspects{Aspect::maker, Aspect::kind, Aspect::model, Aspect::os};
std::string_view to_string(Aspect aspect);

/// One thing that was seen of a device. `field` is where: a hint's source and key, "dhcp.hostname".
struct Fact {
    std::string field;
    std::string value;
    bool operator==(const Fact&) const = default;
};

/// What a fact speaks for, and how strongly: 1 to 99.
struct Clue {
    Aspect aspect = Aspect::maker;
    std::string value;
    int weight = 0;
    bool system = false;  ///< by a rule that speaks of an operating system
    std::string of = {};  ///< counts only where this is the maker; empty: always
};

/// Of the published list of kinds.
struct DeviceKind {
    std::string name;       ///< "access-point"
    std::string words;      ///< "Wi-Fi access point"
    bool general = false;   ///< people do all kinds of things with it: it asks for the servers of other makers' products
    bool forwards = false;  ///< it asks on behalf of others
};

/// Where a fact comes from.
struct FactField {
    std::string name;
    std::string words;      ///< a clause in which {} stands for the value: "it looks up {}"
    int trust = 100;        ///< how much of a rule's weight counts here, in percent
    bool asked = false;     ///< a name that the device asked for: others at home may own what it speaks of
    bool friendly = false;  ///< a name that a person gave the device, elsewhere
};

struct DeviceMaker {
    std::string name;
    bool parts = false;  ///< makes modules and chips that are inside everybody's devices
    std::string kind;    ///< what nearly everything that it makes is; empty: many things
    int weight = 0;      ///< of that
};

class DeviceRules {
 public:
    static constexpr std::size_t max_fields = 256;
    static constexpr std::size_t max_model = 64;  ///< bytes

    /// None: nothing follows from anything.
    DeviceRules() = default;

    /// Throws SettingsError (file:line: reason).
    static DeviceRules read(const std::filesystem::path& file);

    [[nodiscard]] const std::vector<DeviceKind>& kinds() const { return kinds_; }
    [[nodiscard]] const DeviceKind* kind(std::string_view name) const;
    /// Null where no rule speaks of it.
    [[nodiscard]] const FactField* field(std::string_view name) const;
    [[nodiscard]] const DeviceMaker* maker(std::string_view name) const;
    /// Who it is that the IEEE's registry calls so; null where that is nobody we know.
    [[nodiscard]] const DeviceMaker* registered(std::string_view organisation) const;

    /// What follows from a fact about the device with this MAC (which some put at the end of their names).
    [[nodiscard]] std::vector<Clue> judge(const Fact& fact, const MacAddress& mac) const;

 private:
    using Fields = std::bitset<max_fields>;
    struct Rule {
        Fields fields;
        std::array<std::string, aspects.size()> gives;
        std::string model_from, model_to;  ///< the model stands between these
        std::string of;                    ///< counts only for devices by this maker
        int weight = 0;
    };
    /// Rules by what they look for, in small letters.
    struct TextHash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };
    struct Table {
        std::unordered_map<std::string, std::vector<std::size_t>, TextHash, std::equal_to<>> rules;
        std::size_t longest = 0;
        void add(const std::string& text, std::size_t rule);
        [[nodiscard]] const std::vector<std::size_t>* find(std::string_view text) const;
    };
    struct Reader;
    struct Matching;

    std::vector<DeviceKind> kinds_;
    std::vector<FactField> fields_;
    std::map<std::string, std::size_t, std::less<>> field_numbers_;
    std::map<std::string, Fields, std::less<>> groups_;
    std::map<std::string, DeviceMaker, std::less<>> makers_;
    std::map<std::string, std::string, std::less<>> registered_;  ///< beginning, in small letters -> maker
    std::unordered_map<std::string, std::string> makers_by_word_;
    std::unordered_map<std::string, bool> empty_words_;
    std::vector<Rule> rules_;
    Table exact_, starts_, ends_, words_, pieces_, domains_;
    std::vector<std::size_t> always_;
};

}  // namespace linnet
