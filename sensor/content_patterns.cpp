#include "content_patterns.hpp"

#include "ascii_text.hpp"
#include "wire/signature_list.hpp"

#include <algorithm>
#include <utility>

namespace linnet {
namespace {

constexpr std::array<std::string_view, 3> kind_names{"exploit", "loader", "bot"};
constexpr std::array<std::string_view, 7> place_names{"http-uri", "http-header",   "http-body", "telnet",
                                                      "stream",   "stream-answer", "datagram"};

template <class Enum, std::size_t Count>
Enum read_name(SignatureEntry& entry, const char* key, const std::array<std::string_view, Count>& names) {
    const auto found = std::find(names.begin(), names.end(), entry.text(key));
    if (found == names.end()) entry.refuse(key, "is none of those that exist");
    return static_cast<Enum>(found - names.begin());
}

bool is_stream(PatternPlace place) { return place == PatternPlace::stream || place == PatternPlace::stream_answer; }
bool is_http(PatternPlace place) { return place <= PatternPlace::http_body; }

std::vector<LiteralMatcher::Id> read_words(SignatureEntry& entry, const std::string& key, LiteralMatcher& words) {
    const std::size_t shortest = key == "any" ? 1 : ContentPattern::shortest_word;  // "`" beside a known path says it all
    std::vector<LiteralMatcher::Id> ids;
    for (const auto& word : entry.optional_texts(key)) {
        if (word.size() < shortest || word.size() > ContentPattern::longest_word)
            entry.refuse(key, "must have words of " + std::to_string(shortest) + " to 128 bytes");
        LiteralMatcher::Id id = 0;
        if (!words.add(word, id)) entry.refuse(key, "is too much: all words together are at most 24 KiB");
        ids.push_back(id);
    }
    return ids;
}

ContentPattern read_pattern(SignatureEntry& entry) {
    ContentPattern pattern{.number = entry.number(),
                           .kind = read_name<PatternKind>(entry, "kind", kind_names),
                           .place = read_name<PatternPlace>(entry, "where", place_names),
                           .method = entry.optional_text("method").value_or(""),
                           .starts = entry.optional_text("starts").value_or(""),
                           .port = entry.optional_port("port").value_or(0),
                           .label = entry.text("what"),
                           .all = {},
                           .any = {}};
    for (const char* key : {"family", "cve"})
        if (const auto more = entry.optional_text(key)) pattern.label += ", " + *more;
    (void)entry.text("origin");
    if (!pattern.method.empty() && !is_http(pattern.place)) entry.refuse("method", "is for HTTP alone");
    const bool is_datagram = pattern.place == PatternPlace::datagram;
    if (!pattern.starts.empty() && !is_stream(pattern.place) && !is_datagram)
        entry.refuse("starts", "is for streams and datagrams alone");
    if (is_datagram != (pattern.port != 0))
        entry.refuse("port", is_datagram ? "is missing: where the datagram is sent to" : "is for datagrams alone");
    if (is_stream(pattern.place) && pattern.starts.size() < ContentPattern::shortest_start)
        entry.refuse("starts", "must say how the stream begins, in at least 3 bytes");
    return pattern;
}

/// How much of one pattern has been found.
class Progress {
 public:
    explicit Progress(std::size_t words) : seen_(words) {}
    /// False where it was there before.
    bool add(LiteralMatcher::Id word) {
        const bool fresh = !seen_[word];
        seen_[word] = true;
        return fresh;
    }
    [[nodiscard]] bool complete(const ContentPattern& pattern) const {
        const auto is_seen = [this](LiteralMatcher::Id word) { return seen_[word]; };
        return std::all_of(pattern.all.begin(), pattern.all.end(), is_seen) &&
               (pattern.any.empty() || std::any_of(pattern.any.begin(), pattern.any.end(), is_seen));
    }

 private:
    std::vector<bool> seen_;
};

}  // namespace

ContentPatterns ContentPatterns::read(const std::filesystem::path& file) { return parse(read_text_file(file), file); }

ContentPatterns ContentPatterns::parse(std::string_view text, const std::filesystem::path& file) {
    ContentPatterns patterns;
    for (auto& entry : parse_signature_list(text, file, {.max_entries = max_patterns})) {
        ContentPattern pattern = read_pattern(entry);
        Place& place = patterns.places_[static_cast<std::size_t>(pattern.place)];
        pattern.all = read_words(entry, "contains", place.words);
        pattern.any = read_words(entry, "any", place.words);
        if (pattern.all.empty() && pattern.starts.empty()) entry.refuse("contains", "is missing");
        const auto start = read_words(entry, "starts", place.words);  // is complete where it has all been seen
        pattern.all.insert(pattern.all.end(), start.begin(), start.end());
        entry.finish();
        if (pattern.port != 0) patterns.datagram_ports_.set(pattern.port);
        place.patterns.push_back(std::move(pattern));
    }
    for (Place& place : patterns.places_) {
        std::sort(place.patterns.begin(), place.patterns.end(),
                  [](const auto& a, const auto& b) { return a.number < b.number; });
        place.words.build();
        place.patterns_of.resize(place.words.size());
        for (std::size_t i = 0; i < place.patterns.size(); ++i)
            for (const auto* list : {&place.patterns[i].all, &place.patterns[i].any})
                for (const auto word : *list) place.patterns_of[word].push_back(static_cast<std::uint16_t>(i));
    }
    return patterns;
}

template <class Fits>
const ContentPattern* ContentPatterns::first_in(const Place& place, std::string_view text, Fits fits) {
    const ContentPattern* found = nullptr;
    Progress progress{0};
    bool began = false;
    place.words.scan(text, [&](LiteralMatcher::Id word) {
        if (!std::exchange(began, true)) progress = Progress{place.words.size()};
        if (!progress.add(word)) return false;
        for (const auto number : place.patterns_of[word]) {
            const auto& pattern = place.patterns[number];
            if (!text.starts_with(pattern.starts) || !fits(pattern) || !progress.complete(pattern)) continue;
            found = &pattern;
            break;
        }
        return found != nullptr;
    });
    return found;
}

const ContentPattern* ContentPatterns::match(PatternPlace where, std::string_view text, std::string_view method) const {
    return first_in(places_[static_cast<std::size_t>(where)], text,
                    [&](const ContentPattern& pattern) { return pattern.method.empty() || pattern.method == method; });
}

const ContentPattern* ContentPatterns::match_datagram(Port port, std::string_view text) const {
    return first_in(places_[static_cast<std::size_t>(PatternPlace::datagram)], text,
                    [&](const ContentPattern& pattern) { return pattern.port == port.number; });
}

bool ContentPatterns::begins(PatternPlace where, std::string_view text) const {
    const auto& patterns = places_[static_cast<std::size_t>(where)].patterns;
    return std::any_of(patterns.begin(), patterns.end(),
                       [&](const ContentPattern& pattern) { return text.starts_with(pattern.starts); });
}

std::size_t ContentPatterns::size() const {
    std::size_t count = 0;
    for (const auto& place : places_) count += place.patterns.size();
    return count;
}

}  // namespace linnet
