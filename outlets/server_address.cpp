#include "server_address.hpp"

#include "wire/types.hpp"

#include <algorithm>
#include <charconv>
#include <system_error>

namespace linnet {
namespace {

constexpr std::size_t longest_host = 253;

bool is_scheme(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

bool is_ipv6(std::string_view text) {
    const auto ip = IpAddress::parse(text);
    return ip && !ip->is_v4();
}

}  // namespace

bool is_host_name(std::string_view text) {
    return !text.empty() && text.size() <= longest_host && std::all_of(text.begin(), text.end(), [](unsigned char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
    });
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
    std::uint16_t port = 0;
    const auto* const end = text.data() + text.size();
    const auto [last, error] = std::from_chars(text.data(), end, port);
    if (error != std::errc{} || last != end || port == 0) return std::nullopt;
    return port;
}

std::optional<ServerAddress> parse_server_address(std::string_view text) {
    const auto colon = text.find("://");
    if (colon == std::string_view::npos || !is_scheme(text.substr(0, colon))) return std::nullopt;
    ServerAddress server{.scheme = std::string{text.substr(0, colon)}, .host = {}};
    text.remove_prefix(colon + 3);
    if (text.ends_with('/')) text.remove_suffix(1);
    const bool has_brackets = text.starts_with('[');
    const auto end = has_brackets ? text.find(']') : std::min(text.find(':'), text.size());
    if (end == std::string_view::npos) return std::nullopt;
    server.host = std::string{has_brackets ? text.substr(1, end - 1) : text.substr(0, end)};
    if (has_brackets ? !is_ipv6(server.host) : !is_host_name(server.host)) return std::nullopt;
    const auto rest = text.substr(has_brackets ? end + 1 : end);
    if (rest.empty()) return server;
    const auto port = rest.front() == ':' ? parse_port(rest.substr(1)) : std::nullopt;
    if (!port) return std::nullopt;
    server.port = *port;
    return server;
}

bool is_this_machine(std::string_view host) {
    if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
    const auto ip = IpAddress::parse(host);
    return host == "localhost" || (ip && ip->is_loopback());
}

}  // namespace linnet
