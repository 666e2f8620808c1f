#include "local_offset.hpp"

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <filesystem>

namespace linnet {

std::chrono::minutes local_offset(Timestamp at) {
    const auto seconds = static_cast<std::time_t>(std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count());
    std::tm parts{};
    if (::localtime_r(&seconds, &parts) == nullptr) return {};
    return std::chrono::duration_cast<std::chrono::minutes>(std::chrono::seconds{parts.tm_gmtoff});
}

bool set_time_zone(const std::string& name) {
    const bool is_name = !name.empty() && name.front() != '/' && name.find("..") == std::string::npos &&
                         std::all_of(name.begin(), name.end(), [](unsigned char c) { return c > 0x20 && c < 0x7F; });
    std::error_code ignored;
    if (!is_name || !std::filesystem::is_regular_file("/usr/share/zoneinfo/" + name, ignored)) return false;
    ::setenv("TZ", name.c_str(), 1);
    ::tzset();
    return true;
}

}  // namespace linnet
