// What a service tells systemd, where that started it as Type=notify: a datagram to the socket that $NOTIFY_SOCKET names
// (sd_notify(3), which documents the protocol as stable). Elsewhere, everything here does nothing.
#pragma once

#include <chrono>
#include <string_view>

namespace linnet {

class ServiceNotice {
 public:
    /// Reads the environment and removes what it read, so that no child speaks for us.
    ServiceNotice();
    ~ServiceNotice();
    ServiceNotice(const ServiceNotice&) = delete;
    ServiceNotice& operator=(const ServiceNotice&) = delete;

    void ready() { send("READY=1"); }
    void stopping() { send("STOPPING=1"); }
    /// "Still alive", where a watchdog is on and half of its time is over; call it as often as you like.
    void alive(std::chrono::steady_clock::time_point now);

 private:
    void send(std::string_view state) const;

    int socket_ = -1;
    std::chrono::microseconds interval_{0};  ///< 0 = no watchdog
    std::chrono::steady_clock::time_point next_;
};

}  // namespace linnet
