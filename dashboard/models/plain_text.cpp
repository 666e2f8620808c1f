#include "plain_text.hpp"

#include "wire/harmless_text.hpp"

#include <algorithm>

namespace linnet::plain {
namespace {

enum class Breaks : std::uint8_t { kept, made_spaces };

/// A screen has room for one sign that something was here.
QString shown(const QString& text, Breaks breaks, qsizetype most) {
    QString out;
    const bool cut = text.size() > most;
    const qsizetype end = cut ? most - 1 : text.size();
    for (qsizetype at = 0; at < end; ++at) {
        const QChar c = text[at];
        const bool pair = c.isHighSurrogate() && at + 1 < text.size() && text[at + 1].isLowSurrogate();
        if (pair && at + 1 == end) break;  // not half a character
        const char32_t point = pair ? QChar::surrogateToUcs4(c, text[at + 1]) : c.unicode();
        if (c == u'\t' || (c == u'\n' && breaks == Breaks::made_spaces))
            out += u' ';
        else if (c == u'\n' || (is_harmless(point) && QChar::category(point) != QChar::Other_NotAssigned))
            out += pair ? text.sliced(at, 2) : QString{c};
        else
            out += QChar::ReplacementCharacter;
        if (pair) ++at;
    }
    if (cut) out += u'…';
    return out;
}

/// No more is converted than can be shown: a UTF-16 unit comes from at most three bytes of UTF-8.
QString converted(std::string_view text, qsizetype most) {
    const auto enough = static_cast<std::size_t>(most + 1) * 3;
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(std::min(text.size(), enough)));
}

}  // namespace

QString line(std::string_view text, qsizetype most) { return shown(converted(text, most), Breaks::made_spaces, most); }

QString line(const QString& text, qsizetype most) { return shown(text, Breaks::made_spaces, most); }

QString paragraph(std::string_view text) {
    return shown(converted(text, longest_paragraph), Breaks::kept, longest_paragraph);
}

QString tooltip(const QString& text) {
    if (text.isEmpty()) return {};
    return QStringLiteral("<qt>%1</qt>").arg(text.toHtmlEscaped().replace(u'\n', QStringLiteral("<br>")));
}

}  // namespace linnet::plain
