#include "sensor/quarantine.hpp"

#include "sensor/packet_source.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <array>
#include <cstdlib>

using namespace linnet;

namespace {

struct Folder {
    std::filesystem::path path = std::filesystem::temp_directory_path() / ("linnet-quarantine-" + std::to_string(::rand()));
    ~Folder() { std::filesystem::remove_all(path); }
};

std::size_t files_in(const std::filesystem::path& folder) {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator{folder}, {}));
}

}  // namespace

TEST_CASE("a packet is kept as a capture that can be read again, for its owner alone") {
    const Folder folder;
    Quarantine quarantine{folder.path};
    std::array<std::byte, 60> bytes{};
    bytes[12] = std::byte{0x08};
    const RawPacket packet{
        .at = Timestamp{Duration{1'700'000'000'123'456}}, .link_type = 1, .wire_length = 1500, .bytes = bytes};
    const auto file = quarantine.keep(packet);
    REQUIRE(file);
    struct stat about {};
    REQUIRE(::stat(file->c_str(), &about) == 0);
    CHECK((about.st_mode & 0777) == 0600);
    const auto source = open_capture_file(file->string(), "");
    RawPacket again;
    REQUIRE(source->next(again) == SourceRead::packet);
    CHECK(again.at == packet.at);
    CHECK(again.wire_length == 1500);
    CHECK(std::equal(again.bytes.begin(), again.bytes.end(), bytes.begin(), bytes.end()));
    CHECK(source->next(again) == SourceRead::end);
}

TEST_CASE("the newest sixteen are kept, and what else is in the folder stays") {
    const Folder folder;
    Quarantine quarantine{folder.path};
    std::array<std::byte, 20> bytes{};
    for (int i = 0; i < 40; ++i)
        REQUIRE(quarantine.keep({.at = Timestamp{Duration{i}}, .link_type = 1, .wire_length = 20, .bytes = bytes}));
    CHECK(files_in(folder.path) == Quarantine::most);
    CHECK(std::filesystem::exists(folder.path / "packet-00000000000000000039.pcap"));
    CHECK(!std::filesystem::exists(folder.path / "packet-00000000000000000023.pcap"));
    std::filesystem::rename(folder.path / "packet-00000000000000000039.pcap", folder.path / "mine");
    for (int i = 40; i < 80; ++i)
        quarantine.keep({.at = Timestamp{Duration{i}}, .link_type = 1, .wire_length = 20, .bytes = bytes});
    CHECK(std::filesystem::exists(folder.path / "mine"));
}

TEST_CASE("no folder keeps nothing") {
    CHECK(!Quarantine{""}.keep({}));
    CHECK(!Quarantine{"/does/not/exist"}.keep({}));
}
