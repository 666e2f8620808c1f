#include "analyzer.hpp"

#include "household.hpp"
#include "signatures.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <set>

namespace linnet {
namespace {

constexpr std::size_t messages_per_turn = 16;
constexpr std::size_t requests_per_turn = 8;
constexpr std::chrono::milliseconds longest_sleep{500};
constexpr std::chrono::seconds acknowledge_interval{1};
constexpr std::chrono::seconds farewell{2};  // how long a sensor may take to hear that all is committed, and to leave
constexpr std::chrono::milliseconds farewell_interval{10};
constexpr std::chrono::milliseconds copy_interval{5};

/// Text from outside, fit for a log: in quotation marks, everything unusual escaped.
std::string quoted(const std::string& text) { return Json(text).dump(-1, ' ', true, Json::error_handler_t::replace); }

Timestamp time_of_day() { return std::chrono::floor<Duration>(std::chrono::system_clock::now()); }

Json status_of(const Source& source, bool connected, const std::string& sandbox) {
    const auto stats = source.stats.value_or(SensorStats{});
    return {{"id", source.sensor},
            {"epoch", source.epoch},
            {"connected", connected},
            {"sandbox", sandbox},
            {"committed", source.committed},
            {"last_event", to_string(source.last_event)},
            {"source", source.name},
            {"packets", stats.packets},
            {"bytes", stats.bytes},
            {"malformed", stats.malformed},
            {"kernel_dropped", stats.kernel_dropped},
            {"flows_active", stats.flows_active},
            {"lost", source.lost},
            {"refused", source.refused},
            {"finished", source.finished},
            {"progress", stats.progress},
            {"stats", to_eve(stats)}};
}

/// tcp://ADDRESS:PORT for each address at which `endpoints` listen on a network.
std::vector<std::string> pairing_endpoints(const std::vector<std::string>& endpoints, std::uint16_t port) {
    std::set<std::string> places;
    for (const auto& endpoint : endpoints)
        if (const auto colon = endpoint.rfind(':'); leaves_machine(endpoint) && colon != std::string::npos)
            places.insert(fmt::format("{}:{}", endpoint.substr(0, colon), port));
    for (const std::string all : {"tcp://*:", "tcp://0.0.0.0:", "tcp://[::]:"})
        if (const auto everywhere = all + std::to_string(port); places.contains(everywhere)) return {everywhere};
    return {places.begin(), places.end()};
}

/// Keys, and a door for pairing, where programs on other machines may come; nothing otherwise.
const Keyring* make_keyring(std::optional<Keyring>& keyring, std::optional<PairingDoor>& door, zmq::context_t& context,
                            const AnalyzerOptions& options) {
    auto all = options.listen;
    all.insert(all.end(), options.api.begin(), options.api.end());
    if (std::none_of(all.begin(), all.end(), leaves_machine)) return nullptr;
    const auto folder = options.database.parent_path();
    keyring.emplace(context, options.key.empty() ? folder / "analyzer.key" : options.key, folder / "peers.json");
    door.emplace(context, keyring->own().public_key, pairing_endpoints(all, options.pairing));
    return &*keyring;
}

}  // namespace

Analyzer::Analyzer(const AnalyzerOptions& options, const std::shared_ptr<const Signatures>& signatures)
    : options_{options},
      set_{signatures->set()},
      store_{options.database, options.retention, time_of_day()},
      signatures_{signatures},
      core_{std::in_place, options.core, signatures},
      inbox_{context_, options.listen, make_keyring(keyring_, pairing_, context_, options)},
      api_{context_, options.api, keyring_ ? &*keyring_ : nullptr, store_, *core_, actions()} {
    store_.restore(*core_);
    core_->household().wake();
    if (core_->damaged_rows() > 0)
        spdlog::warn("{} rows of state in {} are damaged and were left out", core_->damaged_rows(), store_.file().string());
}

ApiServer::Actions Analyzer::actions() {
    return {.status = [this] { return status(); },
            .save =
                [this] {
                    return attempt([this] {
                        changes_.merge(core_->take_changes(), store_.newest_alert());
                        save();
                    });
                },
            .forget = [this](const std::string& device) { return forget(device); },
            .erase = [this] { return attempt([this] { erase(); }); },
            .peers = [this](const ApiRequest& request) { return about_peers(request); }};
}

PeersAnswer Analyzer::about_peers(const ApiRequest& request) {
    if (!keyring_)
        return {{},
                "This analyzer listens on no network, so there is nobody to pair. Add an endpoint such as "
                "tcp://192.0.2.1:5390 to listen, or to api for a dashboard, and start it anew."};
    auto connected = inbox_.connected_keys();
    connected.merge(api_.connected_keys());
    auto answer = answer_about_peers(request, *keyring_, *pairing_, {time_of_day(), Clock::now(), std::move(connected)});
    if (request.question == ApiQuestion::revoke && answer.error.empty()) inbox_.acknowledge(store_);  // it is gone now
    return answer;
}

void Analyzer::run(int stop_fd, const Renewal& renewal) {
    while (!stopping_) {
        if (on_turn_) on_turn_();
        const auto failed = attempt([&] {
            wait(stop_fd, renewal);
            turn();
        });
        if (!failed.empty()) more_waits_ = false;
    }
    if (const auto failed = attempt([this] { commit(); }); !failed.empty())
        spdlog::warn("leaving without the newest events: the sensors send them again");
    inbox_.close();
}

void Analyzer::turn() {
    if (Clock::now() >= resume_at_) take_events();
    commit_where_due();
    store_.copy_a_little(time_of_day());
    api_.serve(requests_per_turn);
    api_.keep_alive(Clock::now());
    if (pairing_) pairing_->serve(Clock::now());
    if (options_.leave_after > 0) leave_where_finished();
}

/// Nothing, or why nothing could be written: then everything is as it was with the last commit. What cannot be mended by
/// waiting is thrown on; where the database is broken the next start repairs it.
std::string Analyzer::attempt(const std::function<void()>& change) {
    try {
        change();
    } catch (const DatabaseError& error) {
        if (error.trouble == Trouble::broken) mark_as_broken(options_.database);
        if (error.trouble != Trouble::no_room) throw;
        fall_back(error);
        return error.what();
    }
    return {};
}

/// As the store has it. Nothing else that was going on is remembered.
void Analyzer::restore_core() {
    core_.emplace(options_.core, signatures_);
    store_.restore(*core_);
    core_->household().wake();
    changes_.clear();
    api_.start_over();
}

/// The sensors keep what is not acknowledged. They notice that it is expected anew, and send it again.
void Analyzer::fall_back(const DatabaseError& error) {
    if (trouble_.empty()) spdlog::error("{} Until then the sensors keep what they see.", error.what());
    trouble_ = error.what();
    store_.roll_back();
    restore_core();
    inbox_.start_over();
    commit_at_ = Clock::time_point::max();
    pause_ = std::clamp(2 * pause_, first_pause, longest_pause);
    resume_at_ = Clock::now() + pause_;
}

std::string Analyzer::forget(const std::string& key) {
    const auto device = core_->household().device(key);
    if (!device) return "There is no such device.";
    return attempt([&] {
        commit();
        auto others = core_->devices();
        std::erase_if(others, [&device](const Device& other) { return other.key == device->key; });
        store_.forget(Traces{*device, others});
        restore_core();
        Changes all;  // rows of others that told of it were removed
        all.devices = core_->devices();
        changes_.merge(std::move(all), store_.newest_alert());
        save();
        store_.sweep();
    });
}

void Analyzer::erase() {
    commit();
    store_.erase();
    restore_core();
    store_.sweep();
}

void Analyzer::wait(int stop_fd, const Renewal& renewal) {
    const auto now = Clock::now();
    std::vector<zmq::pollitem_t> items{{nullptr, stop_fd, ZMQ_POLLIN, 0},
                                       {nullptr, renewal.fd < 0 ? stop_fd : renewal.fd, ZMQ_POLLIN, 0}};
    if (now >= resume_at_) inbox_.add_to(items);  // otherwise the sensors wait
    if (api_.accepts(now)) api_.add_to(items);
    if (const auto door = pairing_ ? pairing_->poll_item() : std::nullopt) items.push_back(*door);
    auto sleep = more_waits_ ? std::chrono::milliseconds{0} : leaving_since_ ? farewell_interval : longest_sleep;
    if (commit_at_ <= now)
        sleep = std::chrono::milliseconds{0};
    else if (commit_at_ != Clock::time_point::max())
        sleep = std::min(std::chrono::ceil<std::chrono::milliseconds>(commit_at_ - now), sleep);
    if (store_.is_copying()) sleep = std::min(sleep, copy_interval);
    zmq::poll(items.data(), items.size(), sleep);
    stopping_ = stopping_ || items[0].revents != 0;
    if (renewal.fd >= 0 && items[1].revents != 0) renew(renewal);
}

void Analyzer::renew(const Renewal& renewal) {
    changes_.merge(core_->take_changes(), store_.newest_alert());
    commit();
    try {
        const auto signatures = renewal.read();
        core_->renew(signatures);
        signatures_ = signatures;
        set_ = signatures->set();
        spdlog::info("the signatures were read anew: version {}", set_.version);
    } catch (const SettingsError& error) {
        spdlog::error("the new signatures were refused and the old ones stay: {}", error.what());
    }
}

void Analyzer::take_events() {
    more_waits_ = inbox_.receive(store_, messages_per_turn,
                                 [this](const Source& source, const Event& event) { apply(source, event); });
    const auto now = Clock::now();
    if (store_.uncommitted() > 0) commit_at_ = std::min(commit_at_, now + commit_interval);
    if (changes_.merge(core_->take_changes(), store_.newest_alert())) commit_at_ = std::min(commit_at_, now + alert_delay);
}

void Analyzer::apply(const Source& source, const Event& event) {
    core_->apply(source.sensor, event);
    if (const auto* flow = std::get_if<Flow>(&event); flow != nullptr && flow->stage == FlowStage::end) add_volume(*flow);
    const auto* stats = std::get_if<SensorStats>(&event);
    if (stats == nullptr || !stats->last) return;
    commit_at_ = Clock::now();  // somebody waits for the end of this capture
    spdlog::info("{}: {} is at its end after {} packets", source.sensor, quoted(source.name), stats->packets);
}

void Analyzer::add_volume(const Flow& flow) {
    const auto& household = core_->household();
    if (const Device* device = household.find_at(flow.client, flow.server)) store_.add_volume(device->key, flow, true);
    if (const Device* device = household.find_at(flow.server, flow.client)) store_.add_volume(device->key, flow, false);
}

void Analyzer::commit_where_due() {
    const auto now = Clock::now();
    if (now >= commit_at_ || store_.uncommitted() >= commit_events) {
        commit();
    } else if (now - acknowledged_ >= acknowledge_interval) {
        acknowledged_ = now;
        inbox_.acknowledge(store_);
    }
}

void Analyzer::commit() {
    if (store_.uncommitted() > 0 || !changes_.empty()) save();
    commit_at_ = Clock::time_point::max();
    acknowledged_ = Clock::now();
    inbox_.acknowledge(store_);
}

void Analyzer::save() {
    const auto newest_before = store_.newest_alert();
    store_.commit(changes_.all(), *core_, time_of_day());
    note_latency(newest_before);
    if (!trouble_.empty()) spdlog::info("the database can be written again");
    trouble_.clear();
    pause_ = {};
    api_.publish(changes_.all());
    changes_.clear();
}

void Analyzer::note_latency(std::uint64_t newest_before) {
    for (const auto& alert : changes_.all().alerts)
        if (alert.id > newest_before) latency_.note(alert.last_seen, time_of_day());
}

/// The last acknowledgement can get lost with a connection: whoever still listens must be able to ask again.
void Analyzer::leave_where_finished() {
    if (!all_finished()) {
        leaving_since_.reset();
        return;
    }
    const auto now = Clock::now();
    if (!leaving_since_) leaving_since_ = now;
    inbox_.acknowledge(store_);  // forgets those that are gone
    stopping_ = stopping_ || inbox_.connected().empty() || now - *leaving_since_ >= farewell;
}

/// As many captures as were asked for are at their end and committed, and nobody is in the middle of one.
bool Analyzer::all_finished() const {
    const auto connected = inbox_.connected();
    const auto& sources = store_.sources();
    const auto done = [](const Source& source) { return source.finished && source.accepted == source.committed; };
    const bool waiting = std::any_of(connected.begin(), connected.end(), [&](const auto& key) {
        const auto found = sources.find(key);
        return found == sources.end() || !done(found->second);
    });
    const auto finished = std::count_if(sources.begin(), sources.end(), [&](const auto& entry) {
        return done(entry.second) && (entry.second.active || connected.contains(entry.first));
    });
    return !waiting && static_cast<std::size_t>(finished) >= options_.leave_after;
}

Json Analyzer::status() const {
    const auto counts = store_.counts();
    Json home = Json::array();
    for (const auto& prefix : options_.core.home) home.push_back(to_string(prefix));
    Json status{{"version", LINNET_VERSION},
                {"pid", ::getpid()},
                {"uptime_seconds", std::chrono::floor<std::chrono::seconds>(Clock::now() - started_).count()},
                {"home", std::move(home)},
                {"signatures", {{"version", set_.version}, {"expires", set_.expiry_text()}}},
                {"database",
                 {{"path", store_.file().string()},
                  {"bytes", counts.bytes},
                  {"events", counts.events},
                  {"flows", counts.flows},
                  {"alerts", counts.alerts},
                  {"devices", counts.devices}}},
                {"link",
                 {{"refused_messages", inbox_.counters().refused + api_.refused()},
                  {"gaps", inbox_.counters().gaps},
                  {"unknown_keys", keyring_ ? keyring_->refused() : 0}}},
                {"alert_latency", latency_.to_json()},
                {"sensors", sensors()}};
    if (store_.since() != Timestamp{}) status["since"] = to_string(store_.since());
    if (const auto& newest = store_.newest_copy())
        status["database"]["copy"] = {
            {"number", newest->number}, {"file", newest->file.string()}, {"made", to_string(newest->made)}};
    if (!trouble_.empty()) status["database"]["trouble"] = trouble_;
    if (const auto& done = store_.restoration()) {
        auto& told = status["database"]["restored"];
        told = {{"at", to_string(done->at)}, {"broken", done->broken.string()}, {"copy", done->copy}};
        if (done->copied) told["copied"] = to_string(*done->copied);
    }
    status.update(core_->status());
    return status;
}

/// The runs since the analyzer was started, and the newest of every other sensor.
Json Analyzer::sensors() const {
    const auto connected = inbox_.connected();
    std::map<std::string, std::uint64_t> newest;
    for (const auto& [key, source] : store_.sources()) newest[source.sensor] = std::max(newest[source.sensor], source.used);
    auto list = Json::array();
    for (const auto& [key, source] : store_.sources())
        if (source.active || source.used == newest[source.sensor])
            list.push_back(status_of(source, connected.contains(key), inbox_.sandbox_of(key)));
    return list;
}

}  // namespace linnet
