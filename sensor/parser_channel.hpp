// What opener and parser share besides packets: a few numbers in memory, and signatures that were read anew. The opener acts
// on what the parser writes here only as far as a parser that was taken over may lie: it can have itself killed, and spoil
// the counts of its own loss.
#pragma once

#include "packet_source.hpp"
#include "sensor_signatures.hpp"
#include "shared_memory.hpp"
#include "wire/text_file.hpp"

#include <array>
#include <atomic>
#include <cstdint>
#include <optional>

namespace linnet {

/// The parser's side.
struct ParserReport {
    std::atomic<std::uint64_t> step{0};     ///< odd: in the middle of packet number step / 2, counted from 0
    std::atomic<std::int64_t> at{0};        ///< time of the newest packet
    std::atomic<std::uint64_t> flows{0};    ///< open now: a crash takes them
    std::atomic<std::uint64_t> pending{0};  ///< events not yet handed out: a crash takes them
    std::atomic<std::uint64_t> renewal{0};  ///< number of the newest signatures in use
    std::array<char, 256> error{};          ///< one sentence at the end; ends with a zero
};

/// The opener's side.
struct OpenerNotes {
    std::atomic<std::uint64_t> kernel_dropped{0};
    std::atomic<std::uint64_t> interface_dropped{0};
    std::atomic<std::uint64_t> renewal{0};  ///< number of the newest signatures
};

class ParserChannel {
 public:
    Shared<ParserReport> report;
    Shared<OpenerNotes> notes;

    /// The opener: false where the parser has not taken the last ones yet, or they do not fit.
    bool offer(const SignatureTexts& signatures);
    /// The opener, for a parser that begins with the newest signatures.
    void begin() { report->renewal = notes->renewal.load(); }
    /// The parser: signatures that it does not have yet.
    std::optional<SignatureTexts> take();

    /// The parser: its last words.
    void complain(const std::string& sentence);
    [[nodiscard]] std::string complaint() const;

 private:
    static constexpr std::size_t most = 4 * max_text_file;
    SharedBytes texts_{most};
};

/// Counts steps in `report` around another source's packets.
class WatchedSource final : public PacketSource {
 public:
    WatchedSource(PacketSource& source, ParserReport& report) : source_{source}, report_{report} {}
    SourceRead next(RawPacket& packet) override;
    SourceCounters counters() override { return source_.counters(); }
    [[nodiscard]] std::string name() const override { return source_.name(); }
    [[nodiscard]] std::string error() const override { return source_.error(); }
    [[nodiscard]] std::uint64_t fingerprint() const override { return source_.fingerprint(); }
    [[nodiscard]] std::uint16_t progress() const override { return source_.progress(); }

 private:
    PacketSource& source_;
    ParserReport& report_;
};

}  // namespace linnet
