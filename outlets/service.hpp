// linnet-outlets joins its parts: the analyzer's feed wakes the teller, the teller fills the queue, a courier for each
// outlet empties it, streams read for themselves, and control answers the command line. One thread, and one more for each
// outlet.
#pragma once

#include "control.hpp"
#include "courier.hpp"
#include "options.hpp"
#include "queue.hpp"
#include "stream_runner.hpp"
#include "teller.hpp"

#include "wire/api.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
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
    void read_changes();
    void forget();
    void complain(const std::string& sentence);
    void wake_all();
    [[nodiscard]] Json outlets();  ///< from any thread
    std::optional<std::future<Delivery>> test(const std::string& name);
    std::optional<Json> preview(const std::string& name);
    std::optional<Json> newest_alert();

    OutletsOptions options_;
    Queue queue_;
    std::optional<Teller> teller_;
    std::vector<std::unique_ptr<Courier>> couriers_;
    std::unique_ptr<api::Client> analyzer_;
    zmq::context_t context_{1};
    Control control_;
    Clock::time_point heard_, resume_at_, ticked_;
    std::string trouble_;                                 ///< why nothing can be read or written; empty = it can
    std::vector<std::unique_ptr<StreamRunner>> streams_;  ///< last: they ask the others
};

}  // namespace linnet
