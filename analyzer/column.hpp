// How event values are kept in the database's columns, both ways.
#pragma once

#include "sqlite.hpp"
#include "wire/event.hpp"

#include <algorithm>

namespace linnet::column {

/// 64 bits without sign are kept as the signed number with the same bits.
inline std::int64_t of(std::uint64_t number) { return static_cast<std::int64_t>(number); }
inline std::int64_t of(Timestamp time) { return time.time_since_epoch().count(); }
inline std::int64_t of(Port port) { return port.number; }
template <class Enum>
requires std::is_enum_v<Enum> std::int64_t of(Enum value) { return static_cast<std::int64_t>(value); }
/// The bytes themselves, which must live on: 4, 16 or none.
inline Blob of(const IpAddress& ip) {
    if (!ip.known()) return {};
    return ip.is_v4() ? Blob{ip.bytes}.last(4) : Blob{ip.bytes};
}
inline Blob of(const MacAddress& mac) { return mac.known() ? Blob{mac.bytes} : Blob{}; }

/// Reads the columns of a row one after the other.
class Reader {
 public:
    explicit Reader(const Statement& row) : row_{row} {}

    std::int64_t integer() { return row_.integer(next_++); }
    std::uint64_t number() { return static_cast<std::uint64_t>(integer()); }
    std::string text() { return std::string{row_.text(next_++)}; }
    Timestamp time() { return Timestamp{Duration{integer()}}; }
    template <class Enum>
    Enum value() {
        return static_cast<Enum>(integer());
    }
    Endpoint endpoint() {
        Endpoint end;
        end.ip = ip(row_.blob(next_++));
        end.port = Port{static_cast<std::uint16_t>(integer())};
        const auto mac = row_.blob(next_++);
        if (mac.size() == end.mac.bytes.size()) std::copy(mac.begin(), mac.end(), end.mac.bytes.begin());
        return end;
    }

 private:
    static IpAddress ip(Blob bytes) {
        IpAddress ip;
        if (bytes.size() == 4) ip = IpAddress::v4(0);
        if (bytes.size() == 4 || bytes.size() == 16)
            std::copy(bytes.begin(), bytes.end(), ip.bytes.end() - static_cast<std::ptrdiff_t>(bytes.size()));
        return ip;
    }

    const Statement& row_;
    int next_ = 0;
};

}  // namespace linnet::column
