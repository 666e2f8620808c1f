// The door at which a program that nobody knows yet may ask to be paired (wire/pairing.hpp): a plain ROUTER socket that
// exists only while it is open, for five minutes or three tries, whichever is over first.
//
//   closed --open()--> waiting --Ask, Offer--> asked --enter(digits): right--> closed
//                         ^------------------------ wrong, or the guest left; the third time --> closed
//
// One exchange at a time. A try is spent with the Reveal, not with what a person types: whoever is in between learns there
// whether its guess fits, and must not have another one for nothing. Who asks and does not go on is forgotten soon. Time
// is told by the caller.
#pragma once

#include "peers.hpp"
#include "wire/pairing.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>
#include <zmq.hpp>

namespace linnet {

class PairingDoor {
 public:
    using Clock = std::chrono::steady_clock;
    static constexpr std::chrono::seconds exchange_time{5};  ///< from Ask to Offer
    static constexpr std::chrono::seconds look_after{1};     ///< is the guest still there?

    enum class End : unsigned char { none, paired, time, tries, cancelled };
    static std::string_view to_string(End end);

    /// Binds nothing yet.
    PairingDoor(zmq::context_t& context, std::string own_public_key, std::vector<std::string> endpoints);

    /// Anew, whatever was before. Throws EndpointError.
    void open(PeerRole role, Clock::time_point now);
    void close(End end);

    [[nodiscard]] bool is_open() const { return socket_.has_value(); }
    [[nodiscard]] std::optional<zmq::pollitem_t> poll_item();

    /// Takes what has arrived, and closes where the time is over.
    void serve(Clock::time_point now);

    /// Who waits for a person to type its digits; its since is not set. Nothing where nobody does.
    [[nodiscard]] std::optional<Peer> guest() const;
    /// Are these the guest's? Where not, the exchange is over. The guest is not told yet that they are: confirm() or deny().
    [[nodiscard]] bool enter(const std::string& digits);
    void confirm();
    void deny();

    [[nodiscard]] PeerRole role() const { return role_; }
    [[nodiscard]] int tries_left() const { return tries_; }
    [[nodiscard]] std::chrono::seconds time_left(Clock::time_point now) const;
    [[nodiscard]] End end() const { return end_; }  ///< how it was closed the last time
    [[nodiscard]] const std::vector<std::string>& endpoints() const { return endpoints_; }
    /// Where the last of them is bound, with the port that the system chose where it says so.
    [[nodiscard]] const std::string& bound() const { return bound_; }

 private:
    struct Exchange {
        std::string route;
        pairing::Host host;
        pairing::Bytes reveal;  ///< empty until it was sent
        Clock::time_point until;
    };

    void listen();
    void on_message(const std::string& route, const zmq::message_t& body, Clock::time_point now);
    void look_after_guest(Clock::time_point now);
    void end_exchange();
    bool send(const pairing::Bytes& bytes);

    zmq::context_t& context_;
    std::string own_key_;
    std::vector<std::string> endpoints_;
    std::string bound_;
    std::optional<zmq::socket_t> socket_;
    std::optional<Exchange> exchange_;
    PeerRole role_ = PeerRole::sensor;
    Clock::time_point closes_at_;
    int tries_ = 0;
    End end_ = End::none;
};

}  // namespace linnet
