// The data behind the detectors: the words and numbers of each alert (alerts.toml), the thresholds (thresholds.toml), where
// malware is known to live (indicators.toml), public resolvers (resolvers.toml), who made which network interface (the IEEE
// registry) and how devices are told apart (devices.toml). Data, never code: a change of words or numbers needs no compiler.
//
// To add a file: a member, and a line in the table in signatures.cpp.
//
// Read strictly: an unknown key, a missing one, a wrong type or a number out of range is a SettingsError that names file,
// line and reason. Words are plain text with placeholders in braces; see Wording::render.
#pragma once

#include "analyzer/identify/device_rules.hpp"
#include "analyzer/indicators.hpp"
#include "analyzer/makers.hpp"
#include "analyzer/public_resolvers.hpp"
#include "analyzer/report/guidelines.hpp"
#include "wire/alert.hpp"
#include "wire/settings.hpp"
#include "wire/signature_files.hpp"
#include "wire/signature_set.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace linnet {

/// What the placeholders of an alert stand for. Values are shown as they are; braces in them mean nothing.
struct Placeholders {
    std::string device;   ///< {device} what a person would call it
    std::string peer;     ///< {peer} the other side
    std::uint64_t count;  ///< {count} "256", {times} "once", "twice", "256 times"
    std::string service;  ///< {service} in a household's words: "FTP file transfer"
    std::string user;     ///< {user} "admin"; {as_user} ` as "admin"`, or nothing where there is no name
    std::uint16_t port;   ///< {port}
};

/// One kind of alert: a section of alerts.toml.
struct Wording {
    std::uint32_t signature_id = 0;
    std::uint32_t revision = 1;
    Severity severity = Severity::worth_knowing;
    std::string category;
    std::string title;
    std::vector<int> guidelines;
    std::string happened, meaning, advice;
    std::uint32_t line = 0;  ///< of the section's head

    /// Puts the values in their places, in one pass.
    static std::string render(std::string_view words, const Placeholders& values);
};

/// Numbers by their path, "mirai-scan.window_seconds". Each detector asks for its own when it is made.
class Thresholds {
 public:
    struct Entry {
        std::vector<double> numbers;  ///< one, or a list
        std::string place;            ///< "thresholds.toml:12"
    };
    Thresholds(std::string file, std::map<std::string, Entry> entries)
        : file_{std::move(file)}, entries_{std::move(entries)} {}

    // All throw SettingsError where the number is missing, not whole, or out of range.
    std::int64_t integer(const std::string& path, std::int64_t least, std::int64_t most);
    Duration seconds(const std::string& path);  ///< 1 s to 10 years
    double ratio(const std::string& path);      ///< more than 0 and less than 1
    std::vector<Port> ports(const std::string& path);

    /// Call last: throws SettingsError where a number was never asked for.
    void finish() const;

 private:
    const Entry& ask(const std::string& path);

    std::string file_;
    std::map<std::string, Entry> entries_;
    std::set<std::string> asked_;
};

class Signatures {
 public:
    static constexpr const char* ieee_data = "/usr/share/ieee-data";

    /// The table of files and their readers.
    static std::span<const SignatureFile<Signatures>> files();

    /// Reads them all, and the makers where `ieee` exists. Throws SettingsError.
    static Signatures read(const std::filesystem::path& folder, const std::filesystem::path& ieee = ieee_data);

    /// The same from text, without guidelines; the names are for error messages.
    static Signatures parse(std::string_view alerts, const std::string& alerts_name, std::string_view thresholds,
                            const std::string& thresholds_name);

    /// "telnet", or "telnet.outside" for a section inside it, which says only what differs. Throws SettingsError where
    /// it is missing.
    [[nodiscard]] const Wording& wording(const std::string& path) const;
    [[nodiscard]] const std::map<std::string, Wording>& wordings() const { return wordings_; }
    /// Throws SettingsError where a section of alerts.toml is missing, or there is one that nobody uses.
    void check_sections(const std::set<std::string>& wanted) const;
    [[nodiscard]] std::string service_name(Service service) const;
    [[nodiscard]] Thresholds thresholds() const { return thresholds_; }
    [[nodiscard]] const Guidelines& guidelines() const { return guidelines_; }
    [[nodiscard]] const SignatureSet& set() const { return set_; }  ///< version 0 where it was not read
    [[nodiscard]] const Makers& makers() const { return makers_; }
    [[nodiscard]] const DeviceRules& devices() const { return devices_; }
    [[nodiscard]] const PublicResolvers& resolvers() const { return resolvers_; }
    void set_makers(Makers makers) { makers_ = std::move(makers); }
    [[nodiscard]] const Indicators& indicators() const { return indicators_; }
    void set_indicators(Indicators indicators) { indicators_ = std::move(indicators); }

 private:
    void parse_alerts(std::string_view text, const std::string& name);

    std::string alerts_file_;
    std::map<std::string, Wording> wordings_;
    std::map<Service, std::string> service_names_;
    Thresholds thresholds_{"", {}};
    Guidelines guidelines_;
    SignatureSet set_;
    Makers makers_;
    DeviceRules devices_;
    Indicators indicators_;
    PublicResolvers resolvers_;
};

}  // namespace linnet
