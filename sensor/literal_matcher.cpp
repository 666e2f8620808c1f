#include "literal_matcher.hpp"

#include "ascii_text.hpp"

#include <algorithm>

namespace linnet {

bool LiteralMatcher::add(std::string_view word, Id& id) {
    std::string lower{word};
    std::transform(lower.begin(), lower.end(), lower.begin(), ascii_lower);
    const auto known = std::find(words_.begin(), words_.end(), lower);
    id = static_cast<Id>(known - words_.begin());
    if (known != words_.end()) return true;
    if (bytes_ + lower.size() > max_bytes) return false;
    bytes_ += lower.size();
    words_.push_back(std::move(lower));
    return true;
}

LiteralMatcher::State LiteralMatcher::add_state() {
    next_.insert(next_.end(), classes_, 0);
    word_at_.push_back(none);
    shorter_.push_back(0);
    return static_cast<State>(word_at_.size() - 1);
}

void LiteralMatcher::build() {
    // 256 classes at most, since no word has an upper-case letter and class 0 stands for those.
    for (const auto& word : words_)
        for (const char c : word)
            if (auto& number = class_of_[static_cast<unsigned char>(c)]; number == 0)
                number = static_cast<std::uint8_t>(classes_++);
    for (char c = 'A'; c <= 'Z'; ++c)
        class_of_[static_cast<unsigned char>(c)] = class_of_[static_cast<unsigned char>(ascii_lower(c))];
    if (words_.empty()) return;
    next_.reserve((bytes_ + 1) * classes_);
    add_state();
    for (std::size_t id = 0; id < words_.size(); ++id) {
        State state = 0;
        for (const char c : words_[id]) {
            const std::size_t edge = state * classes_ + class_of_[static_cast<unsigned char>(c)];
            if (next_[edge] == 0) {
                const State fresh = add_state();
                next_[edge] = fresh;
            }
            state = next_[edge];
        }
        word_at_[state] = static_cast<Id>(id);
    }
    link_suffixes();
}

/// Breadth first: what a state's longest proper suffix does is known before the state itself is visited.
void LiteralMatcher::link_suffixes() {
    std::vector<State> suffix(word_at_.size(), 0), order;
    for (std::size_t c = 0; c < classes_; ++c)
        if (next_[c] != 0) order.push_back(next_[c]);
    for (std::size_t i = 0; i < order.size(); ++i) {
        const State state = order[i];
        const State back = suffix[state];
        shorter_[state] = word_at_[back] != none ? back : shorter_[back];
        for (std::size_t c = 0; c < classes_; ++c) {
            State& edge = next_[state * classes_ + c];
            const State fallback = next_[back * classes_ + c];
            if (edge == 0) {
                edge = fallback;
            } else {
                suffix[edge] = fallback;
                order.push_back(edge);
            }
        }
    }
}

}  // namespace linnet
