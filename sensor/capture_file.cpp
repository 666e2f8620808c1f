// Capture files through libpcap.
#include "capture_stream.hpp"
#include "decode.hpp"
#include "packet_source.hpp"
#include "pcap_handle.hpp"

#include <fmt/format.h>

#include <array>
#include <filesystem>
#include <string_view>

namespace linnet {
namespace {

class CaptureFile final : public PacketSource {
 public:
    CaptureFile(const std::string& path, const std::string& filter)
        : path_{path}, fingerprint_{fingerprint_of(path)}, pcap_{open(path)} {
        if (!Decoder::supports(pcap_datalink(pcap_.get()))) throw SourceError{unsupported_link(pcap_datalink(pcap_.get()))};
        set_filter(pcap_.get(), filter);
    }

    SourceRead next(RawPacket& packet) override {
        if (stopped()) return SourceRead::end;
        pcap_pkthdr* header = nullptr;
        const u_char* bytes = nullptr;
        switch (pcap_next_ex(pcap_.get(), &header, &bytes)) {
            case 1:
                packet = raw_packet(*header, bytes, pcap_datalink(pcap_.get()));
                ++packets_;
                return SourceRead::packet;
            case PCAP_ERROR_BREAK: return SourceRead::end;
            default: return stopped() ? SourceRead::end : damaged();
        }
    }

    SourceCounters counters() override { return {}; }
    [[nodiscard]] std::string name() const override {
        return path_ == "-" ? path_ : std::filesystem::path{path_}.filename().string();
    }
    [[nodiscard]] std::string error() const override { return error_; }
    [[nodiscard]] std::uint64_t fingerprint() const override { return fingerprint_; }

 private:
    PcapHandle open(const std::string& path) {
        CaptureStream stream = open_capture_stream(path, stopped());
        std::array<char, PCAP_ERRBUF_SIZE> reason{};
        PcapHandle handle{pcap_fopen_offline(stream.get(), reason.data())};
        if (!handle) throw SourceError{fmt::format("{} is not a packet capture (pcap or pcapng).", shown_name())};
        stream.release();  // libpcap closes it
        return handle;
    }

    [[nodiscard]] std::string shown_name() const { return path_ == "-" ? "Standard input" : path_; }

    [[nodiscard]] std::string unsupported_link(int type) const {
        const char* name = pcap_datalink_val_to_name(type);
        return fmt::format("{} was captured on a link of type {}, which Linnet does not read.", shown_name(),
                           name != nullptr ? name : fmt::format("{}", type));
    }

    SourceRead damaged() {
        const std::string_view reason = pcap_geterr(pcap_.get());
        error_ = reason.starts_with("truncated")
                     ? fmt::format("{} ends in the middle of a packet, after {} whole ones; these were read.", shown_name(),
                                   packets_)
                     : fmt::format("{} is damaged after {} packets ({}); these were read.", shown_name(), packets_, reason);
        return SourceRead::truncated;
    }

    std::string path_;
    std::uint64_t fingerprint_;
    std::uint64_t packets_ = 0;
    std::string error_;
    PcapHandle pcap_;
};

}  // namespace

std::unique_ptr<PacketSource> open_capture_file(const std::string& path, const std::string& filter) {
    return std::make_unique<CaptureFile>(path, filter);
}

}  // namespace linnet
