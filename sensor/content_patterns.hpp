// What attacks, loaders and bots are known to say, from signatures/exploits.toml. Adding one never needs a compiler.
//
// A pattern is some words that must all be there (`contains`), of some others at least one (`any`), and perhaps the very
// beginning (`starts`); letters match in either case. Matching is one pass over the text (LiteralMatcher): no pattern can
// make it slow. Requests are compared after percent-decoding, so that an escaped letter hides nothing.
#pragma once

#include "literal_matcher.hpp"
#include "wire/event.hpp"

#include <array>
#include <bitset>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace linnet {

enum class PatternKind : std::uint8_t { exploit = 0, loader = 1, bot = 2 };
enum class PatternPlace : std::uint8_t {
    http_uri = 0,       ///< the target of a request, decoded
    http_header = 1,    ///< the fields of a request
    http_body = 2,      ///< its body, as it was sent and, for forms, decoded
    telnet = 3,         ///< what the client typed
    stream = 4,         ///< what the client of an unknown protocol says; needs `starts`
    stream_answer = 5,  ///< what its server says; needs `starts`
    datagram = 6,       ///< what is sent in one UDP packet to a port; needs `port`
};

/// What is told of a pattern that was found.
constexpr ObservationKind observation_kind(PatternKind kind) {
    switch (kind) {
        case PatternKind::exploit: return ObservationKind::exploit;
        case PatternKind::loader: return ObservationKind::loader_command;
        case PatternKind::bot: return ObservationKind::bot_command;
    }
    return ObservationKind::exploit;
}

struct ContentPattern {
    static constexpr std::size_t shortest_word = 2, longest_word = 128, shortest_start = 3;
    std::uint16_t number = 0;
    PatternKind kind = PatternKind::exploit;
    PatternPlace place = PatternPlace::http_uri;
    std::string method;      ///< of the request; empty = any
    std::string starts;      ///< exactly, in its case
    std::uint16_t port = 0;  ///< that a datagram is sent to
    std::string label;       ///< what it is, in a few words, with the family and the CVE
    std::vector<LiteralMatcher::Id> all, any;
};

class ContentPatterns {
 public:
    static constexpr std::size_t max_patterns = 2048;

    /// Throws SettingsError (file:line: reason).
    static ContentPatterns read(const std::filesystem::path& file);
    /// The same for a text that read_text_file() has read; `file` is for messages.
    static ContentPatterns parse(std::string_view text, const std::filesystem::path& file);

    /// The pattern that is complete first, reading from the beginning, and of those complete at the same byte the one with
    /// the lowest number: a longer text with the same beginning gives the same answer. nullptr where there is none.
    [[nodiscard]] const ContentPattern* match(PatternPlace place, std::string_view text, std::string_view method = {}) const;

    /// The same for a datagram.
    [[nodiscard]] const ContentPattern* match_datagram(Port port, std::string_view text) const;
    /// Is there a pattern for datagrams to this port? One look into a table.
    [[nodiscard]] bool expects_datagram(Port port) const { return datagram_ports_[port.number]; }

    /// Does a pattern of this place (stream or stream_answer) begin like this? Cheap.
    [[nodiscard]] bool begins(PatternPlace place, std::string_view text) const;

    [[nodiscard]] std::size_t size() const;

 private:
    struct Place {
        LiteralMatcher words;
        std::vector<ContentPattern> patterns;                 ///< by number
        std::vector<std::vector<std::uint16_t>> patterns_of;  ///< by word: in which patterns it is
    };
    template <class Fits>
    static const ContentPattern* first_in(const Place& place, std::string_view text, Fits fits);

    static constexpr std::size_t places = 7;
    std::array<Place, places> places_;
    std::bitset<65536> datagram_ports_;
};

}  // namespace linnet
