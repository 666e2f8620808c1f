#include "http_names.hpp"

#include "sensor/ascii_text.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace linnet {
namespace {

bool is_plain(char c) { return is_letter(c) || is_digit(c) || c == '-' || c == '.'; }

/// "www.example.org" of "www.example.org:80"; nothing where it is an address or a bare word.
std::string_view server_name(std::string_view host) {
    host = host.substr(0, host.find(':'));
    const auto dot = host.rfind('.');
    const bool is_name = dot != std::string_view::npos && std::all_of(host.begin(), host.end(), is_plain) &&
                         std::any_of(host.begin() + static_cast<std::ptrdiff_t>(dot), host.end(), is_letter);
    return is_name ? host : std::string_view{};
}

bool names_a_model(std::string_view parameter) {
    constexpr std::size_t shortest = 5;
    if (parameter.size() < shortest || (ascii_lower(parameter[0]) != 'm' && ascii_lower(parameter[0]) != 'd')) return false;
    constexpr std::array<std::string_view, 5> names{"model", "modelname", "model_name", "modelid", "device_model"};
    return std::any_of(names.begin(), names.end(), [parameter](auto name) { return same_text(parameter, name); });
}

/// Of "GET /query?model=DIR-600_Ax HTTP/1.1": "DIR-600".
std::string_view model_asked_for(std::string_view start_line) {
    constexpr std::size_t longest = 256;  // devices ask briefly; web pages do not
    if (start_line.size() > longest) return {};
    const auto question = start_line.find('?');
    if (question == std::string_view::npos) return {};
    std::string_view rest = start_line.substr(question + 1);
    rest = rest.substr(0, rest.find_first_of(" #"));
    while (!rest.empty()) {
        const auto parameter = rest.substr(0, rest.find('&'));
        rest.remove_prefix(std::min(parameter.size() + 1, rest.size()));
        const auto equals = parameter.find('=');
        if (equals == std::string_view::npos || !names_a_model(parameter.substr(0, equals))) continue;
        const auto value = parameter.substr(equals + 1);
        const auto end = std::find_if_not(value.begin(), value.end(), is_plain);
        return value.substr(0, static_cast<std::size_t>(end - value.begin()));
    }
    return {};
}

}  // namespace

void HttpNames::report(const HttpExchange& exchange) {
    const auto& request = exchange.request;
    const bool rtsp = request.start_line.ends_with("RTSP/1.0");
    const std::string_view source = rtsp ? "rtsp" : "http";
    const auto field = [](const HttpMessage& message, const char* name) {
        return http_field(message, name).value_or(std::string_view{});
    };
    tell(c_.client, source, "user-agent", field(request, "User-Agent"), user_agent_);
    if (exchange.status) tell(c_.server, source, "server", field(exchange.response, "Server"), server_);
    if (rtsp) return;
    tell(c_.client, source, "host", server_name(field(request, "Host")), host_);
    tell(c_.client, source, "model", model_asked_for(request.start_line), model_);
}

void HttpNames::tell(const Endpoint& device, std::string_view source, std::string_view key, std::string_view value,
                     std::string_view& said) {
    if (value.empty() || value == said || !device.ip.is_private()) return;
    said = value;
    findings_.hint(device, source, key, value);
}

}  // namespace linnet
