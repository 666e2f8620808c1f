// EVE JSON in a file, for programs that read Suricata's eve.json.
#include "eve_stream.hpp"
#include "line_file.hpp"
#include "outlets.hpp"

namespace linnet {
namespace {

class FileSink : public LineSink {
 public:
    FileSink(std::filesystem::path file, const LineFile::Limits& limits) : file_{std::move(file), limits} {}

    void write(const std::string& lines, Timestamp now) override { file_.write(lines, now); }

 private:
    LineFile file_;
};

std::unique_ptr<Stream> make(Settings& settings, OutletBasics&& basics) {
    if (!basics.secret.empty()) settings.refuse("type", "a file needs no secret: take token_file or credential away");
    const std::filesystem::path file = settings.text("file", "/var/log/linnet-outlets/eve.json");
    if (!file.is_absolute()) settings.refuse("file", "must be a path that begins with /");
    constexpr std::int64_t megabyte = 1'000'000;
    LineFile::Limits limits;
    limits.bytes = static_cast<std::uint64_t>(settings.integer("max_megabytes", 100, 1, 100'000) * megabyte);
    limits.age = std::chrono::hours{settings.integer("max_hours", 24, 1, 24 * 366)};
    limits.keep = static_cast<std::size_t>(settings.integer("keep", 7, 0, 1'000));
    return eve_stream(std::make_unique<FileSink>(file, limits));
}

}  // namespace

const OutletType eve_file_outlet{"eve-file", nullptr, make};

}  // namespace linnet
