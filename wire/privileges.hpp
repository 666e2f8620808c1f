// What our daemons give up once they have what only root can give: the rights of the user who started them. None of it can
// be taken back (capabilities(7), prctl(2)).
#pragma once

#include <cstdint>
#include <filesystem>

namespace linnet {

/// Gives up all capabilities of this process, for ever, but CAP_DAC_OVERRIDE where `keep` says so. False where that failed.
enum class KeepFileAccess : std::uint8_t { no, yes };
bool drop_capabilities(KeepFileAccess keep);

/// No program that this one starts has more rights than this one.
bool refuse_new_privileges();

/// No core file, no debugger: passwords and keys pass through this process's memory.
void keep_memory_private();

/// Started as root, where the folder belongs to somebody else: from now on this process is that user, with their groups.
/// Elsewhere nothing. False where root's rights could not be given up.
bool become_owner_of(const std::filesystem::path& folder);

}  // namespace linnet
