// The slots of a spool (spool.hpp): files in a folder, or memory. Opened by the process that outlives the shipper, so that a
// shipper that is killed takes nothing with it; a folder on a disk outlives a reboot, too.
#pragma once

#include "spool.hpp"

#include <cstddef>
#include <filesystem>
#include <span>
#include <stdexcept>
#include <vector>

namespace linnet {

struct SpoolError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

class SpoolSlots {
 public:
    static constexpr std::size_t most = 512;     ///< slots, however many there are
    static constexpr std::size_t put_aside = 4;  ///< damaged files that are kept for whoever looks for the fault

    SpoolSlots() = default;
    /// Memory that looks like files.
    static SpoolSlots in_memory(const SpoolLimits& limits);
    /// Makes the folder (0700) where its parent exists, and files in it (0600). Waits up to 30 s for another sensor that
    /// is about to leave. A file that does not begin as a segment does is put aside as NAME.damaged.
    static SpoolSlots in_folder(const std::filesystem::path& folder, const SpoolLimits& limits);
    ~SpoolSlots();
    SpoolSlots(SpoolSlots&& other) noexcept;
    SpoolSlots& operator=(SpoolSlots&& other) noexcept;

    [[nodiscard]] std::span<const int> descriptors() const { return slots_; }
    [[nodiscard]] bool empty() const { return slots_.empty(); }

 private:
    std::vector<int> slots_;
    int lock_ = -1;
};

}  // namespace linnet
