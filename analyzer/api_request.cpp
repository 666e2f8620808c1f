#include "api_request.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace linnet {
namespace {

struct Question {
    std::string_view name;
    ApiQuestion question;
    std::array<std::string_view, 11> arguments{};
    bool all_arguments = false;  ///< none may be missing
};

constexpr std::array<Question, 30> questions{{
    {"status", ApiQuestion::status},
    {"devices", ApiQuestion::devices},
    {"alerts", ApiQuestion::alerts, {"limit", "before", "device"}},
    {"flows",
     ApiQuestion::flows,
     {"limit", "before", "device", "kind", "app", "port", "proto", "peer", "direction", "since", "until"}},
    {"report", ApiQuestion::report, {"device", "as_of"}},
    {"subscribe", ApiQuestion::subscribe},
    {"mud", ApiQuestion::mud},
    {"mud-export", ApiQuestion::mud_export, {"device"}, true},
    {"mud-import", ApiQuestion::mud_import, {"device", "file"}, true},
    {"mud-remove", ApiQuestion::mud_remove, {"device"}, true},
    {"device", ApiQuestion::device, {"device"}, true},
    {"device-name", ApiQuestion::device_name, {"device", "name", "kind", "model"}},
    {"device-merge", ApiQuestion::device_merge, {"device", "other"}, true},
    {"device-split", ApiQuestion::device_split, {"device", "other"}, true},
    {"device-undo", ApiQuestion::device_undo, {"device"}, true},
    {"hours", ApiQuestion::hours, {"device", "limit"}},
    {"forget", ApiQuestion::forget, {"device"}, true},
    {"erase", ApiQuestion::erase},
    {"copy", ApiQuestion::copy},
    {"changes", ApiQuestion::changes, {"after", "limit"}},
    {"pair", ApiQuestion::pair, {"role"}},
    {"pair-digits", ApiQuestion::pair_digits, {"digits"}, true},
    {"pair-cancel", ApiQuestion::pair_cancel},
    {"peers", ApiQuestion::peers},
    {"revoke", ApiQuestion::revoke, {"peer"}, true},
    {"alert-acknowledge", ApiQuestion::alert_acknowledge, {"alert"}, true},
    {"alert-mute", ApiQuestion::alert_mute, {"device", "kind", "peer", "until"}},
    {"mutes", ApiQuestion::mutes},
    {"unmute", ApiQuestion::unmute, {"mute"}, true},
    {"device-trust", ApiQuestion::device_trust, {"device", "trusted"}, true},
}};

const Question* question_named(const Json& name) {
    const auto* found = std::find_if(questions.begin(), questions.end(), [&name](const Question& question) {
        return name.is_string() && name.get_ref<const std::string&>() == question.name;
    });
    return found == questions.end() ? nullptr : found;
}

/// "limit, before and device".
template <class Names>
std::string listed(const Names& names) {
    std::string text;
    for (std::size_t i = 0; i < names.size(); ++i)
        text += std::string{i == 0 ? "" : i + 1 == names.size() ? " and " : ", "} + std::string{names[i]};
    return text;
}

std::vector<std::string_view> arguments_of(const Question& question) {
    std::vector<std::string_view> names;
    for (const auto name : question.arguments)
        if (!name.empty()) names.push_back(name);
    return names;
}

std::string read_time(const std::string& name, const Json& value, std::optional<Timestamp>& into) {
    if (value.is_string()) into = parse_timestamp(value.get_ref<const std::string&>());
    return into ? "" : fmt::format("\"{}\" must be a time such as 2026-03-01T18:20:11.120345Z.", name);
}

std::optional<Proto> proto_named(std::string_view name) {
    constexpr std::array<std::pair<std::string_view, Proto>, 4> names{
        {{"tcp", Proto::tcp}, {"udp", Proto::udp}, {"icmp", Proto::icmp}, {"icmpv6", Proto::icmpv6}}};
    for (const auto& [known, proto] : names)
        if (name == known) return proto;
    return std::nullopt;
}

/// Of those that only `flows` has.
std::string read_filter(const std::string& name, const Json& value, FlowFilter& filter) {
    if (name == "port") {
        if (!value.is_number_unsigned() || value.get<std::uint64_t>() > 0xffff) return "\"port\" must be 0 to 65535.";
        filter.port = Port{value.get<std::uint16_t>()};
        return "";
    }
    if (name == "since" || name == "until") return read_time(name, value, name == "since" ? filter.since : filter.until);
    if (!value.is_string()) return fmt::format("\"{}\" must be text.", name);
    auto text = value.get<std::string>();
    const auto small = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    std::transform(text.begin(), text.end(), text.begin(), small);
    if (name == "proto") {
        filter.proto = proto_named(text);
        return filter.proto ? "" : "\"proto\" must be tcp, udp, icmp or icmpv6.";
    }
    if (name == "direction") {
        const auto* found = std::find(flow_direction_names.begin(), flow_direction_names.end(), text);
        if (found == flow_direction_names.end()) return "\"direction\" must be out, in or inside.";
        filter.direction = static_cast<FlowDirection>(found - flow_direction_names.begin());
        return "";
    }
    if (name == "peer") {
        if (const auto ip = IpAddress::parse(text)) filter.peer = IpPrefix{*ip, 128};
        if (!filter.peer) filter.peer = IpPrefix::parse(text);
        return filter.peer ? "" : "\"peer\" must be an address or a prefix such as 192.0.2.0/24.";
    }
    (name == "app" ? filter.app : filter.kind) = std::move(text);
    return "";
}

/// Empty, or what is wrong with one of the arguments.
std::string read_argument(const std::string& name, const Json& value, ApiRequest& request) {
    if (name == "limit") {
        if (!value.is_number_unsigned() || value.get<std::uint64_t>() < 1 || value.get<std::uint64_t>() > max_api_rows)
            return fmt::format("\"limit\" must be a number from 1 to {}.", max_api_rows);
        request.page.limit = value.get<std::size_t>();
    } else if (name == "before") {
        if (!value.is_number_unsigned() || value.get<std::uint64_t>() > INT64_MAX)
            return "\"before\" must be a number above 0.";
        request.page.before = value.get<std::int64_t>();
    } else if (name == "after") {
        if (!value.is_number_unsigned()) return "\"after\" must be a number.";
        request.after = value.get<std::uint64_t>();
    } else if (name == "device") {
        if (!value.is_string()) return "\"device\" must be the key of a device: its MAC address or its address.";
        request.page.device = value.get<std::string>();
    } else if (name == "as_of") {
        return read_time(name, value, request.as_of);
    } else if (name == "file") {
        if (!value.is_string()) return "\"file\" must be the text of a MUD file.";
        request.file = value.get<std::string>();
    } else if (name == "other") {
        if (!value.is_string()) return "\"other\" must be the key of a device, or one of its addresses.";
        request.other = value.get<std::string>();
    } else if (name == "role") {
        if (value.is_string()) request.role = peer_role(value.get_ref<const std::string&>());
        if (!request.role) return "\"role\" must be sensor or dashboard.";
    } else if (name == "alert" || name == "mute") {
        if (!value.is_number_unsigned() || value.get<std::uint64_t>() >= INT64_MAX)
            return fmt::format("\"{}\" must be a number.", name);
        (name == "alert" ? request.alert : request.mute) = value.get<std::uint64_t>();
    } else if (name == "until") {
        return read_time(name, value, request.until);
    } else if (name == "trusted") {
        if (!value.is_boolean()) return "\"trusted\" must be true or false.";
        request.trusted = value.get<bool>();
    } else if (name == "digits" || name == "peer") {
        if (!value.is_string()) return fmt::format("\"{}\" must be text.", name);
        (name == "digits" ? request.digits : request.peer) = value.get<std::string>();
    } else {
        if (!value.is_string()) return fmt::format("\"{}\" must be text.", name);
        (name == "name" ? request.name : name == "kind" ? request.kind : request.model) = value.get<std::string>();
    }
    return "";
}

/// The same for all of them.
std::string read_arguments(const Question& question, const Json& arguments, ApiRequest& request) {
    const auto known = arguments_of(question);
    if (known.empty() && !arguments.empty()) return "This request takes no arguments.";
    for (const auto& [name, value] : arguments.items()) {
        if (std::find(known.begin(), known.end(), name) == known.end())
            return "The request has an argument that is not known: " + listed(known) +
                   (known.size() == 1 ? " is." : " are.");
        constexpr std::array<std::string_view, 3> common{"limit", "before", "device"};
        const bool is_filter =
            question.question == ApiQuestion::flows && std::find(common.begin(), common.end(), name) == common.end();
        if (auto wrong = is_filter ? read_filter(name, value, request.page.filter) : read_argument(name, value, request);
            !wrong.empty())
            return wrong;
    }
    if (question.all_arguments && arguments.size() != known.size()) return "The request needs " + listed(known) + ".";
    return "";
}

}  // namespace

