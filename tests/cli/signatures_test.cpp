// `linnet signatures` as people run it, and that a change of the signatures never needs a compiler.
#include "capture_writer.hpp"
#include "cli/temporary_directory.hpp"
#include "shell.hpp"
#include "signature_folder.hpp"
#include "signer.hpp"

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <vector>

using namespace linnet;
namespace fs = std::filesystem;

namespace {

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

Ran check(const SignatureFolder& folder) { return run("linnet signatures check " + folder.path().string()); }

/// Of all programs that have ended, in seconds.
double processor_time() {
    rusage usage{};
    ::getrusage(RUSAGE_CHILDREN, &usage);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// The one fault that `check` names, without the folder.
std::string fault(const SignatureFolder& folder) {
    const auto begin = processor_time();
    const Ran ran = check(folder);
    CHECK(processor_time() - begin < 1);
    CHECK(ran.exit_code == 1);
    CHECK(ran.error.empty());
    const auto lines = lines_of(ran.out);
    REQUIRE(lines.size() == 1);
    REQUIRE(lines[0].starts_with(folder.path().string() + "/"));
    return lines[0].substr(folder.path().string().size() + 1);
}

/// What `linnet inspect` says of a capture with these signatures.
std::vector<nlohmann::json> alerts(const SignatureFolder& folder, const fs::path& capture) {
    const Ran ran = run("LINNET_SIGNATURES=" + folder.path().string() + " linnet inspect --json " + capture.string());
    CHECK(ran.exit_code == 0);
    CHECK(ran.error.empty());
    std::vector<nlohmann::json> found;
    for (const auto& line : lines_of(ran.out))
        if (auto record = nlohmann::json::parse(line); record.at("event_type") == "alert")
            found.push_back(std::move(record));
    return found;
}

std::size_t count(const std::vector<nlohmann::json>& alerts, const std::string& detector) {
    std::size_t number = 0;
    for (const auto& alert : alerts) number += alert.at("linnet").at("detector") == detector ? 1 : 0;
    return number;
}

/// A bundle of a folder, signed by a maker of its own, and a place to install it to.
struct Shelf {
    TemporaryDirectory folder;
    Signer maker;
    fs::path bundle = folder.path() / "set.bundle", key = folder.path() / "maker.pub", place = folder.path() / "installed";

    Shelf() { std::ofstream{key} << maker.key_file(); }

    void pack(std::uint64_t version, const std::string& expires = "2999-12-31") const {
        const SignatureFolder signatures;
        signatures.write("set.toml", "version = " + std::to_string(version) + "\nexpires = 2999-12-31\n");
        const Ran ran = run("linnet signatures bundle " + signatures.path().string() + " --output " + bundle.string());
        REQUIRE_MESSAGE(ran.exit_code == 0, ran.out, ran.error);
        auto bytes = content_of(bundle);
        bytes.replace(bytes.find("2999-12-31"), 10, expires);
        std::ofstream{bundle, std::ios::binary} << bytes;
        sign(maker);
    }
    void sign(const Signer& by) const {
        std::ofstream{bundle.string() + ".minisig"} << by.signature_file(content_of(bundle));
    }
    [[nodiscard]] Ran install() const {
        return run("linnet signatures install " + bundle.string() + " --key " + key.string() + " --to " + place.string());
    }
    /// The sentence with which installing is refused; nothing has changed then.
    [[nodiscard]] std::string refusal() const {
        const auto before = fs::exists(place) ? fs::read_symlink(place).string() : "";
        const Ran ran = install();
        CHECK(ran.exit_code == 1);
        CHECK(ran.out.empty());
        CHECK(lines_of(ran.error).size() == 1);
        CHECK((fs::exists(place) ? fs::read_symlink(place).string() : "") == before);
        return ran.error;
    }
};

}  // namespace

TEST_CASE("check: the signatures that come with Linnet are good, and no folder means those") {
    const SignatureFolder folder;
    const Ran ran = check(folder);
    CHECK(ran.exit_code == 0);
    CHECK(contains(ran.out, "version "));
    CHECK(contains(ran.out, " are good."));
    CHECK(run("linnet signatures check").exit_code == 0);
}

TEST_CASE("check: file, line and reason of a fault in every file, and all of them at once") {
    const SignatureFolder folder;
    SUBCASE("credentials.toml") {
        folder.change("credentials.toml", "{number = 2,", "{number = 1,");
        CHECK(fault(folder).starts_with("credentials.toml:"));
    }
    SUBCASE("alerts.toml: a placeholder that is none") {
        folder.change("alerts.toml", "\"{device}", "\"{devise}");
        CHECK(contains(fault(folder), "has a placeholder that does not exist: {devise}"));
    }
    SUBCASE("alerts.toml: a section that no detector uses") {
        folder.change("alerts.toml", "[mirai-scan]", "[mirai-scam]");
        CHECK(fault(folder).starts_with("alerts.toml:"));
    }
    SUBCASE("thresholds.toml: what no detector asks for") {
        folder.append("thresholds.toml", "[toaster]\nslices = 2\n");
        CHECK(contains(fault(folder), "toaster.slices is not known"));
    }
    SUBCASE("set.toml") {
        folder.write("set.toml", "version = 0\n");
        CHECK(fault(folder) == "set.toml:1: version must be a whole number from 1 to 999999999999");
        folder.write("set.toml", "version = 1\nexpires = \"2027-01-01\"\n");
        CHECK(fault(folder) == "set.toml:2: expires must be a date without quotes, such as 2027-06-30");
        folder.write("set.toml", "version = 1\nauthor = 1\n");
        CHECK(fault(folder) == "set.toml:2: author is not known");
    }
    SUBCASE("a file that nobody reads") {
        folder.write("credential.toml", "");
        CHECK(fault(folder) == "credential.toml:0: nobody reads a file of this name");
    }
    SUBCASE("a missing file") {
        fs::remove(folder / "thresholds.toml");
        CHECK(fault(folder) == "thresholds.toml:0: cannot be read: No such file or directory");
    }
    SUBCASE("all at once") {
        std::size_t files = 0;
        for (const auto& entry : fs::directory_iterator{folder.path()}) {
            folder.write(entry.path().filename(), "x = [\n");
            ++files;
        }
        const Ran ran = check(folder);
        CHECK(ran.exit_code == 1);
        CHECK(lines_of(ran.out).size() == files);
    }
    SUBCASE("no folder at all") {
        CHECK(run("linnet signatures check /nowhere").out == "/nowhere:0: is not a folder\n");
        CHECK(run("linnet signatures check /dev/null").exit_code == 1);
    }
}

TEST_CASE("check: whatever a file is, it is refused at once, and by the program that reads it") {
    const SignatureFolder folder;
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator{folder.path()}) names.push_back(entry.path().filename());
    for (const std::string& name : names) {
        CAPTURE(name);
        const auto file = folder / name;
        const auto good = content_of(file);
        const auto refused = [&](const std::string& reason) {
            const auto said = fault(folder);
            CHECK(said.starts_with(name + ":"));
            CHECK(contains(said, reason));
            const std::string options = " --check-config --signatures " + folder.path().string();
            const Ran ran = run("timeout 10 linnet-sensor" + options + "; a=$?; timeout 10 linnet-analyzer" + options +
                                "; exit $((a + $?))");
            CHECK((ran.exit_code == 78 || ran.exit_code == 2 * 78));  // a file may have two readers
            for (const auto& line : lines_of(ran.error)) CHECK(contains(line, reason));
            fs::remove_all(file);
        };
        fs::resize_file(file, std::uintmax_t{1} << 30);
        refused("is larger than 4 MiB");
        folder.write(name, good + '\xff');
        refused("is not UTF-8 text");
        folder.write(name, good + '\0');
        refused("has a NUL byte");
        fs::create_symlink(name, file);
        refused("Too many levels of symbolic links");
        fs::create_directory(file);
        fs::create_directory_symlink("..", file / "up");
        refused("Is a directory");
        REQUIRE(::mkfifo(file.c_str(), 0600) == 0);
        refused("is not a regular file");
        fs::create_symlink("/dev/zero", file);
        refused("is not a regular file");
        folder.write(name, "x = " + std::string(1'000'000, '['));
        refused("too many brackets inside each other");
        folder.write(name, "\xC3\xA4 = 1\n");
        refused("a letter that is not ASCII");
        folder.write(name, good);
    }
    CHECK(check(folder).exit_code == 0);
}

