// MQTT with Home Assistant's discovery: what Linnet knows of the home, as retained messages of a server in the home. What is
// published and under which topics is home_assistant.hpp's; this file is the connection. It only publishes: of what the
// server sends, topics are looked at, and whether Home Assistant says that it has started.
//
// A thread of its own connects (MQTT 3.1.1, OASIS standard of 2014), publishes with QoS 1 what is due, at most max_open
// unconfirmed, and after a loss comes back in 10 s, then twice as long each time up to an hour, give or take a quarter. As
// all that is retained is the newest state, nothing is kept for a server that is away.
#include "courier.hpp"
#include "home_assistant.hpp"
#include "outlets.hpp"

#include "wire/harmless_text.hpp"
#include "wire/text_file.hpp"

#include <fmt/format.h>
#include <mosquitto.h>
#include <openssl/rand.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <random>
#include <system_error>
#include <thread>
#include <utility>

namespace linnet {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int keep_alive_seconds = 30, turn_milliseconds = 200;
constexpr std::size_t max_open = 20;
constexpr std::chrono::seconds connect_time_limit{20}, farewell{1}, birth_pause{10};

Timestamp time_of_day() { return std::chrono::floor<Duration>(std::chrono::system_clock::now()); }

struct Server {
    std::string host;
    int port = 0;
    bool encrypted = true;
};

bool is_this_machine(const std::string& host) {
    const auto ip = IpAddress::parse(host);
    return host == "localhost" || (ip && ip->is_loopback());
}

bool is_host(std::string_view text) {
    return !text.empty() && text.size() <= 253 && std::all_of(text.begin(), text.end(), [](unsigned char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
    });
}

/// "mqtts://HOST[:PORT]"; an IPv6 address in brackets.
std::optional<Server> parse_server(std::string_view url) {
    Server server;
    if (url.starts_with("mqtts://"))
        url.remove_prefix(8);
    else if (url.starts_with("mqtt://")) {
        url.remove_prefix(7);
        server.encrypted = false;
    } else {
        return std::nullopt;
    }
    if (url.ends_with('/')) url.remove_suffix(1);
    const bool has_brackets = url.starts_with('[');
    const auto end = has_brackets ? url.find(']') : std::min(url.find(':'), url.size());
    if (end == std::string_view::npos) return std::nullopt;
    server.host = std::string{has_brackets ? url.substr(1, end - 1) : url.substr(0, end)};
    if (has_brackets ? !IpAddress::parse(server.host) : !is_host(server.host)) return std::nullopt;
    const auto rest = url.substr(end + (has_brackets ? 1 : 0));
    server.port = server.encrypted ? 8883 : 1883;
    if (rest.empty()) return server;
    const auto digits = rest.substr(1);
    const auto [last, error] = std::from_chars(digits.data(), digits.data() + digits.size(), server.port);
    if (rest.front() != ':' || error != std::errc{} || last != digits.data() + digits.size()) return std::nullopt;
    if (server.port < 1 || server.port > 65'535) return std::nullopt;
    return server;
}

/// Of [a-zA-Z0-9_-], several parted by single slashes.
bool is_topic(std::string_view text) {
    const auto is_good = [](unsigned char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
               c == '/';
    };
    return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), is_good) && text.front() != '/' &&
           text.back() != '/' && text.find("//") == std::string_view::npos;
}

/// This installation's, made when it is first needed: a new one makes all devices new to Home Assistant.
std::string read_or_make_key(const std::filesystem::path& file) {
    if (std::error_code ignored; !std::filesystem::exists(file, ignored)) {
        std::array<unsigned char, 32> bytes{};
        if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
            throw SettingsError{"There is no randomness to make a key of."};
        std::string text;
        for (const auto byte : bytes) text += fmt::format("{:02x}", byte);
        try {
            static_cast<void>(write_private_file(file, text + "\n", IfThere::keep));
        } catch (const std::system_error& error) {
            throw SettingsError{fmt::format("{}:0: cannot be written: {}", file.string(), error.what())};
        }
    }
    auto text = read_regular_file(file, 256);
    while (!text.empty() && text.back() == '\n') text.pop_back();
    if (text.size() < 32) throw SettingsError{file.string() + ":0: is no key; remove it, and a new one is made"};
    return text;
}

