// The list of default passwords: what is on it, what is not, and that a mistake in the file is named with its line.
#include "sensor/default_credentials.hpp"
#include "wire/data_directory.hpp"
#include "wire/settings.hpp"

#include <doctest/doctest.h>

#include <unistd.h>
#include <filesystem>
#include <fstream>
#include <string>

using namespace linnet;

namespace {

/// A file that goes away with the test.
class ListFile {
 public:
    explicit ListFile(const std::string& text) { std::ofstream{path_} << text; }
    ~ListFile() { std::filesystem::remove(path_); }
    ListFile(const ListFile&) = delete;
    ListFile& operator=(const ListFile&) = delete;
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

    [[nodiscard]] std::string refusal() const {
        try {
            (void)DefaultCredentials::read(path_);
        } catch (const SettingsError& error) {
            const std::string what = error.what();
            return what.substr(path_.string().size());
        }
        return "accepted";
    }

 private:
    std::filesystem::path path_ =
        std::filesystem::temp_directory_path() / ("linnet-credentials-" + std::to_string(::getpid()));
};

const DefaultCredentials& the_list() {
    static const auto list = DefaultCredentials::read(signatures_directory() / "credentials.toml");
    return list;
}

}  // namespace

TEST_CASE("Mirai's list is there as its bytes say, not as the comments beside them") {
    CHECK(the_list().size() > 61);
    CHECK(the_list().match(Service::telnet, "root", "xc3511") == 1);
    CHECK(the_list().match(Service::telnet, "root", "") == 12);
    CHECK(the_list().match(Service::telnet, "Administrator", "meinsm") != 0);  // commented as "admin"
    CHECK(the_list().match(Service::telnet, "Administrator", "admin") == 0);
    CHECK(the_list().match(Service::telnet, "admin", "4321") != 0);  // commented as "1234"
    CHECK(the_list().match(Service::telnet, "mother", "fucker") == 61);
    CHECK(the_list().match(Service::http_basic, "admin", "admin") == 4);
}

TEST_CASE("an entry keeps its number: alerts of years ago mean the same") {
    CHECK(the_list().match(Service::telnet, "default", "OxhlwSG8") == 62);
    CHECK(the_list().match(Service::telnet, "zyfwp", "PrOw!aN_fXp") == 75);
    CHECK(the_list().match(Service::snmp, "", "cable-docsis") == 143);
    CHECK(the_list().match(Service::telnet, "root", "xmhdpic") == 144);
    CHECK(the_list().match(Service::snmp, "", "NoGaH$@!") == 241);
    CHECK(the_list().match(Service::postgresql, "postgres", "postgres") != 0);
    CHECK(the_list().match(Service::telnet, "postgres", "postgres") == 0);
}

TEST_CASE("the whole name and the whole password are compared, and case counts") {
    CHECK(the_list().match(Service::telnet, "root", "xc351") == 0);
    CHECK(the_list().match(Service::telnet, "root", "xc35111") == 0);
    CHECK(the_list().match(Service::telnet, "Root", "xc3511") == 0);
    CHECK(the_list().match(Service::telnet, "", "xc3511") == 0);
    CHECK(the_list().match(Service::telnet, "root", std::string_view{"xc3511\0", 7}) == 0);
    CHECK(DefaultCredentials{}.match(Service::telnet, "root", "xc3511") == 0);
}

TEST_CASE("entries for certain services count for those only") {
    CHECK(the_list().match(Service::snmp, "", "public") != 0);
    CHECK(the_list().match(Service::http_basic, "", "public") == 0);
    CHECK(the_list().match(Service::mqtt, "admin", "public") != 0);
    CHECK(the_list().match(Service::telnet, "admin", "public") == 0);
}

TEST_CASE("two entries for the same pair: the one whose service fits") {
    const ListFile file{
        "[[entry]]\nnumber = 7\nuser = \"a\"\nsecret = \"b\"\norigin = \"test\"\nservices = [\"ftp\"]\n"
        "[[entry]]\nnumber = 5\nuser = \"a\"\nsecret = \"b\"\norigin = \"test\"\nservices = [\"telnet\", \"http-basic\"]\n"};
    const auto list = DefaultCredentials::read(file.path());
    CHECK(list.size() == 2);
    CHECK(list.match(Service::ftp, "a", "b") == 7);
    CHECK(list.match(Service::http_basic, "a", "b") == 5);
    CHECK(list.match(Service::pop3, "a", "b") == 0);
}

TEST_CASE("a mistake in the file is refused with its line and a reason") {
    const std::string good = "[[entry]]\nnumber = 1\nuser = \"a\"\nsecret = \"b\"\norigin = \"test\"\n";
    CHECK(ListFile{good}.refusal() == "accepted");
    CHECK(ListFile{good + "colour = \"red\"\n"}.refusal() == ":6: unknown key \"colour\"");
    CHECK(ListFile{"colour = \"red\"\n" + good}.refusal() == ":1: unknown key \"colour\"");
    CHECK(ListFile{good + good}.refusal() == ":6: number 1 is taken");
    CHECK(ListFile{""}.refusal() == ":1: there is no [[entry]]");
    CHECK(ListFile{"entry = 3\n"}.refusal() == ":1: there is no [[entry]]");
    CHECK(ListFile{good + "services = [\"telnett\"]\n"}.refusal() == ":6: this is not the name of a service");
    CHECK(ListFile{good + "services = []\n"}.refusal() == ":6: \"services\" must be a list of names");
    CHECK(ListFile{good + "vendor = 3\n"}.refusal() == ":6: \"vendor\" must be text in quotes");
    CHECK(ListFile{"[[entry]]\nnumber = 1\nuser = \"a\"\norigin = \"test\"\n"}.refusal() == ":1: \"secret\" is missing");
    for (const auto* number : {"0", "65536", "-1", "1.0", "\"1\""}) {
        CAPTURE(number);
        const ListFile file{"[[entry]]\nnumber = " + std::string{number} +
                            "\nuser = \"a\"\nsecret = \"b\"\norigin = \"x\"\n"};
        CHECK(file.refusal() == ":2: \"number\" must be a whole number from 1 to 65535");
    }
    CHECK(ListFile{good + "vendor = \"unclosed\n"}.refusal().starts_with(":6: "));
    CHECK_THROWS_AS(DefaultCredentials::read("/nowhere/credentials.toml"), SettingsError);
}
