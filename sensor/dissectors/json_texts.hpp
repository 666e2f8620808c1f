// The members of a JSON document (RFC 8259) whose value is a text or a number, wherever they stand: enough to find a few
// fields in what devices say, in one pass, in documents of any quality. What has not wholly arrived is not there.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace linnet {

struct JsonMember {
    std::string_view name;   ///< as written between its quotes
    std::string_view value;  ///< the same for a text; a number, true, false or null as it stands
};

class JsonTexts {
 public:
    explicit JsonTexts(std::string_view document) : document_{document} {}
    std::optional<JsonMember> next();

 private:
    std::optional<std::string_view> quoted();  ///< behind its opening quote, which has been taken
    void skip_blanks();

    std::string_view document_;
    std::size_t at_ = 0;
};

/// A text as written, its escapes resolved: at most the first 1,024 bytes of it.
std::string json_text(std::string_view written);

}  // namespace linnet