struct FreeClient {
    void operator()(mosquitto* client) const { mosquitto_destroy(client); }
};

/// Once in a process.
void need_library() {
    static const int result = mosquitto_lib_init();
    if (result != MOSQ_ERR_SUCCESS) throw SettingsError{"libmosquitto cannot be used."};
}

struct MqttOptions {
    Server server;
    std::string user;
    HomeAssistant::Setup setup;
};

class Mqtt : public StreamOutlet {
 public:
    Mqtt(MqttOptions options, OutletBasics&& basics) : options_{std::move(options)}, basics_{std::move(basics)} {}
    ~Mqtt() override {
        {
            const std::lock_guard lock{mutex_};
            stop_ = true;
        }
        awake_.notify_all();
        if (thread_.joinable()) thread_.join();
    }

    void start(const std::filesystem::path& folder) override {
        options_.setup.key = read_or_make_key(folder / (basics_.name + ".key"));
        model_.emplace(options_.setup);
        thread_ = std::thread{[this] { run(); }};
    }
    void begin(const Json& all) override {
        {
            const std::lock_guard lock{mutex_};
            model_->begin(all);
            model_->set_heard(true);
            has_begun_ = true;
        }
        awake_.notify_all();
    }
    void follow(const Json& feed) override {
        const std::lock_guard lock{mutex_};
        model_->follow(feed);
    }
    void lose() override {
        const std::lock_guard lock{mutex_};
        model_->set_heard(false);
    }

    [[nodiscard]] std::string preview() const override;
    [[nodiscard]] Delivery state() const override {
        const std::lock_guard lock{mutex_};
        return state_;
    }
    [[nodiscard]] std::uint64_t delivered() const override {
        const std::lock_guard lock{mutex_};
        return delivered_;
    }
    [[nodiscard]] Timestamp last_success() const override {
        const std::lock_guard lock{mutex_};
        return last_success_;
    }

 private:
    using Client = std::unique_ptr<mosquitto, FreeClient>;

    void run();
    bool serve();
    bool prepare(mosquitto* client);
    bool publish_due(mosquitto* client);
    void say_goodbye(mosquitto* client);
    void fail(const std::string& reason);
    bool wait(std::chrono::milliseconds time);

    // Called by libmosquitto, in our thread, inside mosquitto_loop().
    void on_connect(mosquitto* client, int answer);
    void on_message(const mosquitto_message& message);
    void on_confirmed();

    MqttOptions options_;
    OutletBasics basics_;
    mutable std::mutex mutex_;  ///< of what follows, up to the thread's own
    std::condition_variable awake_;
    std::atomic<bool> stop_{false};
    bool has_begun_ = false;
    std::optional<HomeAssistant> model_;
    Delivery state_{Delivery::Result::later, "Not connected yet.", {}};
    std::uint64_t delivered_ = 0;
    Timestamp last_success_;

    // The thread's own.
    bool accepted_ = false;
    std::string refusal_;
    std::size_t open_ = 0;
    Clock::time_point born_;
    std::mt19937 dice_{std::random_device{}()};
    std::thread thread_;
};

std::string Mqtt::preview() const {
    const std::lock_guard lock{mutex_};
    const auto& server = options_.server;
    auto text = fmt::format("CONNECT {}:{} ({}) client linnet-{}", server.host, server.port,
                            server.encrypted ? "TLS" : "this machine", model_->home());
    if (!options_.user.empty()) text += fmt::format(" user {} password ***", options_.user);
    text += "\n";
    for (const auto& [topic, payload] : model_->all()) text += fmt::format("PUBLISH {} retained\n{}\n", topic, payload);
    return text;
}

/// True where it is time to end.
bool Mqtt::wait(std::chrono::milliseconds time) {
    std::unique_lock lock{mutex_};
    return awake_.wait_for(lock, time, [this] { return stop_.load(); });
}

void Mqtt::run() {
    {
        std::unique_lock lock{mutex_};
        awake_.wait(lock, [this] { return stop_ || has_begun_; });
    }
    std::uint64_t attempts = 0;
    while (!stop_) {
        bool was_open = false;
        try {
            was_open = serve();
        } catch (const std::exception& error) {
            fail(error.what());
        }
        attempts = was_open ? 1 : attempts + 1;
        const auto dice = std::uniform_real_distribution<double>{0, 1}(dice_);
        if (wait(Courier::pause(attempts, {}, dice))) return;
    }
}

