// The tags of an XML document or stream, one after the other, and the text between them: enough to find a few elements, in
// one pass, in documents of any quality. What has not wholly arrived is not there yet. Comments, declarations and CDATA
// sections are stepped over; namespaces are not resolved.
#pragma once

#include "wiped_text.hpp"

#include <cstddef>
#include <optional>
#include <string_view>

namespace linnet {

struct XmlTag {
    std::string_view name;        ///< without the namespace's prefix
    std::string_view attributes;  ///< as written
    std::size_t begin = 0;        ///< offset of its '<'
    std::size_t end = 0;          ///< offset behind its '>'
    bool closes = false;          ///< "</name>"
    bool empty = false;           ///< "<name/>"
};

class XmlReader {
 public:
    explicit XmlReader(std::string_view document, std::size_t from = 0) : document_{document}, at_{from} {}

    std::optional<XmlTag> next();

    /// The text between the tag that next() gave last and the one that follows, entities resolved, without the blanks around
    /// it. False where no tag follows yet.
    bool text(WipedText& out) const;

 private:
    std::string_view document_;
    std::size_t at_;
};

/// The value of the attribute with this name, as written; empty where there is none.
std::string_view xml_attribute(const XmlTag& tag, std::string_view name);

}  // namespace linnet
