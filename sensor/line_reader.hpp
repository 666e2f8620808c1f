// Complete lines of a text protocol: what ends with LF, without the LF and the CR before it. What has not been ended yet is
// not a line, so more bytes never change the lines that were read before.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace linnet {

struct Line {
    std::string_view text;
    std::size_t begin = 0;  ///< offset of its first byte
    std::size_t end = 0;    ///< offset behind its LF
};

class LineReader {
 public:
    explicit LineReader(std::string_view bytes, std::size_t from = 0) : bytes_{bytes}, at_{from} {}

    std::optional<Line> next() {
        if (at_ > bytes_.size()) return std::nullopt;
        const auto newline = bytes_.find('\n', at_);
        if (newline == std::string_view::npos) return std::nullopt;
        Line line{bytes_.substr(at_, newline - at_), at_, newline + 1};
        if (line.text.ends_with('\r')) line.text.remove_suffix(1);
        at_ = line.end;
        return line;
    }
    [[nodiscard]] std::size_t offset() const { return at_; }  ///< of the next line
    void move_to(std::size_t offset) { at_ = offset; }

 private:
    std::string_view bytes_;
    std::size_t at_;
};

}  // namespace linnet
