#include "api_request.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace linnet {
namespace {

constexpr std::array<std::pair<std::string_view, ApiQuestion>, 6> questions{{{"status", ApiQuestion::status},
                                                                             {"devices", ApiQuestion::devices},
                                                                             {"alerts", ApiQuestion::alerts},
                                                                             {"flows", ApiQuestion::flows},
                                                                             {"report", ApiQuestion::report},
                                                                             {"subscribe", ApiQuestion::subscribe}}};

std::optional<ApiQuestion> question_named(const Json& name) {
    for (const auto& [known, question] : questions)
        if (name.is_string() && name.get_ref<const std::string&>() == known) return question;
    return std::nullopt;
}

/// Empty, or what is wrong with one of the arguments.
std::string read_argument(const std::string& name, const Json& value, Page& page) {
    if (name == "limit") {
        if (!value.is_number_unsigned() || value.get<std::uint64_t>() < 1 || value.get<std::uint64_t>() > max_api_rows)
            return fmt::format("\"limit\" must be a number from 1 to {}.", max_api_rows);
        page.limit = value.get<std::size_t>();
    } else if (name == "before") {
        if (!value.is_number_unsigned() || value.get<std::uint64_t>() > INT64_MAX)
            return "\"before\" must be a number above 0.";
        page.before = value.get<std::int64_t>();
    } else if (name == "device") {
        if (!value.is_string()) return "\"device\" must be the key of a device: its MAC address or its address.";
        page.device = value.get<std::string>();
    } else {
        return "The request has an argument that is not known: limit, before and device are.";
    }
    return "";
}

/// The same for a report.
std::string read_report_argument(const std::string& name, const Json& value, ApiRequest& request) {
    if (name == "as_of") {
        if (value.is_string()) request.as_of = parse_timestamp(value.get_ref<const std::string&>());
        return request.as_of ? "" : "\"as_of\" must be a time such as 2026-03-01T18:20:11.120345Z.";
    }
    if (name == "device") return read_argument(name, value, request.page);
    return "The request has an argument that is not known: device and as_of are.";
}

bool takes_arguments(ApiQuestion question) {
    return question == ApiQuestion::alerts || question == ApiQuestion::flows || question == ApiQuestion::report;
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
    const auto question = question_named(json.value("request", Json{}));
    if (!question)
        return refuse("unknown-request",
                      "The request is not known: status, devices, alerts, flows, report and subscribe are.");
    request.question = *question;
    const auto arguments = json.value("arguments", Json::object());
    if (!arguments.is_object()) return refuse("bad-request", "\"arguments\" must be an object.");
    if (!takes_arguments(*question) && !arguments.empty()) return refuse("bad-request", "This request takes no arguments.");
    for (const auto& [name, value] : arguments.items()) {
        auto wrong = *question == ApiQuestion::report ? read_report_argument(name, value, request)
                                                      : read_argument(name, value, request.page);
        if (!wrong.empty()) return refuse("bad-request", std::move(wrong));
    }
    return request;
}

}  // namespace linnet
