// Finds which of many words occur in a text, all in one pass: Aho and Corasick, "Efficient string matching", CACM 18(6),
// 1975. ASCII case makes no difference. A text costs one table look-up for each byte, whatever the words are.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace linnet {

class LiteralMatcher {
 public:
    using Id = std::uint16_t;
    static constexpr std::size_t max_bytes = 24 * 1024;  ///< of all words together; the table has at most 256 * 2 B for each

    /// The number of this word: 0, 1, 2, … in order of first addition. False where that would be more than max_bytes.
    bool add(std::string_view word, Id& id);
    /// Call once, behind the last add() and before the first scan().
    void build();

    [[nodiscard]] std::size_t size() const { return words_.size(); }

    /// Calls `found(id)` for each place where a word ends, in order of place, until it returns true.
    template <class Found>
    void scan(std::string_view text, Found found) const {
        if (next_.empty()) return;
        State state = 0;
        for (const char c : text) {
            state = next_[state * classes_ + class_of_[static_cast<unsigned char>(c)]];
            for (State at = state; at != 0; at = shorter_[at])
                if (word_at_[at] != none && found(word_at_[at])) return;
        }
    }

 private:
    using State = std::uint16_t;
    static constexpr Id none = 0xffff;

    State add_state();
    void link_suffixes();

    std::vector<std::string> words_;  ///< in lower case
    std::size_t bytes_ = 0;
    std::array<std::uint8_t, 256> class_of_{};  ///< bytes that no word has are all 0
    std::size_t classes_ = 1;
    std::vector<State> next_;     ///< [state * classes_ + class]
    std::vector<Id> word_at_;     ///< the word that ends in this state
    std::vector<State> shorter_;  ///< the longest proper suffix in which a word ends; 0 = none
};

}  // namespace linnet
