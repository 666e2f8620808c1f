#include "outlets/eve_stream.hpp"
#include "outlets/outlets.hpp"

#include "tests/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <fstream>

using namespace linnet;

TEST_CASE("eve outlets: what is wrong is said when the configuration is read") {
    const test::TemporaryFolder folder;
    const auto refuses = [&folder](const OutletType& type, const std::string& text, std::string secret = {}) {
        const auto file = folder.file("linnet.toml");
        std::ofstream{file, std::ios::trunc} << "[outlets]\n" << text << '\n';
        Settings settings{file, "outlets"};
        try {
            const auto stream =
                type.make_stream(settings, {.name = "eve", .secret = Secret{std::move(secret)}, .ca_file = {}});
            settings.finish();
            CHECK(stream->preview({}).ends_with("}\n"));
            CHECK(stream->preview(Json{{"a", "b\x1b[2J"}}) == "{\"a\":\"b\\u001b[2J\"}\n");
            return false;
        } catch (const SettingsError&) {
            return true;
        }
    };
    CHECK_FALSE(refuses(eve_socket_outlet, "socket = \"/run/reader/eve.sock\""));
    CHECK_FALSE(refuses(eve_socket_outlet, "socket = \"/" + std::string(106, 'x') + '"'));
    CHECK(refuses(eve_socket_outlet, "socket = \"/" + std::string(107, 'x') + '"'));
    CHECK(refuses(eve_socket_outlet, "socket = \"eve.sock\""));
    CHECK(refuses(eve_socket_outlet, ""));
    CHECK(refuses(eve_socket_outlet, "socket = \"/run/eve\"", "secret"));

    CHECK_FALSE(refuses(eve_file_outlet, ""));
    CHECK_FALSE(refuses(eve_file_outlet, "file = \"/srv/eve.json\"\nmax_megabytes = 1\nmax_hours = 1\nkeep = 0"));
    CHECK(refuses(eve_file_outlet, "file = \"eve.json\""));
    CHECK(refuses(eve_file_outlet, "max_megabytes = 0"));
    CHECK(refuses(eve_file_outlet, "keep = -1"));
    CHECK(refuses(eve_file_outlet, "severity = \"important\""));
    CHECK(refuses(eve_file_outlet, "", "secret"));
}
