// One connection to an MQTT server (MQTT 3.1.1, OASIS standard of 2014), through libmosquitto: TLS whose certificate is
// always verified, a login, a last will, publications with QoS 1. For one thread; it never waits longer than `turn`.
#pragma once

#include "retained.hpp"
#include "secret.hpp"
#include "server_address.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct mosquitto;
struct mosquitto_message;

namespace linnet {

class MqttLink {
 public:
    static constexpr std::size_t max_open = 20;  ///< publications that are not confirmed yet
    static constexpr std::chrono::milliseconds turn{200};

    struct Setup {
        ServerAddress server;  ///< "mqtts" is encrypted
        std::string client, user;
        std::filesystem::path ca_file;  ///< empty = the system's
        Publication will;               ///< to be retained
        std::vector<std::string> subscriptions;
    };
    struct Message {
        std::string_view topic, payload;
        bool retained = false;
    };
    struct Listener {
        std::function<void()> accepted;
        std::function<void(const Message&)> message;
        std::function<void()> confirmed;  ///< a publication
    };

    /// Begins to connect. Throws std::runtime_error with a sentence for people.
    MqttLink(Setup setup, const Secret& password, Listener listener);
    ~MqttLink();
    MqttLink(const MqttLink&) = delete;
    MqttLink& operator=(const MqttLink&) = delete;

    /// What there is to send and to read. Throws the same where the connection is over, or is not there in time.
    void turn_once();
    [[nodiscard]] bool is_accepted() const { return accepted_; }
    [[nodiscard]] std::size_t room() const { return accepted_ ? max_open - open_ : 0; }
    /// At most room() at a time. Throws the same.
    void publish(const std::vector<Publication>& publications);
    /// Publishes the last will itself and leaves in order; waits for that a moment.
    void say_goodbye();

 private:
    using Clock = std::chrono::steady_clock;
    struct FreeClient {
        void operator()(mosquitto* client) const;
    };

    void prepare(const Secret& password);
    void secure();
    void put(const Publication& publication);
    // Called by libmosquitto, in our thread, inside of turn_once(). Nothing is thrown through it: that ends the connection.
    template <class Call>
    void guard(Call call);
    void on_connect(int answer);
    void on_message(const mosquitto_message& message);
    void on_confirmed();

    Setup setup_;
    Listener listener_;
    bool accepted_ = false;
    std::string refusal_;
    std::size_t open_ = 0;
    Clock::time_point deadline_;
    std::unique_ptr<mosquitto, FreeClient> client_;
};

}  // namespace linnet
