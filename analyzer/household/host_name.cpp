#include "host_name.hpp"

#include <algorithm>
#include <array>

namespace linnet {
namespace {

constexpr std::size_t longest = 63;  // RFC 1035: of a label
constexpr std::size_t shortest_lot = 6;

/// Words of names that devices have from their maker, or that only say what they are.
constexpr std::array common_words{
    "air",         "amazon",    "android",  "android-dhcp", "apple",     "box",     "bridge",   "brother", "camera",
    "canon",       "cam",       "chrome",   "chromecast",   "client",    "com",     "computer", "debian",  "default",
    "desktop",     "device",    "dhcp",     "dhcpcd",       "dlink",     "dongle",  "echo",     "edge",    "epson",
    "esp",         "espressif", "ethernet", "fire",         "firetv",    "fold",    "galaxy",   "gateway", "google",
    "home",        "homepod",   "honor",    "host",         "hp",        "http",    "huawei",   "hub",     "imac",
    "ipad",        "iphone",    "ipod",     "kali",         "kindle",    "lan",     "laptop",   "lenovo",  "lg",
    "lgwebostv",   "lite",      "linux",    "local",        "localhost", "lwip",    "mac",      "macbook", "max",
    "mi",          "mini",      "mobile",   "moto",         "motorola",  "my",      "nas",      "nexus",   "nest",
    "node",        "nokia",     "note",     "oneplus",      "openwrt",   "oppo",    "pad",      "pc",      "phone",
    "pi",          "pixel",     "plug",     "plus",         "poco",      "printer", "pro",      "ps",      "raspberry",
    "raspberrypi", "realme",    "redmi",    "roku",         "router",    "samsung", "server",   "shelly",  "smart",
    "sonos",       "sony",      "speaker",  "station",      "surface",   "switch",  "tab",      "tablet",  "tasmota",
    "the",         "tv",        "ubuntu",   "udhcp",        "udhcpc",    "ultra",   "unknown",  "user",    "vivo",
    "wan",         "watch",     "wifi",     "win",          "windows",   "wlan",    "wled",     "wiz",     "workstation",
    "xbox",        "xiaomi",    "yeelight", "zte"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80; }
bool is_hexadecimal(char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); }

/// A model's number ("s21", "hs100", "5c") or a count, but for words.
bool is_model(std::string_view word) {
    return std::any_of(word.begin(), word.end(), is_digit) && word.size() < shortest_lot;
}

/// "m3jamsq", "07aefb", "30055": letters and digits in turns, or a long number. "office2024" is a word and a year.
bool is_lot(std::string_view word) {
    if (word.size() < shortest_lot) return false;
    const auto digits = std::count_if(word.begin(), word.end(), is_digit);
    if (digits == 0) return false;
    if (std::all_of(word.begin(), word.end(), is_hexadecimal)) return true;
    std::size_t turns = 0;
    for (std::size_t i = 1; i < word.size(); ++i) turns += is_digit(word[i]) != is_digit(word[i - 1]) ? 1 : 0;
    return turns >= 2;
}

bool is_common(std::string_view word) {
    return word.size() < 2 || is_model(word) ||
           std::find(common_words.begin(), common_words.end(), word) != common_words.end();
}

}  // namespace

std::string comparable(std::string_view host_name) {
    host_name = host_name.substr(0, std::min(host_name.find('.'), longest));
    std::string name{host_name.substr(0, host_name.find('('))};
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    while (!name.empty() && (name.back() == ' ' || name.back() == '-' || name.back() == '_')) name.pop_back();
    return name;
}

Telling telling(std::string_view host_name) {
    const std::string name = comparable(host_name);
    Telling best = Telling::common;
    for (std::size_t at = 0; at < name.size();) {
        const auto is_part = [](char c) { return is_letter(c) || is_digit(c); };
        const auto end = std::find_if_not(name.begin() + static_cast<std::ptrdiff_t>(at), name.end(), is_part);
        const std::string_view word{name.data() + at, static_cast<std::size_t>(end - name.begin()) - at};
        if (is_lot(word)) return Telling::unique;
        if (!is_common(word)) best = Telling::given;
        at += word.size() + 1;
    }
    return best;
}

}  // namespace linnet
