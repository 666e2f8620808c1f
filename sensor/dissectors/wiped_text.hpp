// Room for what may be a password while it is looked at: fixed, on the stack, wiped when it goes.
#pragma once

#include <string.h>  // explicit_bzero

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace linnet {

/// At most Conversation::head_size bytes; what is more is dropped.
class WipedText {
 public:
    static constexpr std::size_t capacity = 4096;

    WipedText() {}  // NOLINT(cppcoreguidelines-pro-type-member-init): only what was written is ever read
    ~WipedText() { explicit_bzero(bytes_.data(), used_); }
    WipedText(const WipedText&) = delete;
    WipedText& operator=(const WipedText&) = delete;

    void push_back(char c) {
        if (size_ == capacity) return;
        bytes_[size_++] = c;
        used_ = std::max(used_, size_);
    }
    void pop_back() { size_ -= size_ > 0 ? 1 : 0; }
    void clear() { size_ = 0; }
    void assign(std::string_view text) {
        clear();
        for (const char c : text) push_back(c);
    }
    [[nodiscard]] std::string_view view() const { return {bytes_.data(), size_}; }
    [[nodiscard]] std::size_t size() const { return size_; }

 private:
    std::array<char, capacity> bytes_;
    std::size_t size_ = 0;
    std::size_t used_ = 0;
};

}  // namespace linnet
