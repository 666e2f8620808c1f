// What a person says of devices, and takes back.
#include "analyzer/household.hpp"
#include "wire/event_limits.hpp"
#include "wire/harmless_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace linnet {
namespace {

constexpr const char* no_such_device = "There is no such device.";

std::string fault_of(const std::optional<std::string>& words) {
    if (!words) return {};
    if (words->size() > max_text) return fmt::format("A name, kind or model has at most {} bytes.", max_text);
    if (!is_harmless(*words)) return "A name, kind or model is one line of readable UTF-8 text.";
    return {};
}

std::string in_words(const Household::Words& words) {
    std::string text;
    const auto add = [&text](const char* what, const std::optional<std::string>& value) {
        if (!value) return;
        text += text.empty() ? "You said: " : ", ";
        text += value->empty() ? fmt::format("{} as Linnet finds it", what) : fmt::format("{} {}", what, *value);
    };
    add("name", words.name);
    add("kind", words.kind);
    add("model", words.model);
    return text + ".";
}

}  // namespace

std::string Household::name_device(const std::string& key, const Words& words, Timestamp at) {
    wake();
    const std::string row = residents_.row_of(row_key_of(key));
    if (residents_.find(row) == nullptr) return no_such_device;
    if (!words.name && !words.kind && !words.model) return "There is nothing to change.";
    for (const auto* each : {&words.name, &words.kind, &words.model})
        if (auto fault = fault_of(*each); !fault.empty()) return fault;
    Dossier& dossier = residents_.touch_dossier(row);
    // Of the words before, the name is what somebody may want back.
    const std::string before = words.name ? dossier.given.name : "";
    if (words.name) dossier.given.name = *words.name;
    if (words.kind) dossier.given.kind = *words.kind;
    if (words.model) dossier.given.model = *words.model;
    dossier.tell({at, "named", before, in_words(words)});
    rename(residents_.touch(row).device, &dossier);
    mark_changed(row);
    residents_.settle_in(row, at);
    return {};
}

std::string Household::merge_devices(const std::string& key, const std::string& other, Timestamp at) {
    wake();
    const std::string a = residents_.row_of(row_key_of(key)), b = residents_.row_of(row_key_of(other));
    if (residents_.find(a) == nullptr || residents_.find(b) == nullptr) return no_such_device;
    if (a == b) return "The two are one device already.";
    const auto allow = [this](const std::string& row, const std::string& with) {
        const Resident& one = *residents_.find(with);
        Dossier& dossier = residents_.touch_dossier(row);
        for (const auto& station : one.stations) std::erase(dossier.apart, station.key);
    };
    allow(a, b);
    allow(b, a);
    join(a, b, {Bond::person, ""}, at);
    return {};
}

std::string Household::split_device(const std::string& key, const std::string& address, Timestamp at) {
    wake();
    const std::string row = residents_.row_of(row_key_of(key)), other = residents_.row_of(row_key_of(address));
    if (residents_.find(row) == nullptr || residents_.find(other) == nullptr) return no_such_device;
    if (row != other) {
        const auto say = [&](const std::string& of, const std::string& than) {
            const std::string& apart = residents_.find(than)->device.key;
            Dossier& dossier = residents_.touch_dossier(of);
            dossier.keep_apart(apart);
            std::erase_if(dossier.suggestions, [&](const Suggestion& each) { return each.key == apart; });
            dossier.tell({at, "kept-apart", apart, fmt::format("{} is another device: so you said.", apart)});
            mark_changed(of);
        };
        say(row, other);
        say(other, row);
        return {};
    }
    Resident& resident = residents_.touch(row);
    if (resident.stations.size() < 2) return "This device has one address; there is nothing to take apart.";
    std::string leaving;
    for (const auto& station : resident.stations)
        if (row_key_of(station.key) == row_key_of(address)) leaving = station.key;
    if (leaving.empty()) return "This is not one of the addresses that were joined.";
    if (leaving == resident.device.key) {
        if (resident.stations.size() > 2)
            return "This is the address that the device goes by; name the one that is to leave.";
        leaving = resident.stations[resident.stations[0].key == leaving ? 1 : 0].key;
    }
    separate(row, leaving, "so you said", at);
    return {};
}

std::string Household::trust_device(const std::string& key, bool trusted, Timestamp at) {
    wake();
    const std::string row = residents_.row_of(row_key_of(key));
    if (residents_.find(row) == nullptr) return no_such_device;
    Dossier& dossier = residents_.touch_dossier(row);
    if (dossier.given.trusted == trusted) return {};
    dossier.given.trusted = trusted;
    dossier.tell({at, "trusted", "", trusted ? "It belongs here: so you said." : "You no longer say that it belongs here."});
    mark_changed(row);
    residents_.settle_in(row, at);
    return {};
}

bool Household::is_trusted(const DeviceRef& device) const {
    const Dossier* dossier = residents_.dossier(residents_.row_of(row_key(device.mac, device.ip)));
    return dossier != nullptr && dossier->given.trusted;
}

std::string Household::undo(const std::string& key, Timestamp at) {
    wake();
    const std::string row = residents_.row_of(row_key_of(key));
    const Resident* resident = residents_.find(row);
    if (resident == nullptr) return no_such_device;
    const Dossier* dossier = residents_.dossier(row);
    const auto history = dossier == nullptr ? std::vector<HistoryEntry>{} : dossier->history;
    for (auto entry = history.rbegin(); entry != history.rend(); ++entry) {
        const std::string subject = entry->subject;
        if (entry->event == "named") {
            Words words;
            words.name = subject;
            return name_device(key, words, at);
        }
        const bool is_part = std::any_of(resident->stations.begin(), resident->stations.end(),
                                         [&](const Station& station) { return station.key == subject; });
        if (entry->event == "joined" && is_part && subject != resident->device.key) return split_device(key, subject, at);
        if (entry->event == "split" || entry->event == "kept-apart") return merge_devices(key, subject, at);
    }
    return "Nothing was joined or said of this device.";
}

}  // namespace linnet