void Mqtt::fail(const std::string& reason) {
    if (stop_) return;
    const auto sentence = fmt::format("{}:{}: {}", options_.server.host, options_.server.port, plain_line(reason, 200));
    const std::lock_guard lock{mutex_};
    if (state_.reason != sentence) spdlog::warn("{}: {}", basics_.name, sentence);
    state_ = {Delivery::Result::later, sentence, {}};
}

/// What has to be told before connecting.
bool Mqtt::prepare(mosquitto* client) {
    mosquitto_connect_callback_set(
        client, [](mosquitto* of, void* self, int answer) { static_cast<Mqtt*>(self)->on_connect(of, answer); });
    mosquitto_message_callback_set(client, [](mosquitto*, void* self, const mosquitto_message* message) {
        static_cast<Mqtt*>(self)->on_message(*message);
    });
    mosquitto_publish_callback_set(client, [](mosquitto*, void* self, int) { static_cast<Mqtt*>(self)->on_confirmed(); });
    const std::string offline = "offline";
    int result = mosquitto_will_set(client, model_->status_topic().c_str(), static_cast<int>(offline.size()), offline.data(),
                                    1, true);
    if (result == MOSQ_ERR_SUCCESS && !options_.user.empty())
        result = mosquitto_username_pw_set(client, options_.user.c_str(), basics_.secret.reveal().c_str());
    if (result == MOSQ_ERR_SUCCESS && options_.server.encrypted) {
        // The certificate and the name in it are verified unless mosquitto_tls_insecure_set() is called, which is nowhere.
        const auto file = basics_.ca_file.string();
        result = file.empty() ? mosquitto_int_option(client, MOSQ_OPT_TLS_USE_OS_CERTS, 1)
                              : mosquitto_tls_set(client, file.c_str(), nullptr, nullptr, nullptr, nullptr);
        constexpr int verify_peer = 1;
        if (result == MOSQ_ERR_SUCCESS) result = mosquitto_tls_opts_set(client, verify_peer, nullptr, nullptr);
    }
    if (result != MOSQ_ERR_SUCCESS) fail(mosquitto_strerror(result));
    return result == MOSQ_ERR_SUCCESS;
}

/// One connection, from beginning to end. True where the server accepted us.
bool Mqtt::serve() {
    accepted_ = false;
    refusal_.clear();
    open_ = 0;
    born_ = {};
    const Client client{mosquitto_new(("linnet-" + model_->home()).c_str(), true, this)};
    if (!client || !prepare(client.get())) return false;
    const auto& server = options_.server;
    const auto host = !server.encrypted && server.host == "localhost" ? std::string{"127.0.0.1"} : server.host;
    // Not the kind that waits: a silent server must not keep us from ending.
    int result = mosquitto_connect_async(client.get(), host.c_str(), server.port, keep_alive_seconds);
    const auto deadline = Clock::now() + connect_time_limit;
    while (result == MOSQ_ERR_SUCCESS && !stop_ && refusal_.empty()) {
        result = mosquitto_loop(client.get(), turn_milliseconds, 1);
        if (!accepted_ && Clock::now() > deadline) refusal_ = "The server does not answer.";
        if (accepted_ && result == MOSQ_ERR_SUCCESS && !publish_due(client.get())) break;
    }
    if (stop_ && accepted_) say_goodbye(client.get());
    if (!refusal_.empty())
        fail(refusal_);
    else if (result != MOSQ_ERR_SUCCESS)
        fail(result == MOSQ_ERR_ERRNO ? std::generic_category().message(errno) : mosquitto_strerror(result));
    return accepted_;
}

bool Mqtt::publish_due(mosquitto* client) {
    std::vector<Publication> due;
    {
        const std::lock_guard lock{mutex_};
        due = model_->take(time_of_day(), max_open - std::min(open_, max_open));
    }
    for (const auto& [topic, payload] : due) {
        const int result = mosquitto_publish(client, nullptr, topic.c_str(), static_cast<int>(payload.size()),
                                             payload.empty() ? nullptr : payload.data(), 1, true);
        if (result != MOSQ_ERR_SUCCESS) {
            refusal_ = mosquitto_strerror(result);
            return false;
        }
        ++open_;
    }
    return true;
}

