#include "cli/signature_bundle.hpp"

#include "wire/text_file.hpp"

#include <doctest/doctest.h>

using namespace linnet;

namespace {

const std::string head = "linnet signature bundle 1\n";

std::string refusal(const std::string& bytes) {
    try {
        (void)unpack_bundle(bytes);
    } catch (const BundleError& error) {
        return error.what();
    }
    return "accepted";
}

}  // namespace

TEST_CASE("a bundle: what goes in comes out, in order") {
    const std::vector<BundledFile> files{{"b.toml", "two\n"}, {"a.toml", ""}, {"c-1_x.toml", "a.toml 3\n\n"}};
    const auto bytes = pack_bundle(files);
    CHECK(bytes == head + "a.toml 0\n\nb.toml 4\ntwo\n\nc-1_x.toml 10\na.toml 3\n\n\n");
    CHECK(unpack_bundle(bytes) == std::vector<BundledFile>{files[1], files[0], files[2]});
}

TEST_CASE("a bundle: every cut is noticed, but between two files, where its signature tells") {
    const auto bytes = pack_bundle({{"a.toml", "one"}, {"b.toml", "two"}});
    const auto second = bytes.find("b.toml");
    for (std::size_t length = 0; length < bytes.size(); ++length) {
        CAPTURE(length);
        CHECK((refusal(bytes.substr(0, length)) == "accepted") == (length == head.size() || length == second));
    }
}

TEST_CASE("a bundle: names cannot lead anywhere") {
    for (const std::string name : {"../a.toml", "/etc/a.toml", "a/b.toml", "..", ".toml", "a", "a.toml.", "A.toml",
                                   "a.b.toml", "\xC3\xA4.toml", "a\\.toml", "-", "", "a.TOML"}) {
        CAPTURE(name);
        CHECK(refusal(head + name + " 1\nx\n") == "The bundle has a file whose name is not allowed.");
    }
    CHECK(refusal(head + std::string(60, 'a') + ".toml 1\nx\n") == "The bundle has a file whose name is not allowed.");
    CHECK(refusal(head + std::string{"a\0.toml 1\nx\n", 12}) == "The bundle has a file whose name is not allowed.");
    CHECK_THROWS_AS(pack_bundle({{"../a.toml", ""}}), BundleError);
}

TEST_CASE("a bundle: lengths are plain numbers, files come once and in order") {
    const std::string damaged = "The bundle is damaged.";
    for (const std::string length : {"-1", "+1", "01", "1 ", " 1", "", "x", "0x1", "18446744073709551616", "2", "0"}) {
        CAPTURE(length);
        CHECK(refusal(head + "a.toml " + length + "\nx\n") == damaged);
    }
    CHECK(refusal(head + "a.toml 99999999\nx\n") == "The bundle has a file that is larger than 4 MiB.");
    CHECK(refusal(head + "a.toml 1\nx\na.toml 1\nx\n") == "The bundle has its files twice or out of order.");
    CHECK(refusal(head + "b.toml 1\nx\na.toml 1\nx\n") == "The bundle has its files twice or out of order.");
    CHECK(refusal("linnet signature bundle 2\n").starts_with("This is not a bundle"));
    CHECK(refusal("").starts_with("This is not a bundle"));
}

TEST_CASE("a bundle: limits") {
    CHECK_THROWS_WITH_AS(pack_bundle({{"a.toml", std::string(max_text_file + 1, ' ')}}),
                         "The bundle has a file that is larger than 4 MiB.", BundleError);
    std::vector<BundledFile> files;
    for (std::size_t i = 0; i <= max_bundled_files; ++i) files.push_back({std::to_string(i) + ".toml", ""});
    CHECK_THROWS_WITH_AS(pack_bundle(files), "The bundle has more than 64 files.", BundleError);
    std::string many = head;
    for (char a = 'a'; a <= 'z'; ++a)
        for (char b = 'a'; b <= 'c'; ++b) many += std::string{a, b} + ".toml 0\n\n";
    CHECK(refusal(many) == "The bundle has more than 64 files.");
    files.resize(5);
    for (auto& file : files) file.text = std::string(max_text_file, ' ');
    CHECK_THROWS_WITH_AS(pack_bundle(files), "The bundle is larger than 16 MiB.", BundleError);
    CHECK(refusal(head + std::string(max_bundle, ' ')) == "The bundle is larger than 16 MiB.");
}
