#include "cli/minisign.hpp"

#include "signer.hpp"

#include <doctest/doctest.h>

using namespace linnet;

namespace {

std::string refusal(const std::string& bytes, const std::string& signature, const std::string& key) {
    try {
        (void)verify_minisign(bytes, signature, parse_minisign_key(key));
    } catch (const MinisignError& error) {
        return error.what();
    }
    return "accepted";
}

std::string changed(std::string text, std::size_t at) {
    text[at] = text[at] == 'B' ? 'C' : 'B';
    return text;
}

}  // namespace

TEST_CASE("minisign: what is signed is accepted, with its trusted comment") {
    const Signer maker;
    const std::string bytes = "any bytes\n";
    CHECK(verify_minisign(bytes, maker.signature_file(bytes, "version 7"), parse_minisign_key(maker.key_file())) ==
          "version 7");
    CHECK(refusal("", maker.signature_file(""), maker.key_file()) == "accepted");
}

TEST_CASE("minisign: other bytes, another key, another comment, the older kind") {
    const Signer maker, stranger;
    const std::string bytes = "any bytes\n";
    const auto signature = maker.signature_file(bytes, "version 7");
    CHECK(refusal("any bytes!", signature, maker.key_file()) == "The signature does not belong to these bytes.");
    CHECK(refusal(bytes, signature, stranger.key_file()) == "The signature was made with another key.");
    auto comment = signature;
    comment.replace(comment.find("version 7"), 9, "version 8");
    CHECK(refusal(bytes, comment, maker.key_file()) == "The trusted comment is not the maker's.");
    CHECK(refusal(bytes, maker.signature_file(bytes, "x", Signer::Kind::older), maker.key_file())
              .starts_with("The signature is of the older kind"));
}

TEST_CASE("minisign: no byte of key and signature can change but in the untrusted comments") {
    const Signer maker;
    const std::string bytes = "any bytes\n";
    const auto signature = maker.signature_file(bytes), key = maker.key_file();
    for (std::size_t i = signature.find('\n') + 1; i + 1 < signature.size(); ++i) {
        CAPTURE(i);
        CHECK(refusal(bytes, changed(signature, i), key) != "accepted");
    }
    for (std::size_t i = key.find('\n') + 1; i + 1 < key.size(); ++i)
        CHECK(refusal(bytes, signature, changed(key, i)) != "accepted");
}

TEST_CASE("minisign: whatever is cut off is refused") {
    const Signer maker;
    const auto signature = maker.signature_file("x"), key = maker.key_file();
    for (std::size_t length = 0; length + 1 < signature.size(); ++length)
        CHECK(refusal("x", signature.substr(0, length), key) != "accepted");
    for (std::size_t length = 0; length + 1 < key.size(); ++length)
        CHECK(refusal("x", signature, key.substr(0, length)) == "The key is not a public key of minisign.");
}
