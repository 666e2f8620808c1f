// Checks of dialogues with doctest.
#pragma once

#include "dialogue.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace linnet::test {

/// Cuts the dialogue at every byte.
inline void check_every_prefix(const StreamDissector& dissector, const Dialogue& dialogue) {
    const Notes whole = dialogue.read(dissector);
    for (std::size_t bytes = 0; bytes <= dialogue.size(); ++bytes) {
        CAPTURE(bytes);
        CHECK(is_beginning_of(dialogue.read(dissector, bytes, Dialogue::End::open), whole));
        (void)dialogue.read(dissector, bytes, Dialogue::End::closed);  // whatever it says, it reads no byte too many
    }
}

/// Reads the whole dialogue, having checked every prefix of it.
inline std::vector<Heard> logins_of(const StreamDissector& dissector, const Dialogue& dialogue) {
    check_every_prefix(dissector, dialogue);
    return dialogue.read(dissector).logins;
}

inline constexpr auto success = Outcome::success, failure = Outcome::failure, unknown = Outcome::unknown;

}  // namespace linnet::test

namespace doctest {
template <>
struct StringMaker<linnet::test::Heard> {
    static String convert(const linnet::test::Heard& heard) {
        return (std::string{linnet::to_string(heard.service)} + " " + heard.user + "/" + heard.secret + " " +
                std::string{linnet::to_string(heard.outcome)})
            .c_str();
    }
};
template <>
struct StringMaker<std::vector<linnet::test::Heard>> {
    static String convert(const std::vector<linnet::test::Heard>& all) {
        String text = "[";
        for (const auto& heard : all) text += StringMaker<linnet::test::Heard>::convert(heard) + "; ";
        return text + "]";
    }
};
}  // namespace doctest
