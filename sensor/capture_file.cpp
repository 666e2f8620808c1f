#include "capture_stream.hpp"
#include "decode.hpp"
#include "packet_source.hpp"
#include "pcap_handle.hpp"
#include "pcapng_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>

namespace linnet {
namespace {

/// The older format, through libpcap, which knows all its variants.
class PcapReader final : public CaptureReader {
 public:
    /// Takes the stream where it is a capture.
    explicit PcapReader(CaptureStream& stream) : pcap_{pcap_fopen_offline(stream.get(), reason_.data())} {
        if (pcap_) static_cast<void>(stream.release());  // libpcap closes it
    }
    [[nodiscard]] bool is_pcap() const { return pcap_ != nullptr; }

    SourceRead next(RawPacket& packet) override {
        pcap_pkthdr* header = nullptr;
        const u_char* bytes = nullptr;
        const int result = pcap_next_ex(pcap_.get(), &header, &bytes);
        if (result == PCAP_ERROR_BREAK) return SourceRead::end;
        if (result != 1) return SourceRead::truncated;
        packet = raw_packet(*header, bytes, pcap_datalink(pcap_.get()));
        return SourceRead::packet;
    }
    [[nodiscard]] std::string reason() const override { return pcap_geterr(pcap_.get()); }
    [[nodiscard]] std::vector<int> link_types() const override { return {pcap_datalink(pcap_.get())}; }

 private:
    std::array<char, PCAP_ERRBUF_SIZE> reason_{};
    PcapHandle pcap_;
};

/// A BPF expression, compiled for each link type that occurs.
class CaptureFilter {
 public:
    explicit CaptureFilter(const std::string& expression) : expression_{expression} {}

    /// Throws SourceError.
    void prepare(int link_type) {
        if (expression_.empty() || programs_.contains(link_type)) return;
        constexpr int whole_packets = 262'144;
        const PcapHandle handle{pcap_open_dead(link_type, whole_packets)};
        programs_.emplace(link_type, compile_filter(handle.get(), expression_));
    }

    [[nodiscard]] bool matches(const RawPacket& packet) const {
        if (expression_.empty()) return true;
        const auto program = programs_.find(packet.link_type);
        if (program == programs_.end()) return false;
        pcap_pkthdr header{};
        header.caplen = static_cast<bpf_u_int32>(packet.bytes.size());
        header.len = packet.wire_length;
        return pcap_offline_filter(program->second.get(), &header, reinterpret_cast<const u_char*>(packet.bytes.data())) !=
               0;
    }

 private:
    std::string expression_;
    std::map<int, BpfProgram> programs_;
};

class CaptureFile final : public PacketSource {
 public:
    CaptureFile(const std::string& path, const std::string& filter)
        : path_{path},
          fingerprint_{fingerprint_of(path)},
          size_{size_of(path)},
          stream_{open_capture_stream(path, stopped(), bytes_read_)},
          filter_{filter} {
        open_reader();
        const std::vector<int> types = reader_->link_types();
        if (!types.empty() && std::none_of(types.begin(), types.end(), Decoder::supports))
            throw unsupported_link(types.front());
        for (const int type : types)
            if (Decoder::supports(type)) filter_.prepare(type);
    }

    SourceRead next(RawPacket& packet) override {
        while (!stopped()) {
            const SourceRead result = reader_->next(packet);
            if (stopped()) break;
            if (result == SourceRead::packet) {
                ++packets_;
                if (filter_.matches(packet)) return result;
                continue;
            }
            if (result == SourceRead::truncated)
                error_ = fmt::format("{} is damaged or ends early ({}); the {} packets before that were read.", shown_name(),
                                     reader_->reason(), packets_);
            return result;
        }
        return SourceRead::end;
    }

    SourceCounters counters() override { return {}; }
    [[nodiscard]] std::string name() const override {
        return path_ == "-" ? path_ : std::filesystem::path{path_}.filename().string();
    }
    [[nodiscard]] std::string error() const override { return error_; }
    [[nodiscard]] std::uint64_t fingerprint() const override { return fingerprint_; }
    [[nodiscard]] std::uint16_t progress() const override {
        if (size_ == 0) return 0;
        return static_cast<std::uint16_t>(std::max<std::uint64_t>(std::min(bytes_read_, size_) * 1000 / size_, 1));
    }

 private:
    void open_reader() {
        constexpr int pcapng_first_byte = 0x0a;
        const int first = std::getc(stream_.get());
        std::ungetc(first, stream_.get());
        if (first == pcapng_first_byte) {
            auto pcapng = std::make_unique<PcapngReader>(stream_.get());
            if (pcapng->in_section()) reader_ = std::move(pcapng);
        } else {
            auto pcap = std::make_unique<PcapReader>(stream_);
            if (pcap->is_pcap()) reader_ = std::move(pcap);
        }
        if (!reader_) throw SourceError{fmt::format("{} is not a packet capture (pcap or pcapng).", shown_name())};
    }

    [[nodiscard]] std::string shown_name() const { return path_ == "-" ? "Standard input" : path_; }

    [[nodiscard]] SourceError unsupported_link(int type) const {
        const char* name = pcap_datalink_val_to_name(type);
        return SourceError{fmt::format("{} was captured on a link of type {}, which Linnet does not read.", shown_name(),
                                       name != nullptr ? name : fmt::format("{}", type))};
    }

    std::string path_;
    std::uint64_t fingerprint_;
    std::uint64_t size_;
    std::uint64_t bytes_read_ = 0;
    CaptureStream stream_;
    CaptureFilter filter_;
    std::unique_ptr<CaptureReader> reader_;
    std::uint64_t packets_ = 0;
    std::string error_;
};

}  // namespace

std::unique_ptr<PacketSource> open_capture_file(const std::string& path, const std::string& filter) {
    return std::make_unique<CaptureFile>(path, filter);
}

}  // namespace linnet