TEST_CASE("a default credential, a wording and a number are changed without a compiler") {
    const SignatureFolder folder;
    CaptureWriter writer;
    writer.ftp_login(at_home(5), 40'001, at_home(9), "anna", "tr0ub4dor");
    for (unsigned last = 1; last <= 2; ++last) writer.hallmark_syn(at_home(23), outside(last));
    const auto capture = folder.path().parent_path() / "home.pcap";
    writer.write(capture);
    const auto before = alerts(folder, capture);
    CHECK(count(before, "default-login") == 0);
    CHECK(count(before, "mirai-scan") == 0);

    folder.change("credentials.toml", "entry = [",
                  "entry = [\n{number = 65000, user = \"anna\", secret = \"tr0ub4dor\", origin = \"test\"},");
    CHECK(count(alerts(folder, capture), "default-login") == 1);

    folder.change("thresholds.toml", "hallmark_targets = 3", "hallmark_targets = 2");
    CHECK(count(alerts(folder, capture), "mirai-scan") == 1);

    folder.change("alerts.toml", "title = \"Mirai-style scanning\"", "title = \"Knocking everywhere\"");
    bool named = false;
    for (const auto& alert : alerts(folder, capture))
        named = named || alert.at("alert").at("signature") == "Knocking everywhere";
    CHECK(named);
}

TEST_CASE("a URI of an attack and an indicator of malware are added without a compiler") {
    const SignatureFolder folder;
    constexpr std::uint8_t syn = 0x02, ack = 0x10, push_ack = 0x18, fin_ack = 0x11;
    const std::string request = "GET /brand-new-hole?run=it HTTP/1.1\r\nHost: 203.0.113.7\r\n\r\n",
                      answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    const auto client_next = static_cast<std::uint32_t>(1001 + request.size()),
               server_next = static_cast<std::uint32_t>(5001 + answer.size());
    const Host device = at_home(5), server = outside(7);
    CaptureWriter writer;
    writer.tcp(device, 40'001, server, 80, syn, 1000, 0, "");
    writer.tcp(server, 80, device, 40'001, syn | ack, 5000, 1001, "");
    writer.tcp(device, 40'001, server, 80, ack, 1001, 5001, "");
    writer.tcp(device, 40'001, server, 80, push_ack, 1001, 5001, request);
    writer.tcp(server, 80, device, 40'001, push_ack, 5001, client_next, answer);
    writer.tcp(device, 40'001, server, 80, fin_ack, client_next, server_next, "");
    writer.tcp(server, 80, device, 40'001, fin_ack, server_next, client_next + 1, "");
    writer.tcp(device, 40'001, server, 80, ack, client_next + 1, server_next + 1, "");
    const auto capture = folder.path().parent_path() / "home.pcap";
    writer.write(capture);
    const auto before = alerts(folder, capture);
    CHECK(count(before, "exploit-attempt") == 0);
    CHECK(count(before, "c2-contact") == 0);

    folder.change("exploits.toml", "entry = [",
                  "entry = [\n{number = 65000, kind = \"exploit\", what = \"Test\", where = \"http-uri\", contains = "
                  "\"/brand-new-hole?run=\", origin = \"test\"},");
    CHECK(count(alerts(folder, capture), "exploit-attempt") == 1);
    folder.change("indicators.toml", "entry = [",
                  "entry = [\n{number = 65000, kind = \"address\", value = \"203.0.113.7\", family = \"Test\", origin = "
                  "\"test\"},");
    CHECK(count(alerts(folder, capture), "c2-contact") == 1);
}

TEST_CASE("install: a signed bundle is checked and put in its place; a newer one replaces it") {
    const Shelf shelf;
    shelf.pack(7);
    const Ran ran = shelf.install();
    CHECK(ran.exit_code == 0);
    CHECK(ran.error.empty());
    CHECK(contains(ran.out, "version 7, expires 2999-12-31"));
    CHECK(contains(run("linnet signatures check " + shelf.place.string()).out, "version 7, expires 2999-12-31"));
    CHECK(shelf.install().out == "Version 7 is installed already.\n");
    shelf.pack(8);
    CHECK(shelf.install().exit_code == 0);
    CHECK(contains(run("linnet signatures check " + shelf.place.string()).out, "version 8"));
    const SignatureFolder original;
    for (const std::string name : {"alerts.toml", "credentials.toml", "thresholds.toml"})
        CHECK(content_of(shelf.place / name) == content_of(original / name));
}

TEST_CASE("install: older, expired, unsigned, wrongly signed, too large, and what the check refuses") {
    const Shelf shelf;
    shelf.pack(7);
    REQUIRE(shelf.install().exit_code == 0);
    SUBCASE("older") {
        shelf.pack(6);
        CHECK(contains(shelf.refusal(), "Version 6 is older than version 7, which is installed."));
    }
    SUBCASE("expired") {
        shelf.pack(8, "2026-03-01");
        CHECK(contains(shelf.refusal(), "Version 8 expired on 2026-03-01."));
    }
    SUBCASE("unsigned") {
        shelf.pack(8);
        fs::remove(shelf.bundle.string() + ".minisig");
        CHECK(contains(shelf.refusal(), "is not signed: "));
    }
    SUBCASE("signed by somebody else") {
        shelf.pack(8);
        shelf.sign(Signer{});
        CHECK(contains(shelf.refusal(), "The signature was made with another key."));
    }
    SUBCASE("changed behind the signature") {
        shelf.pack(8);
        std::ofstream{shelf.bundle, std::ios::app} << "z.toml 0\n\n";
        CHECK(contains(shelf.refusal(), "The signature does not belong to these bytes."));
    }
    SUBCASE("too large") {
        fs::resize_file(shelf.bundle, std::uintmax_t{1} << 30);
        CHECK(contains(shelf.refusal(), "is larger than 16 MiB"));
    }
    SUBCASE("no key") {
        fs::remove(shelf.key);
        CHECK(contains(shelf.refusal(), "cannot be read: No such file or directory"));
    }
    SUBCASE("signed, and leads elsewhere") {
        std::ofstream{shelf.bundle} << "linnet signature bundle 1\n../evil.toml 1\nx\n";
        shelf.sign(shelf.maker);
        CHECK(contains(shelf.refusal(), "a file whose name is not allowed"));
    }
    SUBCASE("signed, without a version") {
        std::ofstream{shelf.bundle} << "linnet signature bundle 1\nalerts.toml 1\nx\n";
        shelf.sign(shelf.maker);
        CHECK(contains(shelf.refusal(), "set.toml is missing"));
    }
    SUBCASE("signed, with a fault in a file") {
        shelf.pack(8);
        auto bytes = content_of(shelf.bundle);
        bytes.replace(bytes.find("[mirai-scan]"), 12, "[mirai-scam]");
        std::ofstream{shelf.bundle, std::ios::binary} << bytes;
        shelf.sign(shelf.maker);
        CHECK(contains(shelf.refusal(), "The set is not one that this Linnet understands: alerts.toml:"));
    }
    CHECK(contains(run("linnet signatures check " + shelf.place.string()).out, "version 7"));
}

TEST_CASE("bundle: a set without expiry or with a fault is not packed") {
    const SignatureFolder folder;
    const auto bundle = [&] {
        return run("linnet signatures bundle " + folder.path().string() + " --output " + (folder / "out").string());
    };
    folder.write("set.toml", "version = 2\n");
    CHECK(contains(bundle().error, "no \"expires\""));
    folder.write("set.toml", "version = 2\nexpires = 2026-01-01\n");
    CHECK(contains(bundle().error, "Version 2 expired on 2026-01-01."));
    folder.write("set.toml", "version = 0\n");
    CHECK(contains(bundle().out, "set.toml:1: version must be"));
    CHECK(bundle().exit_code == 1);
    CHECK_FALSE(fs::exists(folder / "out"));
}

TEST_CASE("install: what the real minisign signed is accepted") {
    if (run("command -v minisign").exit_code != 0) {
        MESSAGE("minisign is not installed: nothing was tried");
        return;
    }
    const Shelf shelf;
    shelf.pack(9);
    const auto secret = (shelf.folder.path() / "secret").string(), real = (shelf.folder.path() / "real.pub").string();
    REQUIRE(run("minisign -G -W -p " + real + " -s " + secret).exit_code == 0);
    const Ran signed_now = run("minisign -S -H -s " + secret + " -m " + shelf.bundle.string() + " -t 'Set nine'");
    REQUIRE_MESSAGE(signed_now.exit_code == 0, signed_now.error);
    const Ran ran =
        run("linnet signatures install " + shelf.bundle.string() + " --key " + real + " --to " + shelf.place.string());
    CHECK_MESSAGE(ran.exit_code == 0, ran.error);
    CHECK(contains(ran.out, "(Set nine)"));
    // And what our maker signs, minisign accepts: the test's own signatures are of the real format.
    shelf.sign(shelf.maker);
    CHECK(run("minisign -V -p " + shelf.key.string() + " -m " + shelf.bundle.string()).exit_code == 0);
}
