// One direction of a telnet connection as people saw it: commands, options and terminal control taken out.
//
// RFC 854 (IAC commands; erase character and erase line become the keys they stand for), RFC 855 (subnegotiation), and the
// control sequences of ECMA-48 (colours, cursor). A command that has not wholly arrived ends the text for now.
#pragma once

#include "wiped_text.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace linnet {

/// The first bytes of either side of a telnet negotiation: IAC and one of WILL, WONT, DO, DONT, SB.
bool starts_negotiation(std::string_view bytes);

class TelnetStream {
 public:
    /// rlogin has one command only: two bytes 0xFF, "ss", and the size of the window in eight (RFC 1282).
    enum class Dialect : std::uint8_t { telnet, rlogin };
    explicit TelnetStream(std::string_view raw, Dialect dialect = Dialect::telnet);

    [[nodiscard]] std::string_view text() const { return text_.view(); }
    [[nodiscard]] bool negotiates() const { return negotiates_; }
    /// Where in the raw bytes the text's character `index` is.
    [[nodiscard]] std::size_t raw_offset(std::size_t index) const { return offsets_[index]; }
    /// How much of the text comes from the first `raw_size` raw bytes.
    [[nodiscard]] std::size_t text_within(std::size_t raw_size) const;

 private:
    enum class State : std::uint8_t {
        data,
        command,
        option,
        subnegotiation,
        subnegotiation_command,
        escape,
        control,
        window
    };
    State step(char c, std::size_t offset);
    State command(char c, std::size_t offset);
    State begin_window();
    void keep(char c, std::size_t offset);

    WipedText text_;
    std::array<std::uint16_t, WipedText::capacity> offsets_;
    State state_ = State::data;
    Dialect dialect_;
    std::uint8_t window_bytes_ = 0;  ///< of a window command, that have come
    bool negotiates_ = false;
};

}  // namespace linnet
