#include "stream_inspector.hpp"

#include "sensor_signatures.hpp"

#include <algorithm>
#include <optional>
#include <string>

namespace linnet {
namespace {

/// Puts into an event what the conversation knows.
struct FillIn {
    const Conversation& conversation;

    void operator()(auto& event) const {
        if constexpr (requires { event.at; }) event.at = conversation.at;
        if constexpr (requires { event.flow_id; }) event.flow_id = conversation.flow_id;
        if constexpr (requires { event.client; }) event.client = conversation.client;
        if constexpr (requires { event.server; }) event.server = conversation.server;
        if constexpr (requires { event.router; }) event.router = conversation.server;
    }
};

}  // namespace

/// Collects what one dissector says in one reading. Secrets end here: what is kept is the number of the default entry.
class StreamInspector::Collected final : public Findings {
 public:
    explicit Collected(const SensorSignatures& signatures) : signatures_{signatures} {}

    void login(Service service, std::string_view user, std::string_view secret, Outcome outcome) override {
        if (logins.size() == max_findings) return;
        logins.push_back({.service = service,
                          .outcome = outcome,
                          .default_entry = signatures_.defaults.match(service, user, secret),
                          .user = plain_text(user)});
    }
    void tell(Event&& event) override {
        if (events.size() < max_findings) events.push_back(std::move(event));
    }
    void app_proto(std::string_view name) override { app = name; }
    void done(std::size_t client_offset, std::size_t server_offset) override {
        ends.push_back({static_cast<std::uint32_t>(client_offset), static_cast<std::uint32_t>(server_offset),
                        static_cast<std::uint16_t>(logins.size()), static_cast<std::uint16_t>(events.size())});
    }
    void need(std::size_t server_bytes) override { needed = std::max(needed, server_bytes); }
    void settled() override { is_settled = true; }
    void finished() override { is_finished = true; }
    [[nodiscard]] const SensorSignatures& signatures() const override { return signatures_; }

    std::vector<Login> logins;
    std::vector<Event> events;
    std::vector<ExchangeEnd> ends;  ///< in rising order
    std::string_view app;
    std::size_t needed = 0;
    bool is_settled = false;
    bool is_finished = false;

 private:
    const SensorSignatures& signatures_;
};

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
        if (((wanted_by_ | finished_) >> i & 1U) != 0 || !rows[i].wants(now)) continue;
        wanted_by_ |= std::uint64_t{1} << i;
        settled_ = false;
    }
    return wanted();
}

std::string_view StreamInspector::inspect(const StreamContext& context, const Emit& emit) {
    const auto client = to_server_.reach(), server = to_client_.reach();
    // What goes past a full head of the server shows in nothing that a dissector is handed.
    const bool news = client != client_read_ || (server != server_read_ && server_read_ < to_client_.limit() && !settled_);
    const bool impatient = std::any_of(delivered_.begin(), delivered_.end(), [&](const Delivered& d) {
        return d.waiting && context.at - d.waiting_since >= answer_patience;
    });
    client_read_ = client;
    server_read_ = server;
    if (!wanted() || (!news && !impatient)) return {};
    return read(conversation(context), emit);
}

std::string_view StreamInspector::close(const StreamContext& context, const Emit& emit) {
    ask(context);
    auto last = conversation(context);
    last.closing = true;
    return read(last, emit);
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
            .midstream = context.midstream,
            .signatures = signatures_.get(),
            .ended = context.ended};
}

StreamInspector::Delivered& StreamInspector::delivered_by(std::uint8_t dissector) {
    for (auto& entry : delivered_) {
        if (entry.dissector == dissector) return entry;
    }
    delivered_.push_back({.dissector = dissector, .waiting_since = {}});
    return delivered_.back();
}

std::string_view StreamInspector::read(const Conversation& conversation, const Emit& emit) {
    std::string_view app;
    std::vector<std::vector<ExchangeEnd>> ends;  // of every reader
    settled_ = true;
    const auto rows = stream_dissectors();
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if ((wanted_by_ >> i & 1U) == 0) continue;
        Collected found{*signatures_};
        rows[i].inspect(conversation, found);
        if (!found.app.empty()) app = found.app;

        auto& delivered = delivered_by(static_cast<std::uint8_t>(i));
        for (; delivered.events < found.events.size(); ++delivered.events) {
            auto& event = found.events[delivered.events];
            std::visit(FillIn{conversation}, event);
            emit(std::move(event));
        }
        for (; delivered.logins < found.logins.size(); ++delivered.logins, delivered.waiting = false) {
            auto& login = found.logins[delivered.logins];
            const bool is_last = delivered.logins + 1U == found.logins.size();
            if (login.outcome == Outcome::unknown && is_last && !conversation.closing) {
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
        settled_ = settled_ && (found.is_settled || found.is_finished);
        if (found.is_finished) finished_ |= std::uint64_t{1} << i;
        if (found.needed > 0) to_client_.raise_limit(static_cast<std::uint32_t>(found.needed));
        std::erase_if(found.ends, [&](const ExchangeEnd& end) { return end.logins > delivered.logins; });
        ends.push_back(std::move(found.ends));
    }
    move_on(ends);
    wanted_by_ &= ~finished_;
    return app;
}

/// Behind the last exchange that all readers are done with, what they found before it being delivered.
void StreamInspector::move_on(std::span<const std::vector<ExchangeEnd>> ends) {
    if (ends.empty() || std::any_of(ends.begin(), ends.end(), [](const auto& mine) { return mine.empty(); })) return;
    const auto at_offset = [](const std::vector<ExchangeEnd>& mine, std::uint32_t client) {
        return std::find_if(mine.rbegin(), mine.rend(), [client](const auto& end) { return end.client == client; });
    };
    const auto common = std::find_if(ends[0].rbegin(), ends[0].rend(), [&](const ExchangeEnd& end) {
        return std::all_of(ends.begin(), ends.end(),
                           [&](const auto& mine) { return at_offset(mine, end.client) != mine.rend(); });
    });
    if (common == ends[0].rend() || common->client == 0) return;
    std::uint32_t server = common->server;
    std::size_t reader = 0;
    for (std::uint8_t i = 0; i < stream_dissectors().size(); ++i) {
        if ((wanted_by_ >> i & 1U) == 0) continue;
        const auto end = at_offset(ends[reader++], common->client);
        auto& delivered = delivered_by(i);
        delivered.logins = static_cast<std::uint16_t>(delivered.logins - end->logins);
        delivered.events = static_cast<std::uint16_t>(delivered.events - end->events);
        server = std::min(server, end->server);
    }
    drop_before(common->client, server);
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
