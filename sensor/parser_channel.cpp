#include "parser_channel.hpp"

#include <algorithm>
#include <cstring>

namespace linnet {
namespace {

/// Texts one behind the other, each behind its length.
class TextWriter {
 public:
    explicit TextWriter(std::span<std::byte> into) : rest_{into} {}
    bool add(std::string_view text) {
        const std::uint64_t size = text.size();
        if (rest_.size() < sizeof size + text.size()) return false;
        std::memcpy(rest_.data(), &size, sizeof size);
        std::memcpy(rest_.data() + sizeof size, text.data(), text.size());
        rest_ = rest_.subspan(sizeof size + text.size());
        return true;
    }

 private:
    std::span<std::byte> rest_;
};

std::optional<std::string> take_text(std::span<const std::byte>& from) {
    std::uint64_t size = 0;
    if (from.size() < sizeof size) return std::nullopt;
    std::memcpy(&size, from.data(), sizeof size);
    from = from.subspan(sizeof size);
    if (size > from.size()) return std::nullopt;
    std::string text{reinterpret_cast<const char*>(from.data()), static_cast<std::size_t>(size)};
    from = from.subspan(static_cast<std::size_t>(size));
    return text;
}

}  // namespace

bool ParserChannel::offer(const SignatureTexts& signatures) {
    if (report->renewal != notes->renewal) return false;
    TextWriter out{{texts_.data(), texts_.size()}};
    bool fits = out.add(signatures.folder.string()) && out.add(std::to_string(signatures.texts.size()));
    for (const auto& text : signatures.texts) fits = fits && out.add(text);
    if (fits) notes->renewal.fetch_add(1, std::memory_order_release);
    return fits;
}

std::optional<SignatureTexts> ParserChannel::take() {
    const auto newest = notes->renewal.load(std::memory_order_acquire);
    if (newest == report->renewal.load(std::memory_order_relaxed)) return std::nullopt;
    std::span<const std::byte> from{texts_.data(), texts_.size()};
    SignatureTexts signatures;
    const auto folder = take_text(from), count = take_text(from);
    if (folder) signatures.folder = *folder;
    for (auto left = count ? std::stoul(*count) : 0; left > 0; --left)
        if (auto text = take_text(from)) signatures.texts.push_back(std::move(*text));
    texts_.clear();
    report->renewal.store(newest, std::memory_order_release);
    return signatures;
}

void ParserChannel::complain(const std::string& sentence) {
    const auto size = std::min(sentence.size(), report->error.size() - 1);
    std::memcpy(report->error.data(), sentence.data(), size);
    report->error[size] = '\0';
}

std::string ParserChannel::complaint() const {
    std::string text{report->error.data(), strnlen(report->error.data(), report->error.size())};
    std::replace_if(
        text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; }, '?');
    return text;
}

SourceRead WatchedSource::next(RawPacket& packet) {
    const auto step = report_.step.load(std::memory_order_relaxed);
    const auto outside = (step + 1) & ~std::uint64_t{1};
    report_.step.store(outside, std::memory_order_relaxed);
    const auto read = source_.next(packet);
    if (read == SourceRead::packet) {
        report_.at.store(packet.at.time_since_epoch().count(), std::memory_order_relaxed);
        report_.step.store(outside + 1, std::memory_order_release);
    }
    return read;
}

}  // namespace linnet
