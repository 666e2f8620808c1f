#include "fetched_body.hpp"

#include "sensor/ascii_text.hpp"
#include "sensor/byte_reader.hpp"

#include <algorithm>
#include <array>

namespace linnet {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t large = 256 * 1024;  ///< images are; pictures and pages rarely

bool contains_text(std::string_view text, std::string_view word) {
    const auto same = [](char a, char b) { return ascii_lower(a) == b; };
    return std::search(text.begin(), text.end(), word.begin(), word.end(), same) != text.end();
}

template <std::size_t Count>
bool contains_any(std::string_view text, const std::array<std::string_view, Count>& words) {
    return std::any_of(words.begin(), words.end(), [&](auto word) { return contains_text(text, word); });
}

bool is_text(std::string_view bytes) {
    return std::all_of(bytes.begin(), bytes.end(),
                       [](char c) { return static_cast<unsigned char>(c) >= ' ' || c == '\n' || c == '\r' || c == '\t'; });
}

/// A first line that names a shell; or, without one, text that fetches something and makes it executable.
bool is_script(std::string_view bytes) {
    const auto first_line = bytes.substr(0, bytes.find('\n'));
    if (first_line.starts_with("#!"))
        return contains_any(first_line, std::array{"/sh"sv, "/bash"sv, "/ash"sv, "/dash"sv, "busybox"sv, "env sh"sv});
    return is_text(bytes) && contains_any(bytes, std::array{"wget http"sv, "curl -o http"sv, "tftp "sv, "ftpget "sv}) &&
           contains_any(bytes, std::array{"chmod "sv, "; sh "sv, ";sh "sv, "/bin/sh"sv});
}

/// How images begin: U-Boot's legacy and device-tree (FIT) images, SquashFS in its byte orders, Broadcom's TRX, UBI and
/// UBIFS, cramfs, Android's boot, update and sparse images.
bool starts_like_image(std::string_view bytes) {
    constexpr std::array magics{"\x27\x05\x19\x56"sv,
                                "hsqs"sv,
                                "sqsh"sv,
                                "shsq"sv,
                                "qshs"sv,
                                "HDR0"sv,
                                "UBI#"sv,
                                "\x31\x18\x10\x06"sv,
                                "\x45\x3d\xcd\x28"sv,
                                "ANDROID!"sv,
                                "CrAU"sv,
                                "\x3a\xff\x26\xed"sv,
                                "\xd0\x0d\xfe\xed"sv,
                                "FIRMWARE"sv};
    return std::any_of(magics.begin(), magics.end(), [&](auto magic) { return bytes.starts_with(magic); });
}

/// A ZIP whose first files are those of Android's system updates.
bool is_android_update(std::string_view bytes) {
    return bytes.starts_with("PK\x03\x04") &&
           contains_any(bytes, std::array{"meta-inf/com/android/"sv, "meta-inf/com/google/android/"sv, "payload.bin"sv});
}

}  // namespace

bool is_program(std::string_view bytes) {
    ByteReader in{bytes};
    const bool magic = in.text(4) ==
                       "\x7f"
                       "ELF";
    const auto word_size = in.u8(), byte_order = in.u8(), version = in.u8();
    in.skip(9);
    const auto first = in.u8(), second = in.u8();
    const auto type = byte_order == 1 ? second << 8 | first : first << 8 | second;
    const bool known = (word_size == 1 || word_size == 2) && (byte_order == 1 || byte_order == 2) && version == 1;
    return in.ok() && magic && known && (type == 2 || type == 3);
}

bool has_firmware_name(std::string_view name) {
    constexpr std::array sure{".trx"sv, ".chk"sv, ".ubi"sv, ".dlf"sv, ".swu"sv,      ".fw"sv,
                              ".rfw"sv, ".ota"sv, ".w"sv,   ".itb"sv, ".squashfs"sv, ".sysupgrade"sv};
    constexpr std::array perhaps{".bin"sv, ".img"sv, ".rom"sv, ".hex"sv};
    constexpr std::array words{"firmware"sv, "fw"sv, "upgrade"sv, "update"sv, "ota"sv, "uimage"sv, "factory"sv, "rootfs"sv};
    const auto ends = [&](auto ending) { return ends_with_text(name, ending); };
    return std::any_of(sure.begin(), sure.end(), ends) ||
           (std::any_of(perhaps.begin(), perhaps.end(), ends) && contains_any(name, words));
}

std::optional<BodyKind> kind_of(const FetchedBody& body) {
    constexpr std::size_t longest_magic = 18;
    const auto bytes = body.bytes.substr(0, FetchedBody::enough);
    const bool decided = body.complete || bytes.size() == FetchedBody::enough;
    if (bytes.size() < longest_magic && !decided) return std::nullopt;
    if (is_program(bytes)) return BodyKind::program;
    if (starts_like_image(bytes)) return BodyKind::firmware;
    if (!decided) return std::nullopt;
    if (is_script(bytes)) return BodyKind::script;
    if (is_android_update(bytes)) return BodyKind::firmware;
    const bool image_by_name = body.size >= large && !is_text(bytes) && has_firmware_name(body.name);
    return image_by_name ? BodyKind::firmware : BodyKind::other;
}

}  // namespace linnet
