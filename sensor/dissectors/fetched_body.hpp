// What a body that came over the network is, by its first bytes: a program, a shell script, a system image, or something
// that is nobody's business here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace linnet {

enum class BodyKind : std::uint8_t { other, program, script, firmware };

struct FetchedBody {
    static constexpr std::size_t enough = 512;  ///< so many bytes decide

    std::string_view bytes;  ///< the beginning, as far as it has been seen
    bool complete = false;   ///< nothing more will be seen of it
    std::string_view name;   ///< path or file name, without query
    std::uint64_t size = 0;  ///< as announced; 0 = not known
};

/// Nothing while it can still become either. Once there is an answer, more bytes do not change it.
std::optional<BodyKind> kind_of(const FetchedBody& body);

/// ELF (System V gABI, chapter 4): an executable or a shared object for any machine. Needs 18 bytes.
bool is_program(std::string_view bytes);

/// The name of a system image: known endings, such as "sysupgrade.bin" or ".trx".
bool has_firmware_name(std::string_view name);

}  // namespace linnet