std::variant<ApiRequest, ApiRefusal> parse_api_request(std::string_view text) {
    ApiRequest request;
    const auto refuse = [&](std::string code, std::string message) {
        return ApiRefusal{request.id, std::move(code), std::move(message)};
    };
    if (text.size() > max_api_request) return refuse("bad-request", "The request is too long.");
    constexpr int max_depth = 2;
    const auto shallow = [](int depth, Json::parse_event_t, const Json&) { return depth <= max_depth; };
    const auto json = Json::parse(text, shallow, false);
    if (!json.is_object()) return refuse("bad-request", "The request is not a JSON object.");
    const auto id = json.find("id");
    if (id == json.end() || !id->is_number_unsigned())
        return refuse("bad-request", "The request has no \"id\" that is a number.");
    request.id = id->get<std::uint64_t>();
    const auto* question = question_named(json.value("request", Json{}));
    if (question == nullptr) {
        std::vector<std::string_view> names;
        names.reserve(questions.size());
        for (const auto& known : questions) names.push_back(known.name);
        return refuse("unknown-request", "The request is not known: " + listed(names) + " are.");
    }
    request.question = question->question;
    const auto arguments = json.value("arguments", Json::object());
    if (!arguments.is_object()) return refuse("bad-request", "\"arguments\" must be an object.");
    if (auto wrong = read_arguments(*question, arguments, request); !wrong.empty())
        return refuse("bad-request", std::move(wrong));
    return request;
}

}  // namespace linnet
