#include "signatures.hpp"

#include "wire/text_file.hpp"
#include "wire/toml_text.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace linnet {
namespace {

constexpr std::array<std::string_view, 8> placeholders{"device",  "peer", "count",   "times",
                                                       "service", "user", "as_user", "port"};

/// One section of alerts.toml, its keys taken out one by one.
class Section {
 public:
    Section(const std::string& file, const std::string& path, const toml::table& table)
        : file_{file}, path_{path}, table_{table} {}

    std::int64_t integer(const char* key, std::int64_t fallback, std::int64_t least, std::int64_t most) {
        const auto* node = find(key, fallback >= least);
        if (node == nullptr) return fallback;
        const auto value = node->value_exact<std::int64_t>();
        if (!value || *value < least || *value > most)
            refuse(node->source(), key,
                   "must be a whole number from " + std::to_string(least) + " to " + std::to_string(most));
        return *value;
    }

    std::string text(const char* key, const std::string& fallback) {
        const auto* node = find(key, !fallback.empty());
        if (node == nullptr) return fallback;
        auto value = node->value_exact<std::string>();
        if (!value || value->empty()) refuse(node->source(), key, "must be text");
        return *value;
    }

    std::string words(const char* key, const std::string& fallback) {
        std::string value = text(key, fallback);
        for (std::size_t open = value.find_first_of("{}"); open != std::string::npos;
             open = value.find_first_of("{}", open)) {
            const std::size_t close = value.find('}', open);
            const auto name = std::string_view{value}.substr(open, close - open);
            if (close == std::string::npos || name.empty() ||
                std::find(placeholders.begin(), placeholders.end(), name.substr(1)) == placeholders.end())
                refuse(table_.get(key)->source(), key, "has a placeholder that does not exist: " + value.substr(open, 20));
            open = close + 1;
        }
        return value;
    }

    std::vector<int> guidelines(const char* key, const Wording& above) {
        const auto* node = find(key, above.signature_id != 0);
        if (node == nullptr) return above.guidelines;
        std::vector<int> numbers;
        if (const auto* list = node->as_array())
            for (const auto& element : *list)
                if (const auto number = element.value_exact<std::int64_t>(); number && *number >= 1 && *number <= 13)
                    numbers.push_back(static_cast<int>(*number));
        if (node->as_array() == nullptr || numbers.size() != node->as_array()->size())
            refuse(node->source(), key, "must be a list of numbers from 1 to 13");
        return numbers;
    }

    void finish() const {
        for (const auto& [key, node] : table_)
            if (!node.is_table() && !asked_.contains(std::string{key.str()}))
                refuse(key.source(), std::string{key.str()}, "is not known");
    }

 private:
    const toml::node* find(const char* key, bool may_be_absent) {
        asked_.insert(key);
        const auto* node = table_.get(key);
        if (node == nullptr && !may_be_absent) refuse(table_.source(), key, "is missing");
        return node;
    }
    [[noreturn]] void refuse(const toml::source_region& at, const std::string& key, const std::string& reason) const {
        linnet::refuse(file_, at, path_ + "." + key + " " + reason);
    }

