// Text from strangers, made fit to be shown: device names, user names and host names come off the network.
//
// Whatever shows them shows plain text. These functions remove what plain text can still do to a reader: control
// characters, invisible characters and bidirectional overrides (Unicode TR 36, section 2.5; TR 9) become U+FFFD, and no
// text is longer than its place can hold.
#pragma once

#include <QString>
#include <string_view>

namespace linnet::plain {

inline constexpr qsizetype longest_line = 200;
inline constexpr qsizetype longest_paragraph = 4000;

/// One line, at most `most` UTF-16 units; what was longer ends in "…". Invalid UTF-8 becomes U+FFFD.
QString line(std::string_view text, qsizetype most = longest_line);
QString line(const QString& text, qsizetype most = longest_line);

/// As line(), with line breaks kept.
QString paragraph(std::string_view text);

/// For QWidget::setToolTip and Qt::ToolTipRole, which guess whether a text is HTML: this always is, and shows `text` as it
/// stands, wrapped.
QString tooltip(const QString& text);

}  // namespace linnet::plain
