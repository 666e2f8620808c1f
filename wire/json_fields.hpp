// What the writers and readers of Linnet's own JSON (alerts, devices, report cards) have in common. A member that is absent
// leaves its value as it was; one that is not what it should be throws std::invalid_argument or the library's own exception.
#pragma once

#include "alert.hpp"

#include <stdexcept>
#include <string>
#include <vector>

namespace linnet {

inline void add_text(Json& object, const char* key, const std::string& text) {
    if (!text.empty()) object[key] = text;
}

[[noreturn]] inline void refuse_value(const char* key) { throw std::invalid_argument{std::string{"bad value of "} + key}; }

/// The text of a JSON value, converted by `parse`, which returns an optional.
template <class Parse>
auto parsed(const Json& text, const char* key, Parse parse) {
    const auto value = parse(text.get<std::string>());
    if (!value) refuse_value(key);
    return *value;
}

template <class T, class Parse>
void read(const Json& object, const char* key, T& into, Parse parse) {
    if (const auto found = object.find(key); found != object.end()) into = parsed(*found, key, parse);
}

template <class T>
void read(const Json& object, const char* key, T& into) {
    if (const auto found = object.find(key); found != object.end()) found->get_to(into);
}

/// A list of texts, each converted by `parse`.
template <class T, class Parse>
void read_each(const Json& object, const char* key, std::vector<T>& into, Parse parse) {
    if (const auto found = object.find(key); found != object.end())
        for (const Json& text : *found) into.push_back(parsed(text, key, parse));
}

inline Severity read_severity(const Json& object) {
    const auto number = object.at("severity").get<int>();
    if (number < static_cast<int>(Severity::act_now) || number > static_cast<int>(Severity::worth_knowing))
        refuse_value("severity");
    return static_cast<Severity>(number);
}

}  // namespace linnet
