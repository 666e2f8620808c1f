// Counts different numbers: exactly up to a limit, then approximately in the same memory.
#pragma once

#include "wire/types.hpp"

#include <cstdint>
#include <vector>

namespace linnet {

/// At the limit the numbers are forgotten and the count goes on: what returns later is counted again, so from there on
/// the count is an estimate from above. Open addressing; at most 8 bytes for each of 2 * limit slots.
class DistinctSet {
 public:
    static constexpr std::size_t limit = 4096;

    /// True where the number was not there. Numbers are never 0.
    bool insert(std::uint64_t number);

    [[nodiscard]] bool contains(std::uint64_t number) const;

    [[nodiscard]] std::uint64_t count() const { return forgotten_ + used_; }
    [[nodiscard]] bool exact() const { return forgotten_ == 0; }
    [[nodiscard]] std::size_t slots() const { return slots_.size(); }  ///< a function of the numbers inside alone

    [[nodiscard]] std::uint64_t forgotten() const { return forgotten_; }
    [[nodiscard]] std::vector<std::uint64_t> numbers() const;
    static DistinctSet of(std::uint64_t forgotten, const std::vector<std::uint64_t>& numbers);

 private:
    std::uint64_t& slot_of(std::uint64_t number);
    void grow();

    std::vector<std::uint64_t> slots_;
    std::size_t used_ = 0;
    std::uint64_t forgotten_ = 0;
};

/// An address as a number that is never 0: IPv4 exactly, IPv6 by its hash.
std::uint64_t number_of(const IpAddress& ip);

}  // namespace linnet
