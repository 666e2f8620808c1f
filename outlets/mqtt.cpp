// MQTT with Home Assistant's discovery: what Linnet knows of the home, as retained messages of a server in the home. What is
// published and under which topics is home_assistant.hpp's, the connection mqtt_link.hpp's. It only publishes: of what the
// server sends, topics are looked at, and whether Home Assistant says that it has started.
//
// After a loss it comes back in 10 s, then twice as long each time up to an hour, give or take a quarter. As all that is
// retained is the newest state, nothing is kept for a server that is away.
#include "courier.hpp"
#include "home_assistant.hpp"
#include "home_feed.hpp"
#include "installation_key.hpp"
#include "mqtt_link.hpp"
#include "outlets.hpp"

#include "wire/harmless_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <optional>
#include <random>
#include <utility>

namespace linnet {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds birth_pause{10};
constexpr std::size_t longest_reason = 200;

Timestamp time_of_day() { return std::chrono::floor<Duration>(std::chrono::system_clock::now()); }

/// Of [a-zA-Z0-9_-], several parted by single slashes.
bool is_topic(std::string_view text) {
    const auto is_good = [](unsigned char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
               c == '/';
    };
    return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), is_good) && text.front() != '/' &&
           text.back() != '/' && text.find("//") == std::string_view::npos;
}

struct MqttOptions {
    ServerAddress server;
    std::string user;
    HomeAssistant::Setup setup;
};

class Mqtt : public Stream {
 public:
    Mqtt(MqttOptions options, OutletBasics&& basics) : options_{std::move(options)}, basics_{std::move(basics)} {}

    [[nodiscard]] std::string preview(const Json& alert) const override;
    void run(StreamHost& host) override;

 private:
    void begin(const std::filesystem::path& folder);
    [[nodiscard]] HomeFeed::Listener feed_listener();
    void turn_once(StreamHost& host);
    void connect(StreamHost& host);
    void publish_due();
    void take(const MqttLink::Message& message);

    MqttOptions options_;
    OutletBasics basics_;
    mutable std::mutex mutex_;  ///< of the next one, which a preview reads
    std::optional<HomeAssistant> model_;

    // The thread's own.
    bool has_begun_ = false;  ///< the analyzer told what there is
    std::optional<MqttLink> link_;
    std::uint64_t attempts_ = 0;
    Clock::time_point connect_at_, born_;
    std::mt19937 dice_{std::random_device{}()};
};

std::string Mqtt::preview(const Json& /*alert*/) const {
    const std::lock_guard lock{mutex_};
    const auto& server = options_.server;
    auto text = fmt::format("CONNECT {}://{}", server.scheme, server.host);
    if (model_) text += fmt::format(" client linnet-{}", model_->home());
    if (!options_.user.empty()) text += fmt::format(" user {} password ***", options_.user);
    text += "\n";
    if (model_)
        for (const auto& [topic, payload] : model_->all()) text += fmt::format("PUBLISH {} retained\n{}\n", topic, payload);
    return text;
}

void Mqtt::run(StreamHost& host) {
    begin(host.folder());
    HomeFeed feed{host.api(), feed_listener()};
    while (host.wait(link_ ? std::chrono::milliseconds{0} : MqttLink::turn)) {
        feed.turn_once();
        try {
            turn_once(host);
        } catch (const std::exception& error) {
            attempts_ = link_ && link_->is_accepted() ? 1 : attempts_ + 1;
            link_.reset();
            const auto dice = std::uniform_real_distribution<double>{0, 1}(dice_);
            connect_at_ = Clock::now() + Courier::pause(attempts_, {}, dice);
            const auto reason = plain_line(error.what(), longest_reason);
            host.note({Delivery::Result::later, fmt::format("{}: {}", options_.server.host, reason), {}});
        }
    }
    if (link_) link_->say_goodbye();
    link_.reset();
}

void Mqtt::begin(const std::filesystem::path& folder) {
    if (model_) return;
    auto setup = options_.setup;
    setup.key = read_or_make_key(folder / (basics_.name + ".key"));
    const std::lock_guard lock{mutex_};
    model_.emplace(std::move(setup));
}

HomeFeed::Listener Mqtt::feed_listener() {
    const auto begin = [this](const Json& all) {
        const std::lock_guard lock{mutex_};
        model_->begin(all);
        model_->set_heard(true);
        has_begun_ = true;
    };
    const auto follow = [this](const Json& feed) {
        const std::lock_guard lock{mutex_};
        model_->follow(feed);
    };
    const auto lose = [this] {
        const std::lock_guard lock{mutex_};
        model_->set_heard(false);
    };
    return {.begin = begin, .follow = follow, .lose = lose};
}

void Mqtt::turn_once(StreamHost& host) {
    if (link_) {
        publish_due();
        link_->turn_once();
    } else if (has_begun_ && Clock::now() >= connect_at_) {
        connect(host);
    }
}

void Mqtt::connect(StreamHost& host) {
    const std::string birth = model_->birth_topic();
    MqttLink::Setup setup{.server = options_.server,
                          .client = "linnet-" + model_->home(),
                          .user = options_.user,
                          .ca_file = basics_.ca_file,
                          .will = {model_->status_topic(), "offline"},
                          .subscriptions = model_->own_topics()};
    setup.subscriptions.push_back(birth);
    born_ = {};
    const auto accepted = [this] {
        const std::lock_guard lock{mutex_};
        model_->republish();
    };
    link_.emplace(std::move(setup), basics_.secret,
                  MqttLink::Listener{.accepted = accepted,
                                     .message = [this](const MqttLink::Message& message) { take(message); },
                                     .confirmed = [&host] { host.note({}); }});
}

void Mqtt::publish_due() {
    std::vector<Publication> due;
    {
        const std::lock_guard lock{mutex_};
        due = model_->take(time_of_day(), link_->room());
    }
    link_->publish(due);
}

/// A recorded birth message is not one; and who says it all the time is not answered all the time.
void Mqtt::take(const MqttLink::Message& message) {
    const std::lock_guard lock{mutex_};
    if (message.retained) {
        if (!message.payload.empty()) model_->found(message.topic);
        return;
    }
    if (message.topic != model_->birth_topic() || message.payload != "online") return;
    if (Clock::now() - born_ < birth_pause) return;
    born_ = Clock::now();
    model_->republish();
}

ServerAddress read_server(Settings& settings) {
    const auto server = parse_server_address(settings.text("url", ""));
    if (!server || (server->scheme != "mqtts" && server->scheme != "mqtt"))
        settings.refuse("url", "must be an address such as mqtts://mqtt.example.org or mqtts://mqtt.example.org:8883");
    if (server->scheme == "mqtt" && !is_this_machine(server->host))
        settings.refuse("url", "must begin with mqtts:// (mqtt:// is for this machine alone)");
    return *server;
}

std::unique_ptr<Stream> make(Settings& settings, OutletBasics&& basics) {
    MqttOptions options{.server = read_server(settings), .user = settings.text("user", ""), .setup = {}};
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
