#include "dashboard/models/plain_text.hpp"

#include <doctest/doctest.h>

using namespace linnet;

TEST_CASE("a name that holds markup stays what it is: text") {
    CHECK(plain::line(std::string_view{"<b>Camera</b>"}).toStdString() == "<b>Camera</b>");
}

TEST_CASE("a tool tip shows markup instead of obeying it") {
    // QToolTip guesses: a text that looks like HTML is rendered as such. Escaped inside <qt>, nothing is left to obey.
    CHECK(plain::tooltip("<img src=x>&").toStdString() == "<qt>&lt;img src=x&gt;&amp;</qt>");
    CHECK(plain::tooltip("two\nlines").toStdString() == "<qt>two<br>lines</qt>");
    CHECK(plain::tooltip("").isEmpty());
}

TEST_CASE("a bidirectional override cannot turn a name around") {
    // U+202E would show "gpj.exe" as "exe.jpg".
    CHECK(plain::line(std::string_view{"\xe2\x80\xaegpj.exe"}).toStdString() == "\xef\xbf\xbdgpj.exe");
    CHECK(plain::line(std::string_view{"a\xe2\x81\xa6z"}).toStdString() == "a\xef\xbf\xbdz");      // U+2066, an isolate
    CHECK(plain::line(std::string_view{"a\xe2\x80\x8bz"}).toStdString() == "a\xef\xbf\xbdz");      // U+200B, no width
    CHECK(plain::line(std::string_view{"\xd7\xa9\xd7\x9c"}).toStdString() == "\xd7\xa9\xd7\x9c");  // Hebrew is welcome
}

TEST_CASE("control characters do not reach the screen, and only a paragraph has lines") {
    CHECK(plain::line(std::string_view{"a\x1b[31mb\n\tc"}).toStdString() == "a\xef\xbf\xbd[31mb  c");
    CHECK(plain::paragraph("one\ntwo\x07").toStdString() == "one\ntwo\xef\xbf\xbd");
}

TEST_CASE("what is not UTF-8 becomes a replacement character") {
    CHECK(plain::line(std::string_view{"a\xff\x62"}).toStdString() == "a\xef\xbf\xbd\x62");
}

TEST_CASE("a long text is cut, and says so") {
    CHECK(plain::line(std::string_view{"abcde"}, 5).toStdString() == "abcde");
    CHECK(plain::line(std::string_view{"abcdef"}, 5).toStdString() == "abcd…");
    CHECK(plain::line(std::string(65'536, 'x')).size() == plain::longest_line);
    CHECK(plain::paragraph(std::string(65'536, 'x')).size() == plain::longest_paragraph);
}

TEST_CASE("a cut never leaves half a character") {
    // Four finches (U+1F426, two UTF-16 units each) in five units: two whole ones and the mark.
    const QString cut = plain::line(std::string_view{"\xf0\x9f\x90\xa6\xf0\x9f\x90\xa6\xf0\x9f\x90\xa6\xf0\x9f\x90\xa6"}, 4);
    CHECK(cut.toStdString() == "\xf0\x9f\x90\xa6…");
}
