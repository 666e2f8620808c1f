#include "eve_stream.hpp"

#include "courier.hpp"
#include "eve_tap.hpp"

#include "wire/api.hpp"

#include <algorithm>
#include <optional>
#include <random>
#include <utility>

namespace linnet {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::seconds patience{3}, longest_nap{2}, states_every{60};

Timestamp time_of_day() { return std::chrono::floor<Duration>(std::chrono::system_clock::now()); }

class EveStream : public Stream {
 public:
    EveStream(std::unique_ptr<LineSink> sink, std::chrono::seconds longest_pause)
        : sink_{std::move(sink)}, longest_pause_{longest_pause} {}

    [[nodiscard]] std::string preview(const Json& alert) const override {
        return sink_->preview(eve_line(alert.is_object() ? alert : to_eve(SensorStats{})));
    }

    void run(StreamHost& host) override {
        Clock::time_point resume_at;
        while (host.wait(longest_nap)) {
            if (Clock::now() < resume_at) continue;
            try {
                copy(host);
            } catch (const std::exception& error) {  // the analyzer, the sink or the cursor: begin again where we saved
                client_.reset();
                resume_at = Clock::now() + pause();
                host.note({Delivery::Result::later, error.what(), {}});
            }
        }
    }

 private:
    void copy(StreamHost& host) {
        if (!client_) {
            client_ = std::make_unique<api::Client>(host.api());
            tap_.emplace(written_.empty() ? host.cursor() : written_);
            states_at_ = {};
        }
        for (bool has_more = true; has_more;) {
            std::string lines;
            has_more = tap_->take_changes(client_->request("changes", tap_->question(), patience), lines);
            write(host, lines);
        }
        if (Clock::now() < states_at_) return;
        std::string lines;
        tap_->take_devices(client_->request("devices", Json::object(), patience), lines);
        tap_->take_status(client_->request("status", Json::object(), patience), lines);
        write(host, lines);
        states_at_ = Clock::now() + states_every;
    }

    void write(StreamHost& host, const std::string& lines) {
        if (!lines.empty()) {
            ++failures_;  // until it is written
            sink_->write(lines, time_of_day());
            failures_ = 0;
            host.note({});
        }
        written_ = tap_->cursor();
        if (written_ == saved_) return;
        host.save(written_);
        saved_ = written_;
    }

    std::chrono::milliseconds pause() {
        const auto dice = std::uniform_real_distribution<double>{0, 1}(dice_);
        const auto pause = Courier::pause(std::max<std::uint64_t>(failures_, 1), {}, dice);
        return std::min<std::chrono::milliseconds>(pause, longest_pause_);
    }

    std::unique_ptr<LineSink> sink_;
    std::chrono::seconds longest_pause_;
    std::uint64_t failures_ = 0;  ///< of the sink, one after the other
    std::mt19937 dice_{std::random_device{}()};
    std::unique_ptr<api::Client> client_;
    std::optional<EveTap> tap_;
    std::string written_;  ///< how far the lines are written; where the disk is too full to note that, not again
    std::string saved_;
    Clock::time_point states_at_;
};

}  // namespace

std::unique_ptr<Stream> eve_stream(std::unique_ptr<LineSink> sink, std::chrono::seconds longest_pause) {
    return std::make_unique<EveStream>(std::move(sink), longest_pause);
}

}  // namespace linnet
