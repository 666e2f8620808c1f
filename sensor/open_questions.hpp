// Names that devices ask for and whose answer is not seen: nobody gave one, or it took another way. What was asked says as
// much about a device as the answer, which is a NameBinding.
#pragma once

#include "packet.hpp"
#include "wire/event.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace linnet {

class OpenQuestions {
 public:
    static constexpr std::size_t most = 64;  ///< where more wait, the oldest is forgotten: a flood tells nothing
    static constexpr Duration patience = std::chrono::seconds{5};
    using Tell = std::function<void(DeviceHint&&)>;

    /// A datagram from or to port 53.
    static bool wants(const Packet& packet) {
        return packet.proto == Proto::udp && (packet.src_port.number == dns_port || packet.dst_port.number == dns_port);
    }

    /// A question by a device with a private address for the address of a name, or the answer to one, which is then
    /// forgotten.
    void note(const Packet& packet, Timestamp now);

    /// Tells the hints (source "dns", key "question", value: the name) of those that have waited long enough.
    void advance(Timestamp now, const Tell& tell) {
        while (waiting_ != 0 && now - oldest().at >= patience) take_oldest(tell);
    }
    void flush(const Tell& tell) {
        while (waiting_ != 0) take_oldest(tell);
    }

 private:
    static constexpr std::uint16_t dns_port = 53;

    struct Question {
        Timestamp at;
        IpAddress client;
        std::uint16_t client_port = 0, id = 0;
        bool open = false;
        DeviceHint hint;
        [[nodiscard]] bool is_by(const IpAddress& ip, Port port, std::uint16_t its_id) const {
            return id == its_id && client_port == port.number && client == ip;
        }
    };
    [[nodiscard]] Question& oldest() { return questions_[first_]; }
    void take_oldest(const Tell& tell);
    Question* find(const IpAddress& client, Port port, std::uint16_t id);

    std::array<Question, most> questions_;  ///< a ring, in the order in which they came
    std::size_t first_ = 0, waiting_ = 0;
};

}  // namespace linnet
