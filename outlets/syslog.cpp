// EVE JSON to a syslog server over TLS (RFC 5424, RFC 5425). Syslog has no receipts: a batch counts as written when the
// server's machine has confirmed its bytes, and where the server broke off before the next one, the last batch is sent
// again.
#include "eve_stream.hpp"
#include "outlets.hpp"
#include "syslog_message.hpp"
#include "tls_stream.hpp"

#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include <unistd.h>

namespace linnet {
namespace {

constexpr std::uint16_t usual_port = 6514;
constexpr std::chrono::seconds longest_pause{3600};

class SyslogSink : public LineSink {
 public:
    SyslogSink(TlsStream::Setup setup, SyslogSender sender, Secret password)
        : setup_{std::move(setup)}, sender_{std::move(sender)}, password_{std::move(password)} {}

    [[nodiscard]] std::string preview(const std::string& lines) const override {
        std::string frames;
        for (std::string_view rest = lines; !rest.empty();) {
            const auto end = std::min(rest.find('\n'), rest.size() - 1);
            const auto eve = Json::parse(rest.substr(0, end + 1), nullptr, false);
            if (eve.is_object()) frames += octet_counted(syslog_message(sender_, eve));
            rest.remove_prefix(end + 1);
        }
        return frames;
    }

    void write(const std::string& lines, Timestamp /*now*/) override {
        auto frames = preview(lines);
        try {
            if (stream_) look_at_peer();
            if (!stream_) stream_.emplace(setup_, password_);
            stream_->send(is_unsure_ ? last_ + frames : frames);
        } catch (...) {
            stream_.reset();
            throw;
        }
        last_ = std::move(frames);
        is_unsure_ = false;
    }

 private:
    void look_at_peer() {
        const auto peer = stream_->peer();
        if (peer == TlsStream::Peer::there) return;
        is_unsure_ = is_unsure_ || peer == TlsStream::Peer::broken_off;
        stream_.reset();
    }

    TlsStream::Setup setup_;
    SyslogSender sender_;
    Secret password_;
    std::optional<TlsStream> stream_;
    std::string last_;  ///< batch
    bool is_unsure_ = false;
};

std::string own_name() {
    std::array<char, 256> name{};
    return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

TlsStream::Setup read_server(Settings& settings, const OutletBasics& basics) {
    auto server = parse_server_address(settings.text("url", ""));
    if (!server || server->scheme != "tls")
        settings.refuse("url", "must be an address such as tls://logs.example.org or tls://logs.example.org:6514");
    if (server->port == 0) server->port = usual_port;
    TlsStream::Setup setup{.server = std::move(*server),
                           .ca_file = basics.ca_file,
                           .certificate = settings.text("certificate", ""),
                           .key = settings.text("key", "")};
    if (setup.certificate.empty() != setup.key.empty())
        settings.refuse("key", "a certificate needs a key, and a key a certificate");
    if (setup.key.empty() && !basics.secret.empty())
        settings.refuse("key", "is needed where there is a token_file or credential");
    if (!setup.key.empty()) require_private(setup.key);
    std::error_code ignored;
    for (const auto& [name, file] : {std::pair{"certificate", &setup.certificate}, std::pair{"key", &setup.key}})
        if (!file->empty() && !std::filesystem::is_regular_file(*file, ignored))
            settings.refuse(name, "there is no such file");
    return setup;
}

std::unique_ptr<Stream> make(Settings& settings, OutletBasics&& basics) {
    auto setup = read_server(settings, basics);
    SyslogSender sender{.host = own_name()};
    const auto facility = parse_facility(settings.text("facility", "local0"));
    if (!facility) settings.refuse("facility", "must be one such as daemon, authpriv or local0");
    sender.facility = *facility;
    sender.max_bytes = static_cast<std::size_t>(settings.integer("max_bytes", 8'192, 2'048, 1'048'576));
    return eve_stream(std::make_unique<SyslogSink>(std::move(setup), std::move(sender), std::move(basics.secret)),
                      longest_pause);
}

}  // namespace

const OutletType syslog_outlet{.name = "syslog", .make = nullptr, .make_stream = make};

}  // namespace linnet
