// Whatever the name of a file leads to: its text, or one sentence, at once.
#include "wire/text_file.hpp"

#include "wire/settings.hpp"
#include "wire/toml_text.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <ctime>
#include <filesystem>
#include <fstream>
#include <functional>

using namespace linnet;
namespace fs = std::filesystem;

namespace {

class Folder {
 public:
    Folder() { fs::create_directory(path_); }
    ~Folder() { fs::remove_all(path_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    [[nodiscard]] fs::path file(const std::string& name, const std::string& bytes) const {
        std::ofstream{path_ / name, std::ios::binary} << bytes;
        return path_ / name;
    }
    [[nodiscard]] fs::path operator/(const std::string& name) const { return path_ / name; }

 private:
    fs::path path_ = fs::temp_directory_path() / ("linnet-text-file-test-" + std::to_string(::getpid()));
};

#ifdef LINNET_SANITIZED
constexpr std::clock_t most_seconds = 10;
#else
constexpr std::clock_t most_seconds = 1;
#endif

/// What reading says behind the file's name; it must take less than a second of processor time.
std::string refusal(const fs::path& file, const std::function<void()>& read) {
    const auto begin = std::clock();
    std::string reason = "accepted";
    try {
        read();
    } catch (const SettingsError& error) {
        reason = error.what();
        CHECK(reason.starts_with(file.string()));
        CHECK(reason.find('\n') == std::string::npos);
        reason = reason.substr(file.string().size());
        CHECK(reason.size() < 400);
    }
    CHECK(std::clock() - begin < most_seconds * CLOCKS_PER_SEC);
    return reason;
}

std::string text_refusal(const fs::path& file) {
    return refusal(file, [&] { (void)read_text_file(file); });
}

std::string toml_refusal(const std::string& text) {
    return refusal("x.toml", [&] { (void)parse_toml(text, "x.toml"); });
}

std::string repeated(const std::string& text, std::size_t bytes) {
    std::string whole;
    while (whole.size() < bytes) whole += text;
    return whole;
}

/// `make` of 0, 1, 2, … until there is so much.
std::string numbered(std::size_t bytes, const std::function<std::string(const std::string&)>& make) {
    std::string whole;
    for (std::size_t i = 0; whole.size() < bytes; ++i) whole += make(std::to_string(i));
    return whole;
}

}  // namespace

TEST_CASE("text is read as it is, through links too") {
    const Folder folder;
    const auto file = folder.file("a", "one\ntwo \xE2\x80\x94 three\n");
    fs::create_symlink("a", folder / "b");
    CHECK(read_text_file(file) == "one\ntwo \xE2\x80\x94 three\n");
    CHECK(read_text_file(folder / "b") == read_text_file(file));
    CHECK(read_text_file(folder.file("empty", "")).empty());
    CHECK(read_regular_file(folder.file("bytes", std::string{"\0\xff", 2}), 2) == std::string{"\0\xff", 2});
    CHECK(!read_text_file("/proc/self/status").empty());  // says that it has no bytes, and has some
}

TEST_CASE("what is no file of text is refused at once") {
    const Folder folder;
    CHECK(text_refusal(folder / "absent") == ":0: cannot be read: No such file or directory");
    CHECK(text_refusal(folder / "") == ":0: cannot be read: Is a directory");
    REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);
    CHECK(text_refusal(folder / "pipe") == ":0: is not a regular file");
    CHECK(text_refusal("/dev/zero") == ":0: is not a regular file");
    CHECK(text_refusal("/dev/tty") == ":0: is not a regular file");
    fs::create_symlink("loop", folder / "loop");
    CHECK(text_refusal(folder / "loop") == ":0: cannot be read: Too many levels of symbolic links");
    fs::create_symlink("pipe", folder / "to-pipe");
    CHECK(text_refusal(folder / "to-pipe") == ":0: is not a regular file");
}

TEST_CASE("size: the limit is the last that is read") {
    const Folder folder;
    CHECK(read_text_file(folder.file("full", std::string(max_text_file, ' '))).size() == max_text_file);
    CHECK(text_refusal(folder.file("more", std::string(max_text_file + 1, ' '))) == ":0: is larger than 4 MiB");
    const auto huge = folder.file("huge", "");
    fs::resize_file(huge, std::uintmax_t{1} << 30);
    CHECK(text_refusal(huge) == ":0: is larger than 4 MiB");
}

TEST_CASE("binary bytes are refused with the line they are in") {
    const Folder folder;
    CHECK(text_refusal(folder.file("a", "one\ntwo\xff\n")) == ":2: is not UTF-8 text");
    CHECK(text_refusal(folder.file("b", std::string{"one\n\n\0", 6})) == ":3: has a NUL byte, so it is no text");
    CHECK(text_refusal(folder.file("c", "\xED\xA0\x80")) == ":1: is not UTF-8 text");  // half of a surrogate pair
}

TEST_CASE("TOML: letters beyond ASCII stand in texts and comments only") {
    CHECK(toml_refusal("a = \"\xC3\xA4\" # \xC3\xA4\nb = '\xC3\xA4'\n\"\xC3\xA4\" = '''\n\xC3\xA4'''\n") == "accepted");
    const std::string reason = "a letter that is not ASCII stands outside of quotation marks";
    CHECK(toml_refusal("a = 1\n\xC3\xA4 = 2\n") == ":2: " + reason);
    CHECK(toml_refusal("a = 1\xE2\x80\xA8") == ":1: " + reason);
    // A text that ends where it must not: the rest is outside of it.
    CHECK(toml_refusal("a = \"b\n\xC3\xA4 = 2\n") == ":2: " + reason);
    // As many quotation marks as a text of several lines can end with.
    CHECK(toml_refusal("a = \"\"\"\xC3\xA4\"\"\"\"\"\nb = 1\n") == "accepted");
    CHECK(toml_refusal("a = \"\"\"b\"\"\"\"\n\xC3\xA4 = 1") == ":2: " + reason);
    CHECK(toml_refusal("a = '''b\\'''\n\xC3\xA4 = 1") == ":2: " + reason);
    CHECK(toml_refusal("a = \"b\\\\\"\xC3\xA4") == ":1: " + reason);
    // What looks like a text, and is a number to the library.
    CHECK(toml_refusal("a = [0.\"\"\"\xC3\xA4\"027]") == ":1: a letter that is not ASCII stands behind a dot");
    CHECK(toml_refusal("a = [0\"\xC3\xA4\"]") == ":1: a quotation mark stands in the middle of a word");
    CHECK(toml_refusal("a = \"\\\xC3\xA4\"") == ":1: a letter that is not ASCII stands behind a backslash");
    CHECK(toml_refusal("a = \"\"\"b \\\n  \xC3\xA4\"\"\"") == ":2: a letter that is not ASCII stands behind a backslash");
    CHECK(toml_refusal("a = \"\"\"b \\\n  c\xC3\xA4\\n\"\"\"") == "accepted");
    CHECK(toml_refusal("a = 1b=\"\xC3\xA4\"") == ":1: an equals sign stands where none can be");
    CHECK(toml_refusal("a = [1, 1b=\"\xC3\xA4\"]") == ":1: an equals sign stands where none can be");
    CHECK(toml_refusal("a = 1{b=\"\xC3\xA4\"") == ":1: a bracket stands in the middle of a word");
    CHECK(toml_refusal("a = [[1, 2], [{b = 1, c = [{d = 2}]}, {b = [\n3]}]]\n[e]\nf = {}\n[[ g . h ]]\n") == "accepted");
    CHECK(toml_refusal("a.\"b c\".'d' = {\"e\"=\"\xC3\xA4\",'f'=[\"g\",\n'h']}\n") == "accepted");
}

TEST_CASE("TOML: a byte order mark, and what an assertion of the library would end the program for") {
    CHECK(toml_refusal("\xEF\xBB\xBF"
                       "a = 1\n") == "accepted");
    CHECK(toml_refusal("[[[").starts_with(":"));
    CHECK(toml_refusal("[[]]").starts_with(":"));
}

TEST_CASE("TOML: what would take long or deep is refused in a sentence, the greatest that is not is read in time") {
    CHECK(toml_refusal(std::string(max_text_file, '[')).starts_with(":1: "));
    CHECK(toml_refusal("a = " + std::string(33, '[') + std::string(33, ']')) == ":1: too many brackets inside each other");
    CHECK(toml_refusal("a = " + std::string(32, '[') + std::string(32, ']')) == "accepted");
    CHECK(toml_refusal("a = " + repeated("{a=", max_text_file)) == ":1: too many brackets inside each other");
    CHECK(toml_refusal(repeated("a.", max_text_file) + "a = 1") == ":1: a name has too many parts");
    CHECK(toml_refusal("[" + repeated("a.", max_text_file) + "a]") == ":1: a name has too many parts");
    CHECK(toml_refusal("[a]\nb.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q = 1.5\n") == "accepted");
    CHECK(toml_refusal("a = [" + repeated("1.5, ", 100'000) + "]") == "accepted");  // dots in numbers are not names
    CHECK(toml_refusal("a = [" + repeated("1,", max_text_file) + "]") == ":1: too many values");
    CHECK(toml_refusal(repeated("[a]\n", max_text_file)) != "accepted");
    const auto many = [](auto make) { return toml_refusal(numbered(max_text_file - 64, make)); };
    CHECK(many([](auto i) { return "a" + i + " = 1\n"; }).ends_with(": too many values"));
    CHECK(many([](auto i) { return "a.b" + i + ".c = 1\n"; }).ends_with(": too many names with dots"));
    CHECK(many([](auto i) { return "[a.b" + i + ".c]\n"; }).ends_with(": too many names with dots"));
    CHECK(many([](auto i) { return "[[a" + i + "]]\n"; }).ends_with(": too many sections"));
    CHECK(toml_refusal(numbered(2'000'000, [](auto i) { return "a" + i + " = 1\n"; })) == "accepted");
    CHECK(toml_refusal("a = [" + repeated("\"malware.example\",\n", max_text_file - 64) + "]") == "accepted");
}

TEST_CASE("TOML: a sentence stays one, however long and strange the names in it are") {
    CHECK(toml_refusal("\"a\\u001b[2J\\n\" = 1\n\"a\\u001b[2J\\n\" = 2\n").find('\x1b') == std::string::npos);
    const std::string name(100'000, 'a');
    CHECK(toml_refusal(name + " = 1\n" + name + " = 2\n").starts_with(":2: "));
}
