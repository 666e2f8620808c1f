// Sheets of paper (A4) that fill from top to bottom and become a PDF with text that can be selected, searched and copied.
//
// Set by Pango, which knows the scripts of the world and takes each letter from a font that has it, and drawn by Cairo.
// The same text and fonts give the same pages.
#pragma once

#include "wire/types.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace linnet {

struct Ink {
    double red = 0, green = 0, blue = 0;
};

struct Type {
    const char* font = "Sans 10";  ///< as pango_font_description_from_string() reads it
    Ink ink;
};

/// Text of one type; from strangers, so Paper escapes it.
struct Block {
    std::string text;
    Type type;
};

enum class Side : std::uint8_t { left, right };

/// A column of a row: blocks one below the other. Text that is too long for a row is cut short.
struct Cell {
    double width = 1;  ///< a part of the row's
    std::vector<Block> blocks;
    Side side = Side::left;
};

class Paper {
 public:
    /// `pages` is how many there will be, for the foot of each; 0 = not known yet. Throws std::runtime_error where Cairo
    /// cannot draw.
    Paper(const std::string& title, Timestamp made, int pages);
    ~Paper();
    Paper(const Paper&) = delete;
    Paper& operator=(const Paper&) = delete;

    /// In points (1/72 inch): from the left margin.
    void text(const Block& block, double indent = 0);
    /// `lead` (a number, a sign) stands before the first line of the text.
    void text(std::string_view lead, const Block& block, double indent, double lead_width);
    void row(const std::vector<Cell>& cells);
    void gap(double points);
    void line(const Ink& ink);
    /// Begins a new page where less than this is left, so that a heading does not stand alone.
    void keep_together(double points);
    /// An entry of the table of contents that readers show beside the pages, leading here.
    void bookmark(const std::string& name);

    [[nodiscard]] int pages() const;
    /// The PDF. Call once, last.
    std::string finish();

 private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace linnet
