#include "telnet_stream.hpp"

#include <algorithm>

namespace linnet {
namespace {

constexpr char se = '\xF0', erase_character = '\xF7', erase_line = '\xF8', sb = '\xFA', will = '\xFB', dont = '\xFE',
               iac = '\xFF';
constexpr std::uint8_t window_command_size = 12;
constexpr char backspace = '\b', kill_line = '\x15', escape = '\x1B';

bool is_option_command(char c) {  // WILL, WONT, DO, DONT
    return static_cast<unsigned char>(c) >= static_cast<unsigned char>(will) &&
           static_cast<unsigned char>(c) <= static_cast<unsigned char>(dont);
}

}  // namespace

bool starts_negotiation(std::string_view bytes) {
    return bytes.size() >= 2 && bytes[0] == iac && (bytes[1] == sb || is_option_command(bytes[1]));
}

// NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): offsets_ as text_
TelnetStream::TelnetStream(std::string_view raw, Dialect dialect) : dialect_{dialect} {
    raw = raw.substr(0, WipedText::capacity);
    for (std::size_t i = 0; i < raw.size(); ++i) state_ = step(raw[i], i);
}

void TelnetStream::keep(char c, std::size_t offset) {
    offsets_[text_.size()] = static_cast<std::uint16_t>(offset);
    text_.push_back(c);
}

TelnetStream::State TelnetStream::step(char c, std::size_t offset) {
    switch (state_) {
        case State::data:
            if (c == iac && dialect_ == Dialect::rlogin) return begin_window();
            if (c == iac) return State::command;
            if (c == escape) return State::escape;
            keep(c, offset);
            return State::data;
        case State::command: return command(c, offset);
        case State::option: negotiates_ = true; return State::data;
        case State::subnegotiation: return c == iac ? State::subnegotiation_command : State::subnegotiation;
        case State::subnegotiation_command:
            if (c == iac) return State::subnegotiation;
            if (c == se) return State::data;
            return command(c, offset);  // the end is missing
        case State::escape: return c == '[' ? State::control : State::data;
        case State::window: return ++window_bytes_ < window_command_size ? State::window : State::data;
        case State::control: return c >= 0x40 && c <= 0x7E ? State::data : State::control;
    }
    return State::data;
}

TelnetStream::State TelnetStream::begin_window() {
    window_bytes_ = 1;
    return State::window;
}

TelnetStream::State TelnetStream::command(char c, std::size_t offset) {
    if (is_option_command(c)) return State::option;
    if (c == sb) {
        negotiates_ = true;
        return State::subnegotiation;
    }
    if (c == iac) keep(iac, offset);
    if (c == erase_character) keep(backspace, offset);
    if (c == erase_line) keep(kill_line, offset);
    return State::data;
}

std::size_t TelnetStream::text_within(std::size_t raw_size) const {
    const auto end = offsets_.begin() + static_cast<std::ptrdiff_t>(text_.size());
    return static_cast<std::size_t>(
        std::partition_point(offsets_.begin(), end, [&](std::uint16_t offset) { return offset < raw_size; }) -
        offsets_.begin());
}

}  // namespace linnet
