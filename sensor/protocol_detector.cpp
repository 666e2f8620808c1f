#include "protocol_detector.hpp"

#include "byte_reader.hpp"

#include <ndpi/ndpi_api.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <stdexcept>
#include <string>
#include <vector>

namespace linnet {
namespace {

// nDPI numbers its protocols from 0; ours, for what is sniffed here or named by a dissector, lie above all of them.
constexpr std::uint16_t first_own = 0x8000;

struct Alias {
    std::string_view ndpi, eve;
};
/// Where nDPI's name in lower case is not what Suricata and the RFCs say.
constexpr std::array<Alias, 12> aliases{{{"ftp_control", "ftp"},
                                         {"ftp_data", "ftp-data"},
                                         {"smbv1", "smb"},
                                         {"smbv23", "smb"},
                                         {"mail_pops", "pop3s"},
                                         {"pops", "pop3s"},
                                         {"imaps", "imaps"},
                                         {"smtps", "smtps"},
                                         {"dhcpv6", "dhcpv6"},
                                         {"icmpv6", "icmpv6"},
                                         {"ms-rpch", "dcerpc"},
                                         {"rtsp", "rtsp"}}};

/// Dissectors of nDPI 4.2 with known faults; sniff() stands in for them.
constexpr std::array<std::uint16_t, 7> distrusted{NDPI_PROTOCOL_DNS,  NDPI_PROTOCOL_MDNS,         NDPI_PROTOCOL_LLMNR,
                                                  NDPI_PROTOCOL_HTTP, NDPI_PROTOCOL_HTTP_CONNECT, NDPI_PROTOCOL_HTTP_PROXY,
                                                  NDPI_PROTOCOL_QUIC};

// nDPI's macros are C.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wold-style-cast"
#pragma GCC diagnostic ignored "-Wconversion"
NDPI_PROTOCOL_BITMASK trusted_protocols() {
    NDPI_PROTOCOL_BITMASK wanted;
    NDPI_BITMASK_SET_ALL(wanted);
    for (const auto protocol : distrusted) NDPI_BITMASK_DEL(wanted, protocol);
    return wanted;
}
#pragma GCC diagnostic pop

enum class Own : std::uint16_t { dns = first_own, mdns, llmnr, http, http2, quic, first_free };
constexpr std::array<std::string_view, 6> own_names{"dns", "mdns", "llmnr", "http", "http2", "quic"};

AppId app(Own own) { return {static_cast<std::uint16_t>(own), 0}; }

std::string_view as_text(Bytes bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

/// RFC 1035, section 4.1.1: a header whose counts a real message can have. TCP has two bytes of length before it.
bool looks_like_dns(const Packet& packet) {
    ByteReader in{packet.payload};
    if (packet.proto == Proto::tcp) in.skip(2);
    in.skip(2);
    const auto flags = in.u16();
    const auto questions = in.u16(), answers = in.u16(), authorities = in.u16(), additional = in.u16();
    const unsigned opcode = flags >> 11 & 0x0f;
    return in.ok() && opcode <= 6 && questions <= 16 && answers <= 256 && authorities <= 256 && additional <= 256 &&
           questions + answers + authorities + additional > 0;
}

/// RFC 9112, section 3: a request line, or a status line where the request was missed.
bool looks_like_http(std::string_view text) {
    static constexpr std::array<std::string_view, 16> methods{
        "GET ",   "POST ",   "HEAD ",      "PUT ",         "DELETE ",   "OPTIONS ",  "CONNECT ", "PATCH ",
        "TRACE ", "NOTIFY ", "SUBSCRIBE ", "UNSUBSCRIBE ", "PROPFIND ", "M-SEARCH ", "REPORT ",  "MKCOL "};
    if (text.starts_with("HTTP/1.")) return true;
    const bool method = std::any_of(methods.begin(), methods.end(), [&](auto m) { return text.starts_with(m); });
    if (!method) return false;
    const auto line = text.substr(0, text.find_first_of("\r\n"));
    if (line.size() < text.size()) return line.find(" HTTP/1.") != std::string_view::npos;
    const auto target = line.substr(line.find(' ') + 1);  // the line is longer than the packet
    return target.starts_with('/') || target.starts_with("http");
}

/// RFC 9000, section 17.2: a long header with the fixed bit and a version that was ever in use.
bool looks_like_quic(Bytes payload) {
    ByteReader in{payload};
    const auto first = in.u8();
    const auto version = in.u32();
    const auto id_length = in.u8();
    if (!in.ok() || (first & 0xc0) != 0xc0 || id_length > 20 || payload.size() < 100) return false;
    return version == 1 || version == 0x6b3343cf || version >> 8 == 0xff0000 || version >> 24 == 'Q' ||
           version >> 24 == 'T' || version >> 8 == 0xfaceb0;
}

std::string lower(std::string_view text) {
    std::string out{text};
    std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

}  // namespace

class ProtocolDetector::Attempt {
 public:
    explicit Attempt(std::size_t& in_use)
        : in_use_{in_use},
          size_{ndpi_detection_get_sizeof_ndpi_flow_struct()},
          flow_{static_cast<ndpi_flow_struct*>(ndpi_flow_malloc(size_))} {
        if (flow_ != nullptr) std::memset(flow_, 0, size_);
        ++in_use_;
    }
    ~Attempt() {
        if (flow_ != nullptr) {
            ndpi_free_flow_data(flow_);
            explicit_bzero(flow_, size_);
            ndpi_flow_free(flow_);
        }
        --in_use_;
    }
    Attempt(const Attempt&) = delete;
    Attempt& operator=(const Attempt&) = delete;

    [[nodiscard]] ndpi_flow_struct* flow() const { return flow_; }
    unsigned packets = 0;

 private:
    std::size_t& in_use_;
    std::size_t size_;
    ndpi_flow_struct* flow_;
};

void ProtocolDetector::DeleteAttempt::operator()(Attempt* attempt) const {
    delete attempt;  // NOLINT(cppcoreguidelines-owning-memory): this is the owner's deleter
}

struct ProtocolDetector::Impl {
    struct DeleteModule {
        void operator()(ndpi_detection_module_struct* owned) const { ndpi_exit_detection_module(owned); }
    };
    std::unique_ptr<ndpi_detection_module_struct, DeleteModule> module;
    std::vector<std::string> ndpi_names;  ///< in EVE's spelling, by nDPI's number
    std::deque<std::string> own;          ///< by number - first_own; a deque, so that views into it stay valid
    std::size_t attempts = 0;

    [[nodiscard]] AppId translate(ndpi_protocol found) const {
        if (found.master_protocol != NDPI_PROTOCOL_UNKNOWN && found.master_protocol != found.app_protocol)
            return {found.master_protocol, found.app_protocol};
        return {found.app_protocol, 0};
    }
};

ProtocolDetector::ProtocolDetector() : impl_{std::make_unique<Impl>()} {
    const auto preferences = static_cast<ndpi_init_prefs>(ndpi_dont_load_tor_hosts | ndpi_dont_init_libgcrypt);
    impl_->module.reset(ndpi_init_detection_module(preferences));
    if (!impl_->module) throw std::runtime_error("nDPI could not be started: not enough memory.");
    const auto wanted = trusted_protocols();
    ndpi_set_protocol_detection_bitmask2(impl_->module.get(), &wanted);
    ndpi_finalize_initialization(impl_->module.get());

    const unsigned count = ndpi_get_num_supported_protocols(impl_->module.get());
    for (unsigned id = 0; id < count; ++id) {
        std::string name = lower(ndpi_get_proto_name(impl_->module.get(), static_cast<std::uint16_t>(id)));
        const auto* alias = std::find_if(aliases.begin(), aliases.end(), [&](const Alias& a) { return a.ndpi == name; });
        impl_->ndpi_names.emplace_back(alias == aliases.end() ? name : std::string{alias->eve});
    }
    for (const auto name : own_names) impl_->own.emplace_back(name);
}

ProtocolDetector::~ProtocolDetector() = default;

AppId ProtocolDetector::sniff(const Packet& packet) const {
    const auto either_port = [&](std::uint16_t port) {
        return packet.src_port.number == port || packet.dst_port.number == port;
    };
    if (packet.proto == Proto::udp) {
        if (either_port(53) && looks_like_dns(packet)) return app(Own::dns);
        if (either_port(5353) && looks_like_dns(packet)) return app(Own::mdns);
        if (either_port(5355) && looks_like_dns(packet)) return app(Own::llmnr);
        if (looks_like_quic(packet.payload)) return app(Own::quic);
        return {};
    }
    if (packet.proto != Proto::tcp) return {};
    const auto text = as_text(packet.payload);
    if (looks_like_http(text)) return app(Own::http);
    if (text.starts_with("PRI * HTTP/2.0")) return app(Own::http2);
    if (either_port(53) && looks_like_dns(packet)) return app(Own::dns);
    return {};
}

ProtocolDetector::AttemptPtr ProtocolDetector::begin() {
    if (impl_->attempts >= max_attempts) return nullptr;
    AttemptPtr attempt{new Attempt{impl_->attempts}};
    if (attempt->flow() == nullptr) return nullptr;
    return attempt;
}

ProtocolDetector::Answer ProtocolDetector::ask(Attempt& attempt, const Packet& packet) {
    const auto length = static_cast<std::uint16_t>(std::min<std::size_t>(packet.ip_packet.size(), 0xffff));
    const auto milliseconds = static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::milliseconds>(packet.at.time_since_epoch()).count());
    const auto* bytes = reinterpret_cast<const unsigned char*>(packet.ip_packet.data());
    auto* module = impl_->module.get();
#if NDPI_MAJOR > 4 || (NDPI_MAJOR == 4 && NDPI_MINOR >= 6)
    ndpi_protocol found = ndpi_detection_process_packet(module, attempt.flow(), bytes, length, milliseconds, nullptr);
#else
    ndpi_protocol found = ndpi_detection_process_packet(module, attempt.flow(), bytes, length, milliseconds);
#endif
    Answer answer{impl_->translate(found), false};
    const unsigned limit = packet.proto == Proto::tcp ? max_packets_tcp : max_packets_udp;
    if (!answer.app.known() && ++attempt.packets >= limit) {
        std::uint8_t guessed = 0;
#if NDPI_MAJOR > 4 || (NDPI_MAJOR == 4 && NDPI_MINOR >= 10)
        found = ndpi_detection_giveup(module, attempt.flow(), &guessed);
        if (guessed != 0) found = ndpi_protocol{};
#else
        found = ndpi_detection_giveup(module, attempt.flow(), 0, &guessed);
#endif
        answer = {impl_->translate(found), true};
    }
    answer.final = answer.final || answer.app.known();
    return answer;
}

std::string_view ProtocolDetector::protocol_name(AppId app) const {
    if (app.protocol >= first_own) return impl_->own[app.protocol - first_own];
    return app.protocol != 0 && app.protocol < impl_->ndpi_names.size() ? impl_->ndpi_names[app.protocol]
                                                                        : std::string_view{};
}

std::string_view ProtocolDetector::service_name(AppId app) const {
    if (app.service == 0 || app.service >= first_own) return {};
    return ndpi_get_proto_name(impl_->module.get(), app.service);
}

AppId ProtocolDetector::named(std::string_view protocol) {
    const auto number = [](std::ptrdiff_t index, unsigned first) {
        return AppId{static_cast<std::uint16_t>(first + static_cast<unsigned>(index)), 0};
    };
    const auto known = std::find(impl_->ndpi_names.begin() + 1, impl_->ndpi_names.end(), protocol);
    if (known != impl_->ndpi_names.end()) return number(known - impl_->ndpi_names.begin(), 0);
    const auto own = std::find(impl_->own.begin(), impl_->own.end(), protocol);
    if (own != impl_->own.end()) return number(own - impl_->own.begin(), first_own);
    impl_->own.emplace_back(protocol);
    return number(static_cast<std::ptrdiff_t>(impl_->own.size()) - 1, first_own);
}

}  // namespace linnet
