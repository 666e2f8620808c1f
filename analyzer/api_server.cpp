#include "api_server.hpp"

#include "api_alerts.hpp"
#include "api_devices.hpp"
#include "api_mud.hpp"
#include "household.hpp"
#include "identify/text_parts.hpp"
#include "wire/api.hpp"

#include <algorithm>
#include <utility>

namespace linnet {
namespace {

Json refusal(std::uint64_t id, const std::string& code, const std::string& message) {
    return {{"id", id}, {"ok", false}, {"error", {{"code", code}, {"message", message}}}};
}

Timestamp time_of_day() { return std::chrono::floor<Duration>(std::chrono::system_clock::now()); }

}  // namespace

ApiServer::ApiServer(zmq::context_t& context, const std::vector<std::string>& endpoints, const Keyring* keyring,
                     Store& store, Core& core, Actions actions)
    : entrance_{context, endpoints, PeerRole::dashboard, keyring, max_api_request},
      store_{store},
      core_{core},
      actions_{std::move(actions)} {}

bool ApiServer::accepts(Clock::time_point now) const {
    return requests_this_second_ < max_requests_per_second || now - second_began_ >= std::chrono::seconds{1};
}

void ApiServer::serve(std::size_t requests) {
    for (; requests > 0; --requests) {
        const auto now = Clock::now();
        if (!accepts(now)) return;
        if (now - second_began_ >= std::chrono::seconds{1}) {
            second_began_ = now;
            requests_this_second_ = 0;
        }
        Entrance::Message message;
        const auto arrival = entrance_.receive(message);
        if (arrival == Entrance::Arrival::none) return;
        ++requests_this_second_;
        if (arrival == Entrance::Arrival::refused) {
            ++refused_;
            continue;
        }
        const auto request = parse_api_request(message.body.to_string_view());
        const auto* refused = std::get_if<ApiRefusal>(&request);
        entrance_.send(message.from, dump(refused == nullptr ? answer(std::get<ApiRequest>(request), message.from)
                                                             : refusal(refused->id, refused->code, refused->message)));
    }
}

Json ApiServer::answer(const ApiRequest& request, const Caller& from) {
    const bool subscribed = std::find(subscribers_.begin(), subscribers_.end(), from) != subscribers_.end();
    if (request.question == ApiQuestion::subscribe && !subscribed && subscribers_.size() >= max_subscribers)
        return refusal(request.id, "too-many", "Too many programs listen to this analyzer already. Close one of them.");
    if (request.question == ApiQuestion::report) return report(request);
    if (is_about_mud(request)) {
        auto mud = answer_about_mud(request, core_);
        if (!mud.error.empty()) return refusal(request.id, "refused", mud.error);
        return saved(request, std::move(mud.result), mud.changed);
    }
    if (is_about_a_device(request)) {
        auto device = answer_about_a_device(request, core_, time_of_day());
        if (!device.error.empty()) return refusal(request.id, "refused", device.error);
        return saved(request, std::move(device.result), device.changed);
    }
    if (is_about_alerts(request)) {
        auto alerts = answer_about_alerts(request, core_, store_, time_of_day());
        if (!alerts.error.empty()) return refusal(request.id, "refused", alerts.error);
        return saved(request, std::move(alerts.result), alerts.changed);
    }
    if (is_about_peers(request)) {
        auto peers = actions_.peers(request);
        if (!peers.error.empty()) return refusal(request.id, "refused", peers.error);
        return {{"id", request.id}, {"ok", true}, {"result", std::move(peers.result)}};
    }
    if (request.question == ApiQuestion::forget || request.question == ApiQuestion::erase) return forgotten(request);
    Json answer{{"id", request.id}, {"ok", true}};
    answer["result"] = result(request, from);
    return answer;
}

Json ApiServer::saved(const ApiRequest& request, Json result, bool changed) const {
    if (changed)
        if (const auto wrong = actions_.save(); !wrong.empty()) return refusal(request.id, "refused", wrong);
    return {{"id", request.id}, {"ok", true}, {"result", std::move(result)}};
}

Json ApiServer::forgotten(const ApiRequest& request) const {
    const bool all = request.question == ApiQuestion::erase;
    const auto wrong = all ? actions_.erase() : actions_.forget(request.page.device);
    if (!wrong.empty()) return refusal(request.id, "refused", wrong);
    return {{"id", request.id}, {"ok", true}, {"result", Json::object()}};
}

Json ApiServer::result(const ApiRequest& request, const Caller& from) {
    switch (request.question) {
        case ApiQuestion::status: return actions_.status();
        case ApiQuestion::devices: return devices();
        case ApiQuestion::alerts: return alerts(page_of(request));
        case ApiQuestion::copy: return {{"number", store_.want_copy()}};
        case ApiQuestion::hours: return hours(page_of(request));
        case ApiQuestion::changes: return changes(request);
        case ApiQuestion::flows: {
            auto list = Json::array();
            for (const auto& found : store_.flows(page_of(request), core_.household().locality())) {
                Json& eve = list.emplace_back(to_eve(found.flow));
                if (found.tls != TlsFacts{}) eve["tls"] = to_eve(found.tls);
                eve["linnet"]["row"] = found.row;
            }
            return list;
        }
        default: break;  // subscribe
    }
    if (std::find(subscribers_.begin(), subscribers_.end(), from) == subscribers_.end()) subscribers_.push_back(from);
    Json all{{"sequence", sequence_}};
    all["devices"] = devices();
    all["alerts"] = alerts({.limit = alerts_on_subscribe});
    all["status"] = actions_.status();
    return all;
}

/// Of the time up to now, so that one event with a date in the future does not make everything else too old to be told.
Json ApiServer::report(const ApiRequest& request) const {
    const ReportCard card = core_.report(request.as_of.value_or(time_of_day()), request.page.device);
    if (!request.page.device.empty() && card.devices.empty())
        return refusal(request.id, "unknown-device", "This device was not seen in the time of the report.");
    return {{"id", request.id}, {"ok", true}, {"result", to_json(card)}};
}

/// With all keys of the device that it is about.
Page ApiServer::page_of(const ApiRequest& request) const {
    Page page = request.page;
    if (!page.device.empty()) page.keys = core_.household().keys_of(page.device);
    if (page.filter.kind && page.device.empty())
        for (const auto& device : core_.devices())
            if (in_small_letters(device.kind) == page.filter.kind)
                for (auto& key : core_.household().keys_of(device.key)) page.keys.push_back(std::move(key));
    return page;
}

void ApiServer::complete(Json& alert) const { bring_up_to_date(alert, core_, store_.clock(), time_of_day()); }

Json ApiServer::alerts(const Page& page) {
    auto list = Json::array();
    for (auto& eve : store_.alerts(page)) {
        complete(eve);
        list.push_back(std::move(eve));
    }
    return list;
}

Json ApiServer::hours(const Page& page) {
    auto list = Json::array();
    for (const auto& [hour, device, app_proto, volume] : store_.hours(page))
        list.push_back({{"hour", to_string(hour)},
                        {"device", device},
                        {"app_proto", app_proto},
                        {"flows", volume.flows},
                        {"packets_out", volume.packets_out},
                        {"packets_in", volume.packets_in},
                        {"bytes_out", volume.bytes_out},
                        {"bytes_in", volume.bytes_in}});
    return list;
}

Json ApiServer::changes(const ApiRequest& request) {
    auto found = store_.changes(request.after, request.page.limit);
    Json all{{"series", found.series}, {"last", found.last}, {"forgets", found.forgets}};
    if (store_.clock() != Timestamp{}) all["at"] = to_string(store_.clock());
    if (store_.since() != Timestamp{}) all["since"] = to_string(store_.since());
    all["quiet_seconds"] = core_.status().value("quiet_seconds", 0);
    all["alerts"] = Json::array();
    for (auto& eve : found.alerts) {
        complete(eve);
        all["alerts"].push_back(std::move(eve));
    }
    return all;
}

Json ApiServer::devices() const {
    auto list = Json::array();
    for (const auto& device : core_.devices()) list.push_back(to_eve(device));
    return list;
}

void ApiServer::publish(const Changes& changes) {
    if (subscribers_.empty()) return;
    auto devices = Json::array(), alerts = Json::array();
    for (const auto& device : changes.devices) devices.push_back(to_eve(device));
    for (const auto& alert : changes.alerts) {
        alerts.push_back(to_eve(alert));
        complete(alerts.back());
    }
    feed(std::move(devices), std::move(alerts), changes.gone);
}

void ApiServer::keep_alive(Clock::time_point now) {
    if (now - fed_ >= api::heartbeat) feed(Json::array(), Json::array(), {});
}

void ApiServer::feed(Json devices, Json alerts, const std::vector<std::string>& gone) {
    fed_ = Clock::now();
    if (subscribers_.empty()) return;
    Json message;
    auto& content = message["feed"];
    content["sequence"] = ++sequence_;
    content["devices"] = std::move(devices);
    content["alerts"] = std::move(alerts);
    if (!gone.empty()) content["gone"] = gone;
    content["status"] = actions_.status();
    const auto text = dump(message);
    if (text.size() > api::max_message) return;  // the gap makes everybody subscribe again
    std::erase_if(subscribers_, [&](const auto& each) { return entrance_.send(each, text) == Entrance::Sent::gone; });
}

std::set<std::string> ApiServer::connected_keys() const {
    std::set<std::string> keys;
    for (const auto& each : subscribers_)
        if (!each.key.empty()) keys.insert(each.key);
    return keys;
}

}  // namespace linnet
