// What `linnet export` writes and `linnet import` reads: there and back, and every way in which such a file may lie.
#include "cli/home_archive.hpp"
#include "cli/temporary_directory.hpp"
#include "shell.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <doctest/doctest.h>
#include <sodium.h>

#include <fmt/format.h>

#include <array>
#include <fstream>
#include <functional>
#include <random>

#include <sys/stat.h>

using namespace linnet;
namespace fs = std::filesystem;

namespace {

const Timestamp noon = *parse_timestamp("2026-03-01T12:00:00.000000Z");

void write(const fs::path& file, const std::string& text) { std::ofstream{file, std::ios::binary} << text; }

std::string sum_of(const std::string& text) {
    std::array<unsigned char, crypto_hash_sha256_BYTES> sum{};
    crypto_hash_sha256(sum.data(), reinterpret_cast<const unsigned char*>(text.data()), text.size());
    std::string out;
    for (const auto byte : sum) out += fmt::format("{:02x}", byte);
    return out;
}

struct Entry {
    std::string name, content;
    mode_t type = AE_IFREG;
    std::string link{}, hard_link{};
};

/// As somebody would make one by hand.
void make(const fs::path& file, const std::vector<Entry>& entries) {
    archive* out = archive_write_new();
    archive_write_set_format_pax_restricted(out);
    archive_write_add_filter_gzip(out);
    REQUIRE(archive_write_open_filename(out, file.c_str()) == ARCHIVE_OK);
    for (const auto& each : entries) {
        archive_entry* entry = archive_entry_new();
        archive_entry_set_pathname(entry, each.name.c_str());
        archive_entry_set_filetype(entry, each.type);
        archive_entry_set_perm(entry, 04777);
        if (!each.link.empty()) archive_entry_set_symlink(entry, each.link.c_str());
        if (!each.hard_link.empty()) archive_entry_set_hardlink(entry, each.hard_link.c_str());
        archive_entry_set_size(entry, each.type == AE_IFREG ? static_cast<la_int64_t>(each.content.size()) : 0);
        REQUIRE(archive_write_header(out, entry) == ARCHIVE_OK);
        if (each.type == AE_IFREG && each.hard_link.empty())
            archive_write_data(out, each.content.data(), each.content.size());
        archive_entry_free(entry);
    }
    archive_write_close(out);
    archive_write_free(out);
}

std::string manifest(const std::vector<Entry>& files) {
    HomeManifest made{.version = "0.1.0", .made = noon, .files = {}};
    for (const auto& file : files) made.files.push_back({file.name, file.content.size(), sum_of(file.content)});
    return dump(to_json(made));
}

/// Why it is refused; and that nothing came of it outside the folder.
std::string refusal(const fs::path& file) {
    const TemporaryDirectory folder;
    fs::create_directory(folder.path() / "in");
    std::string checked;
    try {
        check_home(file);
    } catch (const ArchiveError& error) {
        checked = error.what();
    }
    try {
        read_home(file, folder.path() / "in");
    } catch (const ArchiveError& error) {
        CHECK(checked == error.what());
        CHECK(std::distance(fs::directory_iterator{folder.path()}, fs::directory_iterator{}) == 1);
        return error.what();
    }
    CHECK(checked.empty());
    return {};
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("there and back: each file as it was, only for its owner") {
    const TemporaryDirectory folder;
    std::string database(300'000, 'x');
    std::mt19937 random{7};
    for (char& c : database) c = static_cast<char>(random());
    write(folder.path() / "copy", database);
    write(folder.path() / "toml", "[analyzer]\n");
    write(folder.path() / "token", "");
    const auto file = folder.path() / "home.linnet";
    const auto written = write_home(file,
                                    {{"linnet.db", folder.path() / "copy"},
                                     {"linnet.toml", folder.path() / "toml"},
                                     {"secrets/phone", folder.path() / "token"}},
                                    "0.1.0", noon);
    CHECK(written.files[0] == HomeFile{"linnet.db", 300'000, sum_of(database)});
    CHECK_FALSE(fs::exists(file.string() + ".part"));
    CHECK((fs::status(file).permissions() & fs::perms{077}) == fs::perms::none);
    CHECK(check_home(file).files == written.files);
    fs::create_directory(folder.path() / "in");
    const auto read = read_home(file, folder.path() / "in");
    CHECK(read.files == written.files);
    CHECK(read.version == "0.1.0");
    CHECK(read.made == noon);
    CHECK(content_of(folder.path() / "in" / "linnet.db") == database);
    CHECK(content_of(folder.path() / "in" / "linnet.toml") == "[analyzer]\n");
    CHECK((fs::status(folder.path() / "in" / "secrets" / "phone").permissions() & fs::perms{077}) == fs::perms::none);
    CHECK_THROWS_AS(read_home(file, folder.path() / "in"), ArchiveError);  // it overwrites nothing
}

TEST_CASE("what may not be in an export cannot be put there, and nothing half is left") {
    const TemporaryDirectory folder;
    write(folder.path() / "x", "x");
    const auto file = folder.path() / "home.linnet";
    CHECK_THROWS_AS(write_home(file, {{"shadow", folder.path() / "x"}}, "0.1.0", noon), ArchiveError);
    CHECK_THROWS_AS(write_home(file, {{"linnet.db", folder.path() / "absent"}}, "0.1.0", noon), ArchiveError);
    fs::create_symlink("x", folder.path() / "link");
    CHECK_THROWS_AS(write_home(file, {{"linnet.db", folder.path() / "link"}}, "0.1.0", noon), ArchiveError);
    CHECK_FALSE(fs::exists(file));
    CHECK_FALSE(fs::exists(file.string() + ".part"));
}

TEST_CASE("names that lead elsewhere, links and devices are refused") {
    const TemporaryDirectory folder;
    const auto file = folder.path() / "evil";
    const Entry database{"linnet.db", "data"};
    for (const std::string name : {"../evil", "/etc/passwd", "linnet.db/../../evil", "secrets/../evil", "secrets/.evil",
                                   "secrets/-rf", "secrets/a/b", "secrets/", "./linnet.db", "unknown"}) {
        CAPTURE(name);
        make(file, {{"manifest.json", manifest({{name, "data"}})}, {name, "data"}});
        CHECK(contains(refusal(file), "makes no sense"));
        make(file, {{"manifest.json", manifest({database})}, {name, "data"}, database});
        CHECK(contains(refusal(file), "does not belong there"));
    }
    make(file, {{"manifest.json", manifest({database})}, {"linnet.db", "", AE_IFLNK, "/etc/passwd"}});
    CHECK(contains(refusal(file), "is no plain file"));
    make(file, {{"manifest.json", manifest({database})}, {"linnet.db", "", AE_IFREG, "", "/etc/passwd"}});
    CHECK(contains(refusal(file), "is no plain file"));
    make(file, {{"manifest.json", manifest({database})}, {"linnet.db", "", AE_IFIFO}});
    CHECK(contains(refusal(file), "is no plain file"));
    make(file, {{"manifest.json", manifest({database})}, {"linnet.db", "", AE_IFDIR}});
    CHECK_FALSE(refusal(file).empty());
}

TEST_CASE("too much, too little, too long, another sum, twice, and what comes behind the end are refused") {
    const TemporaryDirectory folder;
    const auto file = folder.path() / "evil";
    const Entry database{"linnet.db", "data"};
    make(file, {{"manifest.json", manifest({database})}, database});
    CHECK(refusal(file).empty());
    make(file, {{"manifest.json", manifest({database})}, database, database});
    CHECK(contains(refusal(file), "does not belong there"));
    make(file, {{"manifest.json", manifest({database})}});
    CHECK(contains(refusal(file), "linnet.db is missing"));
    make(file, {{"manifest.json", manifest({database})}, {"linnet.db", "datum"}});
    CHECK(contains(refusal(file), "has not the length"));
    make(file, {{"manifest.json", manifest({database})}, {"linnet.db", "Data"}});
    CHECK(contains(refusal(file), "its sum is another"));
    make(file, {{"manifest.json", manifest({database, database})}, database, database});
    CHECK(contains(refusal(file), "makes no sense"));
    make(file, {database, {"manifest.json", manifest({database})}});
    CHECK(contains(refusal(file), "does not belong there"));
    // A bomb: a thousandfold smaller than what comes out of it.
    make(file, {{"manifest.json", manifest({database})}, {"linnet.db", std::string(64 << 20, '\0')}});
    CHECK(fs::file_size(file) < 100'000);
    CHECK(contains(refusal(file), "has not the length"));
    const Entry key{"analyzer.key", std::string(5'000, 'k')};
    make(file, {{"manifest.json", manifest({key})}, key});
    CHECK(contains(refusal(file), "makes no sense"));
    make(file, {{"manifest.json", std::string(65'537, ' ')}});
    CHECK(contains(refusal(file), "is no file of"));
}

TEST_CASE("what promises more than the disk holds is refused before a byte is written") {
    const TemporaryDirectory folder;
    const auto file = folder.path() / "evil";
    HomeManifest huge{.version = "0.1.0", .made = noon, .files = {{"linnet.db", 16ULL << 30, sum_of("")}}};
    struct Space {
        std::uint64_t free;
    } space{fs::space(folder.path()).available};
    if (space.free > (16ULL << 30)) huge.files[0].bytes = 16ULL << 30;  // then its length is what is wrong
    make(file, {{"manifest.json", dump(to_json(huge))}, {"linnet.db", ""}});
    const TemporaryDirectory target;
    CHECK_THROWS_AS(read_home(file, target.path()), ArchiveError);
    huge.files[0].bytes = (16ULL << 30) + 1;
    make(file, {{"manifest.json", dump(to_json(huge))}, {"linnet.db", ""}});
    CHECK(contains(refusal(file), "makes no sense"));
}

TEST_CASE("what is no export at all, cut off or changed anywhere, is a sentence and nothing else") {
    const TemporaryDirectory folder;
    const auto file = folder.path() / "evil";
    write(file, "");
    CHECK_FALSE(refusal(file).empty());
    write(file, "hello");
    CHECK_FALSE(refusal(file).empty());
    CHECK(contains(refusal(folder.path() / "absent"), "cannot be read"));
    fs::create_symlink("absent", folder.path() / "link");
    CHECK_FALSE(refusal(folder.path() / "link").empty());

    const Entry database{"linnet.db", std::string(2'000, 'd')}, settings{"linnet.toml", "[analyzer]\n"};
    make(file, {{"manifest.json", manifest({database, settings})}, database, settings});
    const auto whole = content_of(file);
    for (std::size_t length = 0; length + 1 < whole.size(); length += 3) {
        CAPTURE(length);
        write(file, whole.substr(0, length));
        bool refused = false;
        try {
            check_home(file);
        } catch (const ArchiveError&) {
            refused = true;
        }
        // The trailer of gzip is behind the last byte of the last file.
        CHECK((refused || length + 16 >= whole.size()));
    }
    std::mt19937 random{11};
    for (int round = 0; round < 300; ++round) {
        auto changed = whole;
        changed[random() % changed.size()] = static_cast<char>(random());
        write(file, changed);
        try {
            const auto read = check_home(file);
            for (const auto& each : read.files) CHECK(longest_in_home(each.name) > 0);
        } catch (const ArchiveError&) {
        }
    }
}

TEST_CASE("a manifest is read strictly") {
    const auto good = Json::parse(manifest({{"linnet.db", "data"}}));
    CHECK(parse_home_manifest(good.dump()).files.size() == 1);
    const auto refuses = [&good](const std::function<void(Json&)>& change) {
        Json changed = good;
        change(changed);
        CHECK_THROWS_AS(parse_home_manifest(changed.dump()), ArchiveError);
    };
    refuses([](Json& json) { json.erase("linnet_export"); });
    refuses([](Json& json) { json["linnet_export"] = 2; });
    refuses([](Json& json) { json["version"] = 7; });
    refuses([](Json& json) { json["made"] = "noon"; });
    refuses([](Json& json) { json["files"] = "linnet.db"; });
    refuses([](Json& json) { json["files"][0]["bytes"] = -1; });
    refuses([](Json& json) { json["files"][0]["bytes"] = 1.5; });
    refuses([](Json& json) { json["files"][0]["bytes"] = (16ULL << 30) + 1; });
    refuses([](Json& json) { json["files"][0]["sha256"] = std::string(64, 'G'); });
    refuses([](Json& json) { json["files"][0]["name"] = "secrets/" + std::string(65, 'a'); });
    for (const std::string text : {"", "[]", "null", "{", "7", "{\"linnet_export\":1}"})
        CHECK_THROWS_AS(parse_home_manifest(text), ArchiveError);
    CHECK(longest_in_home("secrets/phone") > 0);
    CHECK(is_secret_in_home("secrets/phone"));
    CHECK_FALSE(is_secret_in_home("linnet.toml"));
}
