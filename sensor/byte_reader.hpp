// The only way to read bytes from the network: sticky on failure. Read all you want, then ask ok() once.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace linnet {

class ByteReader {
 public:
    explicit ByteReader(std::span<const std::byte> bytes) : rest_{bytes} {}
    explicit ByteReader(std::string_view text) : rest_{std::as_bytes(std::span{text.data(), text.size()})} {}

    [[nodiscard]] bool ok() const { return ok_; }
    [[nodiscard]] std::size_t remaining() const { return rest_.size(); }
    [[nodiscard]] bool at_end() const { return rest_.empty(); }
    [[nodiscard]] std::span<const std::byte> rest() const { return rest_; }

    /// Big endian ("network order"); 0 where the bytes have run out.
    std::uint8_t u8() { return static_cast<std::uint8_t>(number<1>()); }
    std::uint16_t u16() { return static_cast<std::uint16_t>(number<2>()); }
    std::uint32_t u24() { return static_cast<std::uint32_t>(number<3>()); }
    std::uint32_t u32() { return static_cast<std::uint32_t>(number<4>()); }
    std::uint64_t u64() { return number<8>(); }
    /// Little endian.
    std::uint16_t u16_le() { return static_cast<std::uint16_t>(reversed(number<2>(), 2)); }
    std::uint32_t u24_le() { return static_cast<std::uint32_t>(reversed(number<3>(), 3)); }
    std::uint32_t u32_le() { return static_cast<std::uint32_t>(reversed(number<4>(), 4)); }

    /// The next `count` bytes; empty and failed where there are fewer.
    std::span<const std::byte> bytes(std::size_t count) {
        if (count > rest_.size()) {
            fail();
            return {};
        }
        const auto taken = rest_.first(count);
        rest_ = rest_.subspan(count);
        return taken;
    }
    /// The next `Count` bytes as a value, such as an address; all zero and failed where there are fewer.
    template <std::size_t Count>
    std::array<std::uint8_t, Count> array() {
        std::array<std::uint8_t, Count> taken{};
        if (const auto from = bytes(Count); from.size() == Count) std::memcpy(taken.data(), from.data(), Count);
        return taken;
    }
    /// Up to the next zero byte, which is taken too; failed where there is none.
    std::string_view text_to_zero() {
        const std::string_view seen{reinterpret_cast<const char*>(rest_.data()), rest_.size()};
        const auto zero = seen.find('\0');
        const auto taken = text(zero == std::string_view::npos ? rest_.size() + 1 : zero);
        skip(1);
        return taken;
    }
    std::string_view text(std::size_t count) {
        const auto taken = bytes(count);
        return {reinterpret_cast<const char*>(taken.data()), taken.size()};
    }
    void skip(std::size_t count) { bytes(count); }
    void fail() {
        ok_ = false;
        rest_ = {};
    }

 private:
    template <std::size_t Count>
    std::uint64_t number() {
        if (rest_.size() < Count) {
            fail();
            return 0;
        }
        std::uint64_t value = 0;
        for (std::size_t i = 0; i < Count; ++i) value = value << 8 | static_cast<std::uint8_t>(rest_[i]);
        rest_ = rest_.subspan(Count);
        return value;
    }

    static constexpr std::uint64_t reversed(std::uint64_t value, unsigned bytes) {
        std::uint64_t out = 0;
        for (; bytes > 0; --bytes, value >>= 8) out = out << 8 | (value & 0xFF);
        return out;
    }

    std::span<const std::byte> rest_;
    bool ok_ = true;
};

}  // namespace linnet
