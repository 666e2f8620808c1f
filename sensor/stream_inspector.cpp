#include "stream_inspector.hpp"

#include "default_credentials.hpp"

#include <algorithm>
#include <bit>
#include <optional>
#include <string>

namespace linnet {
namespace {

/// Collects what one dissector says in one reading. Secrets end here: what is kept is the number of the default entry.
class Collected final : public Findings {
 public:
    Collected(const DefaultCredentials& defaults) : defaults_{defaults} {}

    void login(Service service, std::string_view user, std::string_view secret, LoginOutcome outcome) override {
        if (logins.size() == StreamInspector::max_findings) return;
        logins.push_back({.service = service,
                          .outcome = outcome,
                          .default_entry = defaults_.match(service, user, secret),
                          .user = plain_text(user)});
    }
    void hint(std::string_view key, std::string_view value) override {
        if (hints.size() == StreamInspector::max_findings) return;
        hints.push_back({.key = std::string{key}, .value = plain_text(value)});
    }
    void app_proto(std::string_view name) override { app = name; }
    void done(std::size_t client_offset, std::size_t server_offset) override {
        done_client = static_cast<std::uint32_t>(client_offset);
        done_server = static_cast<std::uint32_t>(server_offset);
        done_logins = logins.size();
        done_hints = hints.size();
    }

    std::vector<Login> logins;
    std::vector<DeviceHint> hints;
    std::string_view app;
    std::uint32_t done_client = 0, done_server = 0;
    std::size_t done_logins = 0, done_hints = 0;  ///< found before that point

 private:
    const DefaultCredentials& defaults_;
};

}  // namespace

void StreamInspector::note_turn() {
    const auto client = to_server_.reach(), server = to_client_.reach();
    if (client > client_read_ && turns_.size() < Conversation::max_turns &&
        (turns_.empty() || turns_.back().server != server))
        turns_.push_back({client_read_, server});
}

bool StreamInspector::ask(const StreamContext& context) {
    // A beginning of a few bytes can be one letter of a request; from here on, nobody changes their mind.
    constexpr std::size_t telling = 32;
    const auto client = std::min(to_server_.contiguous().size(), telling),
               server = std::min(to_client_.contiguous().size(), telling);
    const Asked asked{static_cast<std::uint8_t>(client), static_cast<std::uint8_t>(server), !context.app_proto.empty()};
    if (asked == asked_) return wanted();
    asked_ = asked;
    const auto now = conversation(context);
    const auto rows = stream_dissectors();
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if ((wanted_by_ >> i & 1U) == 0 && rows[i].wants(now)) wanted_by_ |= 1U << i;
    }
    return wanted();
}

std::string_view StreamInspector::inspect(const StreamContext& context, const DefaultCredentials& defaults,
                                          const Emit& emit) {
    const auto client = to_server_.reach(), server = to_client_.reach();
    const bool news = client != client_read_ || server != server_read_;
    const bool impatient = std::any_of(delivered_.begin(), delivered_.end(), [&](const Delivered& d) {
        return d.waiting && context.at - d.waiting_since >= answer_patience;
    });
    client_read_ = client;
    server_read_ = server;
    if (!wanted() || (!news && !impatient)) return {};
    return read(conversation(context), defaults, emit);
}

std::string_view StreamInspector::close(const StreamContext& context, const DefaultCredentials& defaults, const Emit& emit) {
    ask(context);
    auto last = conversation(context);
    last.closing = true;
    return read(last, defaults, emit);
}

Conversation StreamInspector::conversation(const StreamContext& context) const {
    return {.at = context.at,
            .flow_id = context.flow_id,
            .client = context.client,
            .server = context.server,
            .app_proto = context.app_proto,
            .client_head = to_server_.contiguous(),
            .server_head = to_client_.contiguous(),
            .turns = turns_,
            .midstream = context.midstream};
}

StreamInspector::Delivered& StreamInspector::delivered_by(std::uint8_t dissector) {
    for (auto& entry : delivered_) {
        if (entry.dissector == dissector) return entry;
    }
    delivered_.push_back({.dissector = dissector, .waiting_since = {}});
    return delivered_.back();
}

std::string_view StreamInspector::read(const Conversation& conversation, const DefaultCredentials& defaults,
                                       const Emit& emit) {
    std::string_view app;
    const auto rows = stream_dissectors();
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if ((wanted_by_ >> i & 1U) == 0) continue;
        Collected found{defaults};
        rows[i].inspect(conversation, found);
        if (!found.app.empty()) app = found.app;

        auto& delivered = delivered_by(static_cast<std::uint8_t>(i));
        for (; delivered.hints < found.hints.size(); ++delivered.hints) {
            auto& hint = found.hints[delivered.hints];
            hint.at = conversation.at;
            hint.mac = conversation.client.mac;
            hint.ip = conversation.client.ip;
            hint.source = rows[i].name;
            emit(std::move(hint));
        }
        for (; delivered.logins < found.logins.size(); ++delivered.logins, delivered.waiting = false) {
            auto& login = found.logins[delivered.logins];
            const bool is_last = delivered.logins + 1U == found.logins.size();
            if (login.outcome == LoginOutcome::unknown && is_last && !conversation.closing) {
                if (!delivered.waiting) {
                    delivered.waiting = true;
                    delivered.waiting_since = conversation.at;
                }
                if (conversation.at - delivered.waiting_since < answer_patience) break;
            }
            login.at = conversation.at;
            login.flow_id = conversation.flow_id;
            login.client = conversation.client;
            login.server = conversation.server;
            emit(std::move(login));
        }
        const bool only_reader = std::has_single_bit(wanted_by_);
        if (only_reader && found.done_client > 0 && delivered.logins >= found.done_logins &&
            delivered.hints >= found.done_hints) {
            delivered.logins = static_cast<std::uint16_t>(delivered.logins - found.done_logins);
            delivered.hints = static_cast<std::uint16_t>(delivered.hints - found.done_hints);
            drop_before(found.done_client, found.done_server);
        }
    }
    return app;
}

void StreamInspector::drop_before(std::uint32_t client_offset, std::uint32_t server_offset) {
    to_server_.drop_before(client_offset);
    to_client_.drop_before(server_offset);
    std::erase_if(turns_, [&](const Turn& turn) { return turn.client < client_offset; });
    for (auto& turn : turns_) {
        turn.client -= client_offset;
        turn.server -= std::min(turn.server, server_offset);
    }
    client_read_ = to_server_.reach();
    server_read_ = to_client_.reach();
}

}  // namespace linnet
