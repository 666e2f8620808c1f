// How devices of well-known makers are steered over HTTP, from signatures/device_apis.toml.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace linnet {

struct DeviceApi {
    std::uint16_t number = 0;
    std::string device;  ///< in a household's words
    std::string method;  ///< "GET"; "" = GET, POST or PUT
    std::string path;    ///< "/relay/*": a star stands for one part, a slash at the end for whatever follows
    std::string query;   ///< the name of a parameter that must be there; "" = none
};

class DeviceApis {
 public:
    /// No entries: nothing ever matches.
    DeviceApis() = default;

    /// Throws SettingsError (file:line: reason).
    static DeviceApis read(const std::filesystem::path& file);
    /// The same for a text that read_text_file() has read; `file` is for messages.
    static DeviceApis parse(std::string_view text, const std::filesystem::path& file);

    /// The first entry that describes the request, or nullptr. Linear in its length.
    [[nodiscard]] const DeviceApi* match(std::string_view method, std::string_view path, std::string_view query) const;

 private:
    std::vector<DeviceApi> entries_;
};

}  // namespace linnet
