#include "flow_expression.hpp"

#include "moment.hpp"
#include "text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>
#include <string_view>

namespace linnet {
namespace {

constexpr std::size_t longest_value = 255;

[[noreturn]] void refuse(const std::string& sentence) { throw std::runtime_error(sentence); }

std::string in_small_letters(std::string text) {
    const auto small = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    std::transform(text.begin(), text.end(), text.begin(), small);
    return text;
}

void read_port(const std::string& value, Json& arguments) {
    std::uint16_t port = 0;
    const auto* end = value.data() + value.size();
    const auto [stop, error] = std::from_chars(value.data(), end, port);
    if (error != std::errc{} || stop != end) refuse("port= wants a number from 0 to 65535, such as port=443.");
    arguments["port"] = port;
}

template <std::size_t N>
void read_word(const char* key, const std::string& value, const std::array<std::string_view, N>& words, Json& arguments) {
    const auto small = in_small_letters(value);
    if (std::find(words.begin(), words.end(), small) == words.end()) {
        std::string list;
        for (const auto word : words) list += (list.empty() ? "" : ", ") + std::string{word};
        refuse(fmt::format("{}= wants one of these: {}.", key, list));
    }
    arguments[key] = small;
}

void read_time(const char* key, const std::string& value, Timestamp now, Json& arguments) {
    const auto time = parse_moment(value, now);
    if (!time) refuse(fmt::format("{}= wants how long ago or when, {}.", key, moment_examples));
    arguments[key] = to_string(*time);
}

void read_term(const std::string& key, const std::string& value, Timestamp now, FlowExpression& expression) {
    constexpr std::array<std::string_view, 4> protos{"tcp", "udp", "icmp", "icmpv6"};
    constexpr std::array<std::string_view, 3> directions{"out", "in", "inside"};
    Json& arguments = expression.arguments;
    if (key == "device")
        expression.device = value;
    else if (key == "app")
        arguments["app"] = value;
    else if (key == "port")
        read_port(value, arguments);
    else if (key == "proto")
        read_word("proto", value, protos, arguments);
    else if (key == "direction")
        read_word("direction", value, directions, arguments);
    else if (key == "since" || key == "until")
        read_time(key.c_str(), value, now, arguments);
    else if (key != "peer")
        refuse(
            fmt::format("{} is nothing to choose flows by: device, app, port, proto, peer, direction, since and until are.",
                        escaped(key)));
    else if (!IpAddress::parse(value) && !IpPrefix::parse(value))
        refuse("peer= wants an address or a prefix, such as peer=192.0.2.1 or peer=192.0.2.0/24.");
    else
        arguments["peer"] = value;
}

/// "device=hall camera app=mqtt", in quotation marks, is two terms: one begins behind a space where KEY= does.
std::vector<std::string> separated(const std::vector<std::string>& terms) {
    const auto begins_term = [](std::string_view text) {
        const auto equals = text.find('=');
        const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
        return equals != 0 && equals != text.npos &&
               std::all_of(text.begin(), text.begin() + static_cast<long>(equals), is_letter);
    };
    std::vector<std::string> all;
    for (std::string_view rest : terms) {
        for (std::size_t space = rest.find(' '); space != rest.npos; space = rest.find(' ', space + 1)) {
            if (!begins_term(rest.substr(space + 1))) continue;
            if (const auto term = rest.substr(0, rest.find_last_not_of(' ', space) + 1); !term.empty())
                all.emplace_back(term);
            rest.remove_prefix(space + 1);
            space = 0;
        }
        all.emplace_back(rest);
    }
    return all;
}

}  // namespace

FlowExpression parse_flow_expression(const std::vector<std::string>& terms, Timestamp now) {
    FlowExpression expression;
    for (const auto& term : separated(terms)) {
        const auto equals = term.find('=');
        if (equals == 0 || equals == std::string::npos)
            refuse(fmt::format("{} is no KEY=VALUE, such as device=camera, app=mqtt or since=1d.", escaped(term)));
        const auto key = in_small_letters(term.substr(0, equals));
        const auto value = term.substr(equals + 1);
        if (value.empty()) refuse(fmt::format("{}= has no value.", escaped(key)));
        if (value.size() > longest_value) refuse(fmt::format("The value of {}= is too long.", escaped(key)));
        if ((key == "device" && expression.device) || expression.arguments.contains(key))
            refuse(fmt::format("{}= is there twice; each may be there once.", escaped(key)));
        read_term(key, value, now, expression);
    }
    return expression;
}

}  // namespace linnet
