#include "mqtt_link.hpp"

#include <mosquitto.h>

#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace linnet {
namespace {

constexpr int keep_alive_seconds = 30, at_least_once = 1;
constexpr std::chrono::seconds connect_time_limit{20}, farewell{1};

void need(int result) {
    if (result == MOSQ_ERR_SUCCESS) return;
    throw std::runtime_error{result == MOSQ_ERR_ERRNO ? std::generic_category().message(errno) : mosquitto_strerror(result)};
}

/// Once in a process.
void need_library() {
    static const int result = mosquitto_lib_init();
    if (result != MOSQ_ERR_SUCCESS) throw std::runtime_error{"libmosquitto cannot be used."};
}

}  // namespace

void MqttLink::FreeClient::operator()(mosquitto* client) const { mosquitto_destroy(client); }

MqttLink::MqttLink(Setup setup, const Secret& password, Listener listener)
    : setup_{std::move(setup)}, listener_{std::move(listener)}, deadline_{Clock::now() + connect_time_limit} {
    need_library();
    client_.reset(mosquitto_new(setup_.client.c_str(), true, this));
    if (!client_) throw std::runtime_error{"libmosquitto cannot be used."};
    prepare(password);
    const auto& [scheme, name, told_port] = setup_.server;
    // A server of this machine is not asked for at the network.
    const auto host = scheme == "mqtt" && name == "localhost" ? std::string{"127.0.0.1"} : name;
    const int port = told_port != 0 ? told_port : scheme == "mqtts" ? 8883 : 1883;
    // Not the kind that waits: a silent server must not keep us from ending.
    need(mosquitto_connect_async(client_.get(), host.c_str(), port, keep_alive_seconds));
}

MqttLink::~MqttLink() = default;

template <class Call>
void MqttLink::guard(Call call) {
    try {
        call();
    } catch (const std::exception& error) {
        refusal_ = error.what();
    }
}

void MqttLink::prepare(const Secret& password) {
    auto* const client = client_.get();
    mosquitto_connect_callback_set(client, [](mosquitto*, void* user, int answer) {
        auto& self = *static_cast<MqttLink*>(user);
        self.guard([&] { self.on_connect(answer); });
    });
    mosquitto_message_callback_set(client, [](mosquitto*, void* user, const mosquitto_message* message) {
        auto& self = *static_cast<MqttLink*>(user);
        self.guard([&] { self.on_message(*message); });
    });
    mosquitto_publish_callback_set(client, [](mosquitto*, void* user, int) {
        auto& self = *static_cast<MqttLink*>(user);
        self.guard([&] { self.on_confirmed(); });
    });
    const auto& [topic, payload] = setup_.will;
    need(mosquitto_will_set(client, topic.c_str(), static_cast<int>(payload.size()), payload.data(), at_least_once, true));
    if (!setup_.user.empty())
        need(mosquitto_username_pw_set(client, setup_.user.c_str(), password.empty() ? nullptr : password.reveal().c_str()));
    if (setup_.server.scheme == "mqtts") secure();
}

/// The certificate and the name in it are verified unless mosquitto_tls_insecure_set() is called, which is nowhere.
void MqttLink::secure() {
    const auto file = setup_.ca_file.string();
    need(file.empty() ? mosquitto_int_option(client_.get(), MOSQ_OPT_TLS_USE_OS_CERTS, 1)
                      : mosquitto_tls_set(client_.get(), file.c_str(), nullptr, nullptr, nullptr, nullptr));
    constexpr int verify_peer = 1;
    need(mosquitto_tls_opts_set(client_.get(), verify_peer, nullptr, nullptr));
}

void MqttLink::turn_once() {
    const int result = mosquitto_loop(client_.get(), static_cast<int>(turn.count()), 1);
    if (!refusal_.empty()) throw std::runtime_error{refusal_};
    need(result);
    if (!accepted_ && Clock::now() > deadline_) throw std::runtime_error{"The server does not answer."};
}

void MqttLink::put(const Publication& publication) {
    const auto& [topic, payload] = publication;
    need(mosquitto_publish(client_.get(), nullptr, topic.c_str(), static_cast<int>(payload.size()),
                           payload.empty() ? nullptr : payload.data(), at_least_once, true));
    ++open_;
}

void MqttLink::publish(const std::vector<Publication>& publications) {
    for (const auto& publication : publications) put(publication);
}

/// Who leaves in order has to say it himself: the last will is for those who do not.
void MqttLink::say_goodbye() {
    if (!accepted_) return;
    open_ = 0;
    put(setup_.will);
    const auto deadline = Clock::now() + farewell;
    while (open_ > 0 && Clock::now() < deadline) turn_once();
    mosquitto_disconnect(client_.get());
}

void MqttLink::on_connect(int answer) {
    if (answer != 0) {
        refusal_ = mosquitto_connack_string(answer);
        return;
    }
    accepted_ = true;
    for (const auto& topic : setup_.subscriptions) mosquitto_subscribe(client_.get(), nullptr, topic.c_str(), 0);
    listener_.accepted();
}

void MqttLink::on_message(const mosquitto_message& message) {
    if (message.topic == nullptr) return;
    const auto* const text = static_cast<const char*>(message.payload);
    const auto size = text == nullptr ? 0 : static_cast<std::size_t>(std::max(message.payloadlen, 0));
    listener_.message({.topic = message.topic, .payload = {text == nullptr ? "" : text, size}, .retained = message.retain});
}

void MqttLink::on_confirmed() {
    if (open_ > 0) --open_;
    listener_.confirmed();
}

}  // namespace linnet
