// Live interfaces through libpcap, whose ring is TPACKET_V3 where nothing forbids it: the kernel hands packets over in
// blocks, when a block is full or after block_timeout. Interfaces that have something are read by the packets' time, so
// that packets of two interfaces are out of order by block_timeout at most.
#include "decode.hpp"
#include "packet_source.hpp"
#include "pcap_handle.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <net/if.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <limits>
#include <utility>

namespace linnet {
namespace {

using namespace std::chrono_literals;

constexpr auto block_timeout = 50ms;
constexpr auto idle_after = 100ms;
constexpr const char* every_interface = "any";

std::string existing_interfaces() {
    struct FreeList {
        void operator()(struct if_nameindex* list) const { if_freenameindex(list); }
    };
    const std::unique_ptr<struct if_nameindex[], FreeList> list{if_nameindex()};
    std::vector<std::string> names;
    for (std::size_t i = 0; list && list[i].if_index != 0; ++i) names.emplace_back(list[i].if_name);
    names.emplace_back(every_interface);
    return fmt::format("{}", fmt::join(names, ", "));
}

std::string program_path() {
    std::error_code error;
    const auto path = std::filesystem::read_symlink("/proc/self/exe", error);
    return error ? "/usr/bin/linnet-sensor" : path.string();
}

[[noreturn]] void fail_to_activate(const std::string& name, int status, const char* reason) {
    switch (status) {
        case PCAP_ERROR_NO_SUCH_DEVICE:
            throw SourceError{fmt::format("There is no interface {}; there are: {}.", name, existing_interfaces())};
        case PCAP_ERROR_PERM_DENIED:
        case PCAP_ERROR_PROMISC_PERM_DENIED:
            throw SourceError{
                fmt::format("Listening on {} needs a permission; give it with: sudo setcap cap_net_raw,cap_net_admin=eip {}",
                            name, program_path())};
        case PCAP_ERROR_IFACE_NOT_UP:
            throw SourceError{fmt::format("The interface {0} is down; bring it up with: sudo ip link set {0} up", name)};
        default:
            throw SourceError{fmt::format("The interface {} cannot be listened on: {}.", name,
                                          *reason != '\0' ? reason : pcap_statustostr(status))};
    }
}

/// One interface, and its next packet where that was read already.
class Interface {
 public:
    Interface(const std::string& name, const LiveOptions& options) {
        if (name != every_interface && if_nametoindex(name.c_str()) == 0)
            fail_to_activate(name, PCAP_ERROR_NO_SUCH_DEVICE, "");
        std::array<char, PCAP_ERRBUF_SIZE> reason{};
        pcap_.reset(pcap_create(name.c_str(), reason.data()));
        if (!pcap_) fail_to_activate(name, PCAP_ERROR, reason.data());
        constexpr std::size_t most = std::numeric_limits<int>::max();
        pcap_set_snaplen(pcap_.get(), options.snap_length);
        pcap_set_promisc(pcap_.get(), options.promiscuous ? 1 : 0);  // where it cannot be, libpcap warns and goes on
        pcap_set_timeout(pcap_.get(), static_cast<int>(block_timeout.count()));
        pcap_set_buffer_size(pcap_.get(), static_cast<int>(std::min(options.ring_bytes, most)));
        const int status = pcap_activate(pcap_.get());
        if (status < 0) fail_to_activate(name, status, pcap_geterr(pcap_.get()));
        link_type_ = pcap_datalink(pcap_.get());
        const char* link_name = pcap_datalink_val_to_name(link_type_);
        if (!Decoder::supports(link_type_))
            throw SourceError{fmt::format("The interface {} has a link of type {}, which Linnet does not read.", name,
                                          link_name != nullptr ? link_name : "unknown")};
        if (!options.filter.empty()) {
            const BpfProgram program = compile_filter(pcap_.get(), options.filter);
            if (pcap_setfilter(pcap_.get(), program.get()) != 0)
                fail_to_activate(name, PCAP_ERROR, pcap_geterr(pcap_.get()));
        }
        if (pcap_setnonblock(pcap_.get(), 1, reason.data()) != 0) fail_to_activate(name, PCAP_ERROR, reason.data());
    }

    [[nodiscard]] int descriptor() const { return pcap_get_selectable_fd(pcap_.get()); }
    void set_readable() { readable_ = true; }
    [[nodiscard]] const char* reason() const { return pcap_geterr(pcap_.get()); }

