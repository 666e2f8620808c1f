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

/// A stream that has not written yet waits: nothing says that it can.
const char* state_of(const Health& health, bool is_stream) {
    const bool is_untried = is_stream && health.last_success == Timestamp{};
    return health.shut_out ? "stopped" : health.attempts > 0 || is_untried ? "waiting" : "ready";
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
        if (!outlet.outlet) continue;
        listeners.push_back({outlet.name, Policy{outlet.name, outlet.rules, local_offset}});
        couriers_.push_back(std::make_unique<Courier>(outlet.name, std::move(outlet.outlet), queue_));
    }
    teller_.emplace(std::move(listeners), queue_);
    for (auto& outlet : options_.outlets)
        if (outlet.stream)
            streams_.push_back(std::make_unique<StreamRunner>(
                outlet.name, std::move(outlet.stream), queue_,
                StreamRunner::Surroundings{options_.api, options_.queue.parent_path(), [this] { return outlets(); }}));
    for (auto& stream : streams_) stream->start();  // from here on nothing that outlets() reads changes its place
}

void OutletService::run(const std::function<bool()>& stopped, const std::function<void()>& on_turn) {
    while (!stopped()) {
        on_turn();
        control_.serve();
        try {
            if (const auto now = Clock::now(); now - ticked_ >= tick) {
                ticked_ = now;
                teller_->tick(time_of_day());
                wake_all();
            }
            if (Clock::now() < resume_at_)
                std::this_thread::sleep_for(nap);
            else
                listen();
        } catch (const api::Error& error) {
            complain(error.what());
            analyzer_.reset();
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

/// The feed only wakes us up: what it tells is asked for by number.
void OutletService::listen() {
    if (!analyzer_) {
        connect();
        read_changes();
        return;
    }
    if (!analyzer_->next_feed(nap)) {
        if (Clock::now() - heard_ > api::silence) analyzer_.reset();
        return;
    }
    while (analyzer_->next_feed(std::chrono::milliseconds{0})) {
    }
    heard_ = Clock::now();
    read_changes();
}

void OutletService::connect() {
    auto client = std::make_unique<api::Client>(options_.api);
    static_cast<void>(client->request("subscribe", Json::object(), patience));
    analyzer_ = std::move(client);
    heard_ = Clock::now();
}

void OutletService::read_changes() {
    bool has_more = !couriers_.empty();
    while (has_more) {
        has_more = teller_->take(analyzer_->request("changes", teller_->question(), patience), time_of_day());
        wake_all();
    }
    wake_all();
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

void OutletService::wake_all() {
    for (auto& courier : couriers_) courier->wake();
    for (auto& stream : streams_) stream->wake();
}

Json OutletService::outlets() {
    Json list = Json::array();
    auto courier = couriers_.begin();
    auto stream = streams_.begin();
    for (const auto& outlet : options_.outlets) {
        const auto& name = outlet.name;
        const bool is_stream = courier == couriers_.end() || (*courier)->name() != name;
        const auto health = is_stream ? (*stream++)->health() : (*courier++)->health();
        const auto waiting = queue_.with([&](Ledger& ledger) { return ledger.waiting(name); });
        Json& told = list.emplace_back(Json{{"name", name},
                                            {"type", outlet.type},
                                            {"state", state_of(health, is_stream)},
                                            {"queue", waiting},
                                            {"delivered", health.delivered},
                                            {"refused", health.refused}});
        if (health.last_success != Timestamp{}) told["last_success"] = to_string(health.last_success);
        if (!health.last_error.empty()) told["last_error"] = health.last_error;
        if (health.attempts > 0 && !health.shut_out && health.next != Timestamp{}) told["next"] = to_string(health.next);
    }
    return list;
}

std::optional<std::future<Delivery>> OutletService::test(const std::string& name) {
    for (auto& courier : couriers_) {
        if (courier->name() != name) continue;
        const auto now = time_of_day();
        auto message = example_message(name, MessageKind::test, now);
        message.id += "/" + std::to_string(now.time_since_epoch().count());
        return courier->test(std::move(message));
    }
    for (auto& stream : streams_)
        if (stream->name() == name) return stream->test();
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
    for (const auto& stream : streams_)
        if (name.empty() || stream->name() == name)
            list.push_back(
                {{"name", stream->name()},
                 {"example", !eve},
                 {"bytes", stream->preview(eve ? *eve : example_message(stream->name(), MessageKind::test, now).alert)}});
    if (list.empty() && !name.empty()) return std::nullopt;
    return list;
}

}  // namespace linnet