/// Who leaves in order has to say "offline" itself: the last will is for those who do not.
void Mqtt::say_goodbye(mosquitto* client) {
    const std::string offline = "offline";
    open_ = 1;
    mosquitto_publish(client, nullptr, model_->status_topic().c_str(), static_cast<int>(offline.size()), offline.data(), 1,
                      true);
    const auto deadline = Clock::now() + farewell;
    while (open_ > 0 && Clock::now() < deadline)
        if (mosquitto_loop(client, turn_milliseconds, 1) != MOSQ_ERR_SUCCESS) return;
    mosquitto_disconnect(client);
}

void Mqtt::on_connect(mosquitto* client, int answer) {
    if (answer != 0) {
        refusal_ = mosquitto_connack_string(answer);
        return;
    }
    accepted_ = true;
    const std::lock_guard lock{mutex_};
    if (!state_.reason.empty()) spdlog::info("{}: connected to {}", basics_.name, options_.server.host);
    state_ = {};
    model_->republish();
    mosquitto_subscribe(client, nullptr, model_->birth_topic().c_str(), 0);
    for (const auto& topic : model_->own_topics()) mosquitto_subscribe(client, nullptr, topic.c_str(), 0);
}

/// A recorded birth message is not one; and who says it all the time is not answered all the time.
void Mqtt::on_message(const mosquitto_message& message) {
    if (message.topic == nullptr) return;
    const std::string_view topic{message.topic};
    const std::lock_guard lock{mutex_};
    if (message.retain) {
        if (message.payloadlen > 0) model_->found(topic);
        return;
    }
    if (topic != model_->birth_topic() || message.payloadlen <= 0) return;
    const std::string_view text{static_cast<const char*>(message.payload), static_cast<std::size_t>(message.payloadlen)};
    if (text != "online" || Clock::now() - born_ < birth_pause) return;
    born_ = Clock::now();
    model_->republish();
}

void Mqtt::on_confirmed() {
    if (open_ > 0) --open_;
    const std::lock_guard lock{mutex_};
    ++delivered_;
    last_success_ = time_of_day();
}

std::unique_ptr<StreamOutlet> make(Settings& settings, OutletBasics&& basics) {
    need_library();
    const auto server = parse_server(settings.text("url", ""));
    if (!server)
        settings.refuse("url", "must be an address such as mqtts://mqtt.example.org or mqtts://mqtt.example.org:8883");
    if (!server->encrypted && !is_this_machine(server->host))
        settings.refuse("url", "must begin with mqtts:// (mqtt:// is for this machine alone)");
    MqttOptions options{.server = *server, .user = settings.text("user", ""), .setup = {}};
    if (options.user.size() > 256 || !is_harmless(options.user)) settings.refuse("user", "must be a name");
    if (options.user.empty() && !basics.secret.empty())
        settings.refuse("user", "is needed where there is a token_file or credential");
    options.setup.prefix = settings.text("discovery_prefix", options.setup.prefix);
    options.setup.base = settings.text("topic", options.setup.base);
    if (!is_topic(options.setup.prefix)) settings.refuse("discovery_prefix", "must be of a-z, 0-9, _, - and single /");
    if (!is_topic(options.setup.base)) settings.refuse("topic", "must be of a-z, 0-9, _, - and single /");
    options.setup.with_macs = settings.flag("hardware_addresses", true);
    options.setup.link = settings.text("link", "");
    const auto& link = options.setup.link;
    const bool is_odd = link.size() > 500 || !is_harmless(link) || link.find(' ') != std::string::npos;
    if (!link.empty() && (is_odd || (!link.starts_with("https://") && !link.starts_with("http://"))))
        settings.refuse("link", "must be an address such as https://home.example.org/linnet");
    return std::make_unique<Mqtt>(std::move(options), std::move(basics));
}

}  // namespace

const OutletType mqtt_outlet{.name = "mqtt", .make = nullptr, .make_stream = make};

}  // namespace linnet
