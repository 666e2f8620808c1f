// Memory that processes share over fork(). It belongs to nobody's heap, and what lies in it is an atomic number or bytes
// whose reader trusts none of them.
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <new>

namespace linnet {

/// `size` zero bytes. Pages that nobody touches cost nothing. Throws std::bad_alloc.
class SharedBytes {
 public:
    explicit SharedBytes(std::size_t size)
        : size_{size},
          at_{::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)} {
        if (at_ == MAP_FAILED) throw std::bad_alloc{};
    }
    ~SharedBytes() { ::munmap(at_, size_); }
    SharedBytes(const SharedBytes&) = delete;
    SharedBytes& operator=(const SharedBytes&) = delete;

    [[nodiscard]] std::byte* data() const { return static_cast<std::byte*>(at_); }
    [[nodiscard]] std::size_t size() const { return size_; }
    /// Gives the pages back; they read as zeros again.
    void clear() const { ::madvise(at_, size_, MADV_REMOVE); }

 private:
    std::size_t size_;
    void* at_;
};

/// One value of atomics, in shared memory.
template <class Value>
class Shared {
 public:
    Shared() : bytes_{sizeof(Value)}, value_{new (bytes_.data()) Value{}} {}
    Value* operator->() const { return value_; }

 private:
    SharedBytes bytes_;
    Value* value_;
};

}  // namespace linnet
