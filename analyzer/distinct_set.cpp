#include "distinct_set.hpp"

#include <functional>

namespace linnet {
namespace {

std::size_t home_of(std::uint64_t number) { return static_cast<std::size_t>((number * 0x9e3779b97f4a7c15ULL) >> 32); }

}  // namespace

bool DistinctSet::insert(std::uint64_t number) {
    if (!slots_.empty() && slot_of(number) != 0) return false;
    if (used_ == limit) {
        forgotten_ += used_;
        used_ = 0;
        slots_.clear();
    }
    if ((used_ + 1) * 4 > slots_.size() * 3) grow();
    slot_of(number) = number;
    ++used_;
    return true;
}

bool DistinctSet::contains(std::uint64_t number) const {
    if (slots_.empty()) return false;
    const std::size_t mask = slots_.size() - 1;
    std::size_t slot = home_of(number) & mask;
    while (slots_[slot] != 0 && slots_[slot] != number) slot = (slot + 1) & mask;
    return slots_[slot] == number;
}

/// Where the number is, or the empty slot where it belongs.
std::uint64_t& DistinctSet::slot_of(std::uint64_t number) {
    const std::size_t mask = slots_.size() - 1;  // a power of two
    std::size_t slot = home_of(number) & mask;
    while (slots_[slot] != 0 && slots_[slot] != number) slot = (slot + 1) & mask;
    return slots_[slot];
}

void DistinctSet::grow() {
    const auto old = std::move(slots_);
    slots_.assign(old.empty() ? 8 : old.size() * 2, 0);
    for (const auto number : old)
        if (number != 0) slot_of(number) = number;
}

std::vector<std::uint64_t> DistinctSet::numbers() const {
    std::vector<std::uint64_t> numbers;
    for (const auto number : slots_)
        if (number != 0) numbers.push_back(number);
    return numbers;
}

DistinctSet DistinctSet::of(std::uint64_t forgotten, const std::vector<std::uint64_t>& numbers) {
    DistinctSet set;
    for (const auto number : numbers)
        if (number != 0) set.insert(number);
    set.forgotten_ = forgotten;
    return set;
}

std::uint64_t number_of(const IpAddress& ip) {
    if (ip.is_v4()) return 1ULL << 32 | ip.as_v4();
    const std::uint64_t hash = std::hash<IpAddress>{}(ip);
    return hash == 0 ? 1 : hash;
}

}  // namespace linnet
