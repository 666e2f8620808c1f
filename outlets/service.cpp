#include "service.hpp"

#include "local_offset.hpp"

#include <spdlog/spdlog.h>

#include <set>
#include <thread>
#include <utility>

namespace linnet {
namespace {

constexpr std::chrono::milliseconds nap{200};
constexpr std::chrono::seconds patience{3}, retry{1}, tick{30};

Timestamp time_of_day() { return std::chrono::floor<Duration>(std::chrono::system_clock::now()); }

std::vector<std::string> names_of(const OutletsOptions& options) {
    std::vector<std::string> names;
    for (const auto& outlet : options.outlets) names.push_back(outlet.name);
    return names;
}

const char* state_of(const Health& health) {
    return health.shut_out ? "stopped" : health.attempts > 0 ? "waiting" : "ready";
}

}  // namespace

OutletService::OutletService(OutletsOptions&& options)
    : options_{std::move(options)},
      queue_{options_.queue},
      control_{context_,
               options_.control,
               {.outlets = [this] { return outlets(); },
                .test = [this](const std::string& name) { return test(name); },
                .preview = [this](const std::string& name) { return preview(name); }}} {
    queue_.transact([this](Ledger& ledger) { ledger.keep_only(names_of(options_)); });
    std::vector<Teller::Listener> listeners;
    for (auto& outlet : options_.outlets) {
        if (outlet.stream) {
            outlet.stream->start(options_.queue.parent_path());
            continue;
        }
        types_.push_back(outlet.type);
        listeners.push_back({outlet.name, Policy{outlet.name, outlet.rules, local_offset}});
        couriers_.push_back(std::make_unique<Courier>(outlet.name, std::move(outlet.outlet), queue_));
    }
    teller_.emplace(std::move(listeners), queue_);
}

void OutletService::run(const std::function<bool()>& stopped, const std::function<void()>& on_turn) {
    while (!stopped()) {
        on_turn();
        control_.serve();
        try {
            if (const auto now = Clock::now(); now - ticked_ >= tick) {
                ticked_ = now;
                teller_->tick(time_of_day());
                for (auto& courier : couriers_) courier->wake();
            }
            if (Clock::now() < resume_at_)
                std::this_thread::sleep_for(nap);
            else
                listen();
        } catch (const api::Error& error) {
            complain(error.what());
            lose();
        } catch (const Json::exception& error) {
            complain(std::string{"the analyzer's answer makes no sense: "} + error.what());
        } catch (const std::invalid_argument& error) {
            complain(std::string{"the analyzer's answer makes no sense: "} + error.what());
        } catch (const DatabaseError& error) {
            if (error.trouble != Trouble::no_room) throw;
            complain(error.what());
        }
    }
}

/// Once, until something else is wrong.
void OutletService::complain(const std::string& sentence) {
    if (trouble_ != sentence) spdlog::warn("{}", sentence);
    trouble_ = sentence;
    resume_at_ = Clock::now() + retry;
}

/// The couriers are only woken up by the feed: what it tells is asked for by number. Streams are told what it says.
void OutletService::listen() {
    if (!analyzer_) {
        connect();
        read_changes();
        return;
    }
    auto feed = analyzer_->next_feed(nap);
    if (!feed) {
        if (Clock::now() - heard_ > api::silence) lose();
        return;
    }
    bool has_gap = false;
    for (; feed; feed = analyzer_->next_feed(std::chrono::milliseconds{0})) has_gap = !follow(*feed) || has_gap;
    heard_ = Clock::now();
    if (has_gap) subscribe(*analyzer_);
    read_changes();
}

void OutletService::connect() {
    auto client = std::make_unique<api::Client>(options_.api);
    subscribe(*client);
    analyzer_ = std::move(client);
    heard_ = Clock::now();
}

void OutletService::subscribe(api::Client& client) {
    const auto all = client.request("subscribe", Json::object(), patience);
    sequence_ = all.at("sequence").get<std::uint64_t>();
    for (auto& outlet : options_.outlets)
        if (outlet.stream) outlet.stream->begin(all);
}

/// False where something was missed. What was sent before we subscribed is in its answer already.
bool OutletService::follow(const Json& feed) {
    const auto sequence = feed.at("sequence").get<std::uint64_t>();
    if (sequence <= sequence_) return true;
    const bool is_next = sequence == sequence_ + 1;
    sequence_ = sequence;
    if (is_next)
        for (auto& outlet : options_.outlets)
            if (outlet.stream) outlet.stream->follow(feed);
    return is_next;
}

void OutletService::lose() {
    analyzer_.reset();
    for (auto& outlet : options_.outlets)
        if (outlet.stream) outlet.stream->lose();
}

void OutletService::read_changes() {
    if (couriers_.empty()) {
        if (!trouble_.empty()) spdlog::info("the analyzer is heard again");
        trouble_.clear();
        return;
    }
    bool has_more = true;
    while (has_more) {
        has_more = teller_->take(analyzer_->request("changes", teller_->question(), patience), time_of_day());
        for (auto& courier : couriers_) courier->wake();
    }
    if (teller_->must_forget()) forget();
    if (!trouble_.empty()) spdlog::info("the analyzer is heard again");
    trouble_.clear();
}

void OutletService::forget() {
    std::set<std::string> known;
    for (const auto& eve : analyzer_->request("devices", Json::object(), patience)) {
        const auto device = device_from_eve(eve);
        known.insert(device.key);
        for (const auto& mac : device.macs) known.insert(to_string(mac));
        for (const auto& ip : device.ips) known.insert(to_string(ip));
    }
    teller_->forget_others(known);
}

Json OutletService::outlets() {
    Json list = streams();
    for (std::size_t i = 0; i < couriers_.size(); ++i) {
        const auto& name = couriers_[i]->name();
        const auto health = couriers_[i]->health();
        const auto waiting = queue_.with([&](Ledger& ledger) { return ledger.waiting(name); });
        Json& told = list.emplace_back(Json{{"name", name},
                                            {"type", types_[i]},
                                            {"state", state_of(health)},
                                            {"queue", waiting},
                                            {"delivered", health.delivered},
                                            {"refused", health.refused}});
        if (health.last_success != Timestamp{}) told["last_success"] = to_string(health.last_success);
        if (!health.last_error.empty()) told["last_error"] = health.last_error;
        if (health.attempts > 0 && !health.shut_out) told["next"] = to_string(health.next);
    }
    return list;
}

Json OutletService::streams() const {
    Json list = Json::array();
    for (const auto& [name, type, rules, outlet, stream] : options_.outlets) {
        if (!stream) continue;
        const auto state = stream->state();
        Json& told = list.emplace_back(Json{{"name", name},
                                            {"type", type},
                                            {"state", state.reason.empty() ? "ready" : "waiting"},
                                            {"queue", 0},
                                            {"delivered", stream->delivered()},
                                            {"refused", 0}});
        if (stream->last_success() != Timestamp{}) told["last_success"] = to_string(stream->last_success());
        if (!state.reason.empty()) told["last_error"] = state.reason;
    }
    return list;
}

/// A stream has no message to try: it says how it goes.
std::optional<std::future<Delivery>> OutletService::test(const std::string& name) {
    for (const auto& outlet : options_.outlets) {
        if (!outlet.stream || outlet.name != name) continue;
        std::promise<Delivery> answer;
        answer.set_value(outlet.stream->state());
        return answer.get_future();
    }
    for (auto& courier : couriers_) {
        if (courier->name() != name) continue;
        const auto now = time_of_day();
        auto message = example_message(name, MessageKind::test, now);
        message.id += "/" + std::to_string(now.time_since_epoch().count());
        return courier->test(std::move(message));
    }
    return std::nullopt;
}

std::optional<Json> OutletService::newest_alert() {
    if (!analyzer_) return std::nullopt;
    try {
        const auto alerts = analyzer_->request("alerts", {{"limit", 1}}, patience);
        if (!alerts.empty()) return alerts.at(0);
    } catch (const api::Error&) {  // then it is an example
    }
    return std::nullopt;
}

std::optional<Json> OutletService::preview(const std::string& name) {
    const auto now = time_of_day();
    const auto eve = newest_alert();
    Json list = Json::array();
    for (std::size_t i = 0; i < couriers_.size(); ++i) {
        const auto& courier = *couriers_[i];
        if (!name.empty() && courier.name() != name) continue;
        auto message = example_message(courier.name(), MessageKind::test, now);
        if (eve) {
            const Moment moment{.now = now, .series = "0123456789abcdef"};
            message = teller_->listeners()[i].policy.begun(*eve, alert_from_eve(*eve), moment);
        }
        list.push_back({{"name", courier.name()}, {"example", !eve}, {"bytes", courier.outlet().preview(message, now)}});
    }
    for (const auto& outlet : options_.outlets)
        if (outlet.stream && (name.empty() || outlet.name == name))
            list.push_back({{"name", outlet.name}, {"example", false}, {"bytes", outlet.stream->preview()}});
    if (list.empty() && !name.empty()) return std::nullopt;
    return list;
}

}  // namespace linnet
