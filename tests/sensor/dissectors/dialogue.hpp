// Conversations by hand for tests of stream dissectors: what was said, in which order, and what a dissector made of it.
#pragma once

#include "sensor/dissector.hpp"
#include "sensor/sensor_signatures.hpp"
#include "wire/data_directory.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace linnet::test {

/// What a dissector reported. The secret is kept here, and only here, to see that it was read rightly.
struct Heard {
    Service service = Service::telnet;
    std::string user, secret;
    Outcome outcome = Outcome::unknown;
    bool operator==(const Heard&) const = default;
};

/// Those of the repository.
inline const SensorSignatures& the_signatures() {
    static const auto signatures = SensorSignatures::read(signatures_directory());
    return signatures;
}

class Notes final : public Findings {
 public:
    void login(Service service, std::string_view user, std::string_view secret, Outcome outcome) override {
        logins.push_back({service, std::string{user}, std::string{secret}, outcome});
    }
    void tell(Event&& event) override { events.push_back(std::move(event)); }
    [[nodiscard]] const SensorSignatures& signatures() const override { return the_signatures(); }
    void app_proto(std::string_view name) override { apps.emplace_back(name); }
    void done(std::size_t client_offset, std::size_t server_offset) override {
        done_client = client_offset;
        done_server = server_offset;
    }

    std::vector<Heard> logins;
    std::vector<Event> events;
    std::vector<std::string> apps;
    std::size_t done_client = 0, done_server = 0;
};

class Dialogue {
 public:
    explicit Dialogue(std::uint16_t server_port, std::string app_proto = {}) : app_proto_{std::move(app_proto)} {
        port_ = server_port;
    }
    Dialogue& client(std::string_view text) {
        said_.push_back({true, std::string{text}});
        return *this;
    }
    Dialogue& server(std::string_view text) {
        said_.push_back({false, std::string{text}});
        return *this;
    }

    [[nodiscard]] std::size_t size() const {
        std::size_t bytes = 0;
        for (const auto& part : said_) bytes += part.text.size();
        return bytes;
    }

    enum class End { open, closed };

    /// Reads the first `bytes` bytes, as they arrived, out of buffers of exactly that size.
    [[nodiscard]] Notes read(const StreamDissector& dissector, std::size_t bytes, End end) const {
        std::string client, server;
        std::vector<Turn> turns;
        for (const auto& part : said_) {
            const auto arrived = part.text.substr(0, bytes);
            bytes -= arrived.size();
            const auto server_size = static_cast<std::uint32_t>(server.size());
            if (part.from_client && !arrived.empty() && (turns.empty() || turns.back().server != server_size))
                turns.push_back({static_cast<std::uint32_t>(client.size()), server_size});
            (part.from_client ? client : server) += arrived;
        }
        return inspect(dissector, client, server, turns, end);
    }
    /// All of it, and nothing more will come.
    [[nodiscard]] Notes read(const StreamDissector& dissector) const { return read(dissector, size(), End::closed); }

    /// One direction only, as where the other way goes past the sensor.
    [[nodiscard]] Notes read_client_only(const StreamDissector& dissector) const {
        std::string client;
        for (const auto& part : said_) client += part.from_client ? part.text : "";
        return inspect(dissector, client, {}, {}, End::closed);
    }

 private:
    struct Part {
        bool from_client;
        std::string text;
    };

    [[nodiscard]] Notes inspect(const StreamDissector& dissector, std::string_view client, std::string_view server,
                                std::span<const Turn> turns, End end) const {
        // Exact copies on the heap: the address sanitizer sees a single byte read too far.
        const auto copy = [](std::string_view text) {
            std::unique_ptr<char[]> exact{new char[text.size()]};
            std::copy(text.begin(), text.end(), exact.get());
            return exact;
        };
        client = client.substr(0, Conversation::head_size);
        server = server.substr(0, Conversation::head_size);
        const auto client_copy = copy(client), server_copy = copy(server);
        Conversation c;
        c.client.ip = *IpAddress::parse("192.168.1.20");
        c.server.ip = *IpAddress::parse("192.168.1.30");
        c.server.port = {port_};
        c.app_proto = app_proto_;
        c.client_head = {client_copy.get(), client.size()};
        c.server_head = {server_copy.get(), server.size()};
        c.turns = turns;
        c.closing = end == End::closed;
        c.signatures = &the_signatures();
        Notes notes;
        if (dissector.wants(c)) dissector.inspect(c, notes);
        return notes;
    }

    std::vector<Part> said_;
    std::uint16_t port_ = 0;
    std::string app_proto_;
};

/// The rule of dissector.hpp: however much has arrived, the findings are the beginning of the final ones; only the last
/// login may still be waiting for its outcome.
inline bool is_beginning_of(const Notes& part, const Notes& whole) {
    if (part.logins.size() > whole.logins.size() || part.apps.size() > whole.apps.size()) return false;
    for (std::size_t i = 0; i < part.logins.size(); ++i) {
        Heard expected = whole.logins[i];
        const bool waits = i + 1 == part.logins.size() && part.logins[i].outcome == Outcome::unknown;
        if (waits) expected.outcome = Outcome::unknown;
        if (part.logins[i] != expected) return false;
    }
    return part.events.size() <= whole.events.size() &&
           std::equal(part.events.begin(), part.events.end(), whole.events.begin());
}

}  // namespace linnet::test
