// The key of an installation: made once, for one user, and never taken from a file that others can read.
#include "wire/keys.hpp"

#include "tests/temporary_folder.hpp"
#include "wire/link.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <thread>
#include <vector>

using namespace linnet;
using linnet::test::TemporaryFolder;

namespace {

std::string refusal(const std::filesystem::path& file) {
    try {
        (void)own_keys(file);
    } catch (const KeyError& error) {
        return error.what();
    }
    return "";
}

void write(const std::filesystem::path& file, const std::string& text, mode_t mode) {
    std::ofstream{file} << text;
    ::chmod(file.c_str(), mode);
}

}  // namespace

TEST_CASE("the first start makes a key that this user alone may read; later ones find it") {
    const TemporaryFolder folder;
    const auto file = folder.file("key");
    const KeyPair made = own_keys(file);
    CHECK(is_public_key(made.public_key));
    struct stat status {};
    REQUIRE(::stat(file.c_str(), &status) == 0);
    CHECK((status.st_mode & 0777U) == 0600U);
    const KeyPair found = own_keys(file);
    CHECK(found.public_key == made.public_key);
    CHECK(found.secret_key == made.secret_key);
}

TEST_CASE("no two installations have the same key") {
    std::set<std::string> keys;
    for (int i = 0; i < 50; ++i) keys.insert(KeyPair::make().public_key);
    CHECK(keys.size() == 50);
}

TEST_CASE("of programs that start at the same time all have the key that stays") {
    const TemporaryFolder folder;
    const auto file = folder.file("key");
    std::vector<KeyPair> found(8);
    std::vector<std::thread> programs;
    for (auto& pair : found) programs.emplace_back([&] { pair = own_keys(file); });
    for (auto& program : programs) program.join();
    for (const auto& pair : found) CHECK(pair.public_key == own_keys(file).public_key);
}

TEST_CASE("the public key follows from the secret one: the pair that ZeroMQ documents (zmq_curve)") {
    const auto pair = KeyPair::from_secret("JTKVSB%%)wK0E.X)V>+}o?pNmC{O&4W4b!Ni{Lh6");
    REQUIRE(pair);
    CHECK(pair->public_key == "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7");
}

TEST_CASE("a key that others may read, or that is none, is refused with a sentence, and the file stays") {
    const TemporaryFolder folder;
    const auto file = folder.file("key");
    const std::string secret = KeyPair::make().secret_key;
    write(file, secret, 0644);
    CHECK(refusal(file).find("can be read by other users") != std::string::npos);
    for (const std::string& text : {std::string{}, secret.substr(1), secret + "x", std::string(40, '"')}) {
        write(file, text, 0600);
        CHECK(refusal(file).find("Delete it") != std::string::npos);
        CHECK(std::filesystem::file_size(file) == text.size());
    }
    CHECK(refusal(folder.file("none/key")).find("cannot be written") != std::string::npos);
}

TEST_CASE("what pairing leaves is read again; anything else is refused") {
    const TemporaryFolder folder;
    const auto file = folder.file(paired_file_name);
    const std::string key = KeyPair::make().public_key;
    write_paired(file, {key, "tcp://192.0.2.1:5391"});
    struct stat status {};
    REQUIRE(::stat(file.c_str(), &status) == 0);
    CHECK((status.st_mode & 0777U) == 0600U);
    CHECK(read_paired(file).key == key);
    CHECK(read_paired(file).endpoint == "tcp://192.0.2.1:5391");
    write_paired(file, {key, ""});
    CHECK(read_paired(file).endpoint.empty());
    for (const std::string& text : {std::string{}, key.substr(1), key + "x", key + " a b", key + "\n" + key, "\xff" + key}) {
        write(file, text, 0600);
        CHECK_THROWS_AS(read_paired(file), KeyError);
    }
    CHECK_THROWS_AS(read_paired(folder.file("none")), KeyError);
}

TEST_CASE("a program's own name for itself is a name") { CHECK(link::is_sensor_name(default_name("sensor"))); }

TEST_CASE("what leaves the machine") {
    CHECK(leaves_machine("tcp://192.0.2.1:5390"));
    CHECK_FALSE(leaves_machine("ipc:///run/linnet/events"));
    CHECK_FALSE(leaves_machine("inproc://test"));
}
