// linnet-outlets joins its parts: the analyzer's feed wakes the teller, the teller fills the queue, a courier for each
// outlet empties it, and control answers the command line. One thread, and one more for each outlet.
#pragma once

#include "control.hpp"
#include "courier.hpp"
#include "options.hpp"
#include "queue.hpp"
#include "teller.hpp"

#include "wire/api.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>
#include <zmq.hpp>

namespace linnet {

class OutletService {
 public:
    using Clock = std::chrono::steady_clock;

    /// Opens the queue and starts the couriers. Throws DatabaseError and EndpointError.
    explicit OutletService(OutletsOptions&& options);

    /// Until stopped() says so; on_turn() is called several times a second.
    void run(const std::function<bool()>& stopped, const std::function<void()>& on_turn);

 private:
    void listen();
    void connect();
    void subscribe(api::Client& client);
    bool follow(const Json& feed);
    void lose();
    void read_changes();
    void forget();
    void complain(const std::string& sentence);
    [[nodiscard]] Json outlets();
    [[nodiscard]] Json streams() const;
    std::optional<std::future<Delivery>> test(const std::string& name);
    std::optional<Json> preview(const std::string& name);
    std::optional<Json> newest_alert();

    OutletsOptions options_;
    Queue queue_;
    std::optional<Teller> teller_;
    std::vector<std::unique_ptr<Courier>> couriers_;
    std::vector<std::string> types_;  ///< of these
    std::unique_ptr<api::Client> analyzer_;
    std::uint64_t sequence_ = 0;  ///< of the feed's newest message
    zmq::context_t context_{1};
    Control control_;
    Clock::time_point heard_, resume_at_, ticked_;
    std::string trouble_;  ///< why nothing can be read or written; empty = it can
};

}  // namespace linnet
