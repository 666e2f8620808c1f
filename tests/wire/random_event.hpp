// Any event within the limits of wire/event_limits.hpp, from a seed.
#pragma once

#include "wire/event.hpp"
#include "wire/event_fields.hpp"
#include "wire/event_limits.hpp"

#include <random>

namespace linnet::test {

class RandomEvents {
 public:
    explicit RandomEvents(std::uint64_t seed) : random_{seed} {}

    Event next() {
        Event event = of_kind(below(std::variant_size_v<Event>));
        std::visit([this](auto& e) { for_each_field(e, [this](std::string_view, auto& value) { this->fill(value); }); },
                   event);
        return event;
    }

 private:
    template <std::size_t Index = 0>
    static Event of_kind(std::size_t index) {
        if constexpr (Index + 1 < std::variant_size_v<Event>)
            if (index != Index) return of_kind<Index + 1>(index);
        return Event{std::in_place_index<Index>};
    }

    std::uint64_t below(std::uint64_t limit) { return std::uniform_int_distribution<std::uint64_t>{0, limit - 1}(random_); }

    void fill(bool& value) { value = below(2) == 1; }
    template <class Number>
    requires std::is_unsigned_v<Number>
    void fill(Number& value) { value = static_cast<Number>(random_() >> below(64)); }
    void fill(Port& value) { fill(value.number); }
    void fill(Timestamp& value) {
        value = earliest_time + Duration{below(static_cast<std::uint64_t>((latest_time - earliest_time).count()) + 1)};
    }
    void fill(MacAddress& value) {
        if (below(4) != 0)
            for (auto& byte : value.bytes) fill(byte);
    }
    void fill(IpAddress& value) {
        if (below(2) != 0)
            value = IpAddress::v4(static_cast<std::uint32_t>(random_()));
        else if (below(4) != 0)
            for (auto& byte : value.bytes) fill(byte);
    }
    void fill(Endpoint& value) {
        fill(value.ip);
        fill(value.port);
        fill(value.mac);
    }
    template <class Enum>
    requires std::is_enum_v<Enum>
    void fill(Enum& value) { value = static_cast<Enum>(below(static_cast<std::uint64_t>(last_value<Enum>) + 1)); }
    /// One, two, three and four bytes long in UTF-8, and what JSON must escape.
    void fill(std::string& value) {
        static constexpr std::string_view characters[]{"a", "Z", "\"", "\\", "\n", "\x01", "\x7f", "/", "é", "€", "😀", " "};
        const auto size = below(6) == 0 ? max_text : below(20);
        while (value.size() + 4 <= size) value += characters[below(std::size(characters))];
    }
    void fill(ProbeAttempt& value) {
        for_each_field(value, [this](std::string_view, auto& field) { this->fill(field); });
    }
    void fill(Der& value) {
        value.bytes.resize(below(Certificate::max_bytes / Certificate::max_chain + 1));
        for (char& byte : value.bytes) byte = static_cast<char>(random_());
    }
    template <class Value>
    static constexpr std::size_t most = Probe::max_attempts;
    template <class Value>
    void fill(std::vector<Value>& value) {
        value.resize(below(most<Value> + 1));
        for (auto& item : value) fill(item);
    }

    std::mt19937_64 random_;
};

template <>
inline constexpr std::size_t RandomEvents::most<IpAddress> = NameBinding::max_addresses;
template <>
inline constexpr std::size_t RandomEvents::most<Der> = Certificate::max_chain;

}  // namespace linnet::test
