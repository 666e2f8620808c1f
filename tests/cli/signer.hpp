// A maker of signed files: a key pair of its own, and the two files of text that minisign would write.
#pragma once

#include <array>
#include <string>
#include <string_view>

namespace linnet {

class Signer {
 public:
    enum class Kind : unsigned char { hashed, older };

    Signer();

    [[nodiscard]] std::string key_file() const;
    [[nodiscard]] std::string signature_file(std::string_view bytes, std::string_view comment = "timestamp:1 file:x hashed",
                                             Kind kind = Kind::hashed) const;

 private:
    std::array<unsigned char, 8> id_{};
    std::array<unsigned char, 32> key_{};
    std::array<unsigned char, 64> secret_{};
};

}  // namespace linnet
