#include "plain_text.hpp"

#include <algorithm>

namespace linnet::plain {
namespace {

enum class Breaks : std::uint8_t { kept, made_spaces };

bool is_shown(QChar c) {
    switch (c.category()) {
        case QChar::Other_Control:
        case QChar::Other_Format:  // bidirectional marks, zero-width characters, soft hyphen
        case QChar::Other_NotAssigned:
        case QChar::Separator_Line:
        case QChar::Separator_Paragraph: return false;
        default: return true;
    }
}

QString shown(QString text, Breaks breaks, qsizetype most) {
    const bool cut = text.size() > most;
    if (cut) {
        text.truncate(most - 1);
        if (text.back().isHighSurrogate()) text.chop(1);
    }
    for (QChar& c : text) {
        if (c == u'\n' || c == u'\t') {
            if (breaks == Breaks::made_spaces || c == u'\t') c = u' ';
        } else if (!is_shown(c)) {
            c = QChar::ReplacementCharacter;
        }
    }
    if (cut) text += u'…';
    return text;
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