    enum class Peek { packet, nothing, failed };
    /// Looks for the next packet, at `at()`, without waiting.
    Peek peek() {
        if (bytes_ != nullptr) return Peek::packet;
        if (!readable_) return Peek::nothing;
        const int result = pcap_next_ex(pcap_.get(), &header_, &bytes_);
        if (result == 1) return Peek::packet;
        bytes_ = nullptr;
        readable_ = false;
        return result == 0 ? Peek::nothing : Peek::failed;
    }
    [[nodiscard]] std::pair<std::int64_t, std::int64_t> at() const { return {header_->ts.tv_sec, header_->ts.tv_usec}; }

    RawPacket take() { return raw_packet(*header_, std::exchange(bytes_, nullptr), link_type_); }

    void add_to(SourceCounters& counters) {
        pcap_stat stat{};
        if (pcap_stats(pcap_.get(), &stat) != 0) return;
        counters.kernel_dropped += stat.ps_drop;
        counters.interface_dropped += stat.ps_ifdrop;
    }

 private:
    PcapHandle pcap_;
    int link_type_ = 0;
    bool readable_ = true;
    pcap_pkthdr* header_ = nullptr;
    const u_char* bytes_ = nullptr;
};

class LiveInterfaces final : public PacketSource {
 public:
    explicit LiveInterfaces(const LiveOptions& options) : name_{fmt::format("{}", fmt::join(options.interfaces, ","))} {
        if (options.interfaces.empty())
            throw SourceError{fmt::format("Name an interface; there are: {}.", existing_interfaces())};
        for (const std::string& name : options.interfaces) {
            interfaces_.emplace_back(name, options);
            waiting_.push_back({interfaces_.back().descriptor(), POLLIN, 0});
        }
    }

    SourceRead next(RawPacket& packet) override {
        while (!stopped()) {
            if (Interface* interface = earliest()) {
                packet = interface->take();
                quiet_ = false;
                return SourceRead::packet;
            }
            if (!error_.empty()) return SourceRead::truncated;
            if (wait()) continue;
            packet = {};
            packet.at = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
            return SourceRead::idle;
        }
        return SourceRead::end;
    }

    SourceCounters counters() override {
        SourceCounters counters;
        for (Interface& interface : interfaces_) interface.add_to(counters);
        return counters;
    }
    [[nodiscard]] std::string name() const override { return name_; }
    [[nodiscard]] std::string error() const override { return error_; }
    [[nodiscard]] std::uint64_t fingerprint() const override { return 0; }

 private:
    Interface* earliest() {
        // A busy interface must not hide that another one has something now.
        constexpr unsigned often = 64;
        if (interfaces_.size() > 1 && ++reads_ % often == 0) poll_interfaces(0ms);
        Interface* earliest = nullptr;
        for (Interface& interface : interfaces_) {
            switch (interface.peek()) {
                case Interface::Peek::packet:
                    if (earliest == nullptr || interface.at() < earliest->at()) earliest = &interface;
                    break;
                case Interface::Peek::nothing: break;
                case Interface::Peek::failed:
                    error_ = fmt::format("Listening on {} has ended: {}.", name_, interface.reason());
                    break;
            }
        }
        return earliest;
    }

    /// False where nothing came for so long that the time is worth telling.
    bool wait() {
        const auto now = std::chrono::steady_clock::now();
        if (!quiet_) tell_at_ = now + idle_after;
        quiet_ = true;
        if (now >= tell_at_) {
            quiet_ = false;
            return false;
        }
        poll_interfaces(std::chrono::ceil<std::chrono::milliseconds>(tell_at_ - now));
        return true;
    }

    void poll_interfaces(std::chrono::milliseconds at_most) {
        if (::poll(waiting_.data(), waiting_.size(), static_cast<int>(at_most.count())) <= 0) return;
        for (std::size_t i = 0; i < waiting_.size(); ++i)
            if (waiting_[i].revents != 0) interfaces_[i].set_readable();
    }

    std::string name_;
    std::vector<Interface> interfaces_;
    std::vector<pollfd> waiting_;
    std::string error_;
    unsigned reads_ = 0;
    bool quiet_ = false;  // since tell_at_ was set
    std::chrono::steady_clock::time_point tell_at_;
};

}  // namespace

std::unique_ptr<PacketSource> open_interfaces(const LiveOptions& options) {
    return std::make_unique<LiveInterfaces>(options);
}

}  // namespace linnet