    const std::string& file_;
    const std::string& path_;
    const toml::table& table_;
    std::set<std::string> asked_;
};

/// A section and the sections inside it, which say only what differs.
void read_wordings(const std::string& file, const std::string& path, const toml::table& table, const Wording& above,
                   std::map<std::string, Wording>& into) {
    Section section{file, path, table};
    Wording wording = above;
    wording.signature_id = static_cast<std::uint32_t>(section.integer("signature_id", above.signature_id, 1, 999'999));
    wording.revision = static_cast<std::uint32_t>(section.integer("revision", above.revision, 1, 999'999));
    wording.severity = static_cast<Severity>(
        section.integer("severity", above.signature_id == 0 ? 0 : static_cast<int>(above.severity), 1, 3));
    wording.category = section.text("category", above.category);
    wording.title = section.text("title", above.title);
    wording.guidelines = section.guidelines("guidelines", above);
    wording.happened = section.words("happened", above.happened);
    wording.meaning = section.words("meaning", above.meaning);
    wording.advice = section.words("advice", above.advice);
    section.finish();
    wording.line = table.source().begin.line;
    into[path] = wording;
    for (const auto& [key, node] : table)
        if (const auto* inside = node.as_table())
            read_wordings(file, path + "." + std::string{key.str()}, *inside, wording, into);
}

std::map<Service, std::string> read_service_names(const std::string& file, const toml::table& table) {
    std::map<Service, std::string> names;
    for (const auto& [key, node] : table) {
        const auto service = parse_service(key.str());
        const auto name = node.value_exact<std::string>();
        if (!service) refuse(file, key.source(), "services." + std::string{key.str()} + " is not known");
        if (!name || name->empty()) refuse(file, node.source(), "services." + std::string{key.str()} + " must be text");
        names[*service] = *name;
    }
    return names;
}

void read_numbers(const std::string& file, const std::string& path, const toml::table& table,
                  std::map<std::string, Thresholds::Entry>& into) {
    for (const auto& [key, node] : table) {
        const std::string inside = path.empty() ? std::string{key.str()} : path + "." + std::string{key.str()};
        if (const auto* section = node.as_table()) {
            read_numbers(file, inside, *section, into);
            continue;
        }
        Thresholds::Entry entry{{}, file + ":" + std::to_string(node.source().begin.line)};
        const auto add = [&](const toml::node& number) {
            if (!number.is_number()) refuse(file, number.source(), inside + " must be a number or a list of numbers");
            entry.numbers.push_back(*number.value<double>());
        };
        if (const auto* list = node.as_array())
            for (const auto& element : *list) add(element);
        else
            add(node);
        into[inside] = std::move(entry);
    }
}

Thresholds parse_thresholds(std::string_view text, const std::string& file) {
    std::map<std::string, Thresholds::Entry> numbers;
    read_numbers(file, "", parse_toml(text, file), numbers);
    return Thresholds{file, std::move(numbers)};
}

[[noreturn]] void refuse(const Thresholds::Entry& entry, const std::string& path, const std::string& reason) {
    throw SettingsError{entry.place + ": " + path + " " + reason};
}

}  // namespace

std::string Wording::render(std::string_view words, const Placeholders& values) {
    std::string text;
    while (!words.empty()) {
        const auto open = words.find('{');
        text += words.substr(0, open);
        if (open == std::string_view::npos) break;
        const auto close = words.find('}', open);
        const auto name = words.substr(open + 1, close - open - 1);
        if (name == "device") text += values.device;
        if (name == "peer") text += values.peer;
        if (name == "count") text += std::to_string(values.count);
        if (name == "times")
            text += values.count == 1 ? "once" : values.count == 2 ? "twice" : std::to_string(values.count) + " times";
        if (name == "service") text += values.service;
        if (name == "user") text += values.user;
        if (name == "as_user" && !values.user.empty()) text += " as \"" + values.user + '"';
        if (name == "port") text += std::to_string(values.port);
        words.remove_prefix(close == std::string_view::npos ? words.size() : close + 1);
    }
    return text;
}

const Thresholds::Entry& Thresholds::ask(const std::string& path) {
    asked_.insert(path);
    const auto found = entries_.find(path);
    if (found == entries_.end()) throw SettingsError{file_ + ":0: " + path + " is missing"};
    return found->second;
}

std::int64_t Thresholds::integer(const std::string& path, std::int64_t least, std::int64_t most) {
    const Entry& entry = ask(path);
    const double number = entry.numbers.size() == 1 ? entry.numbers[0] : std::nan("");
    if (!(number >= static_cast<double>(least) && number <= static_cast<double>(most)) || number != std::floor(number))
        refuse(entry, path, "must be a whole number from " + std::to_string(least) + " to " + std::to_string(most));
    return static_cast<std::int64_t>(number);
}

Duration Thresholds::seconds(const std::string& path) { return std::chrono::seconds{integer(path, 1, 315'360'000)}; }

double Thresholds::ratio(const std::string& path) {
    const Entry& entry = ask(path);
    if (entry.numbers.size() != 1 || !(entry.numbers[0] > 0 && entry.numbers[0] < 1))
        refuse(entry, path, "must be more than 0 and less than 1");
    return entry.numbers[0];
}

std::vector<Port> Thresholds::ports(const std::string& path) {
    const Entry& entry = ask(path);
    std::vector<Port> ports;
    for (const double number : entry.numbers) {
        if (!(number >= 1 && number <= 65535) || number != std::floor(number) || entry.numbers.size() > 64)
            refuse(entry, path, "must be at most 64 port numbers");
        ports.push_back({static_cast<std::uint16_t>(number)});
    }
    return ports;
}

void Thresholds::finish() const {
    for (const auto& [path, entry] : entries_)
        if (!asked_.contains(path)) refuse(entry, path, "is not known");
}

Signatures Signatures::read(const std::filesystem::path& folder, const std::filesystem::path& ieee) {
    Signatures signatures;
    read_signature_files(folder, files(), signatures);
    signatures.makers_ = Makers::read(ieee);
    return signatures;
}

std::span<const SignatureFile<Signatures>> Signatures::files() {
    using Path = std::filesystem::path;
    static constexpr SignatureFile<Signatures> table[] = {
        {SignatureSet::file_name, [](const Path& file, Signatures& into) { into.set_ = SignatureSet::read(file); }},
        {"indicators.toml", [](const Path& file, Signatures& into) { into.indicators_ = Indicators::read(file); }},
        {"resolvers.toml", [](const Path& file, Signatures& into) { into.resolvers_ = PublicResolvers::read(file); }},
        {"devices.toml", [](const Path& file, Signatures& into) { into.devices_ = DeviceRules::read(file); }},
        {"guidelines.toml", [](const Path& file, Signatures& into) { into.guidelines_ = Guidelines::read(file); }},
        {"alerts.toml", [](const Path& file, Signatures& into) { into.parse_alerts(read_text_file(file), file.string()); }},
        {"thresholds.toml",
         [](const Path& file, Signatures& into) {
             into.thresholds_ = parse_thresholds(read_text_file(file), file.string());
         }},
    };
    return table;
}

Signatures Signatures::parse(std::string_view alerts, const std::string& alerts_name, std::string_view thresholds,
                             const std::string& thresholds_name) {
    Signatures signatures;
    signatures.thresholds_ = parse_thresholds(thresholds, thresholds_name);
    signatures.parse_alerts(alerts, alerts_name);
    return signatures;
}

void Signatures::parse_alerts(std::string_view text, const std::string& file) {
    alerts_file_ = file;
    for (const auto& [key, node] : parse_toml(text, file)) {
        const std::string name{key.str()};
        const auto* table = node.as_table();
        if (table == nullptr) refuse(file, key.source(), name + " must be a section");
        if (name == "services")
            service_names_ = read_service_names(file, *table);
        else
            read_wordings(file, name, *table, {}, wordings_);
    }
}

const Wording& Signatures::wording(const std::string& path) const {
    const auto found = wordings_.find(path);
    if (found == wordings_.end()) throw SettingsError{alerts_file_ + ":0: [" + path + "] is missing"};
    return found->second;
}

void Signatures::check_sections(const std::set<std::string>& wanted) const {
    for (const auto& path : wanted) static_cast<void>(wording(path));
    for (const auto& [path, wording] : wordings_)
        if (!wanted.contains(path))
            throw SettingsError{alerts_file_ + ":" + std::to_string(wording.line) + ": [" + path + "] is not known"};
}

std::string Signatures::service_name(Service service) const {
    const auto found = service_names_.find(service);
    return found == service_names_.end() ? std::string{to_string(service)} : found->second;
}

}  // namespace linnet
