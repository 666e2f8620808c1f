// A webhook: each message as JSON to an address of the person's choice, signed where there is a key. The signature is
// HMAC-SHA256 (RFC 2104) over the timestamp, a full stop and the body, in hexadecimal: who checks it and the timestamp knows
// that the message is Linnet's and no recording. docs/outlets/webhook.md says how.
#include "hmac.hpp"
#include "outlets.hpp"
#include "transfer.hpp"

#include <fmt/format.h>

namespace linnet {
namespace {

Json body_of(const Message& message) {
    Json body{{"id", message.id},
              {"event", to_string(message.kind)},
              {"time", to_string(message.at)},
              {"severity", static_cast<int>(message.severity)},
              {"title", message.title},
              {"text", message.text}};
    if (!message.device.empty()) body["device"] = message.device;
    if (!message.link.empty()) body["link"] = message.link;
    if (!message.alert.is_null()) body["alert"] = message.alert;
    return body;
}

class Webhook : public Outlet {
 public:
    Webhook(std::string url, OutletBasics&& basics) : url_{std::move(url)}, basics_{std::move(basics)} {}

    [[nodiscard]] std::string preview(const Message& message, Timestamp now) const override {
        return as_sent(request(message, now));
    }
    Delivery send(const Message& message, Timestamp now, const std::atomic<bool>& stop) override {
        return post(request(message, now), stop);
    }

 private:
    [[nodiscard]] HttpPost request(const Message& message, Timestamp now) const {
        HttpPost request{.url = url_, .headers = {}, .body = dump(body_of(message)), .ca_file = basics_.ca_file};
        const auto seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
        request.headers = {{"Content-Type", "application/json", ""},
                           {"X-Linnet-Id", message.id, ""},
                           {"X-Linnet-Timestamp", std::to_string(seconds), ""}};
        if (!basics_.secret.empty())
            request.headers.push_back(
                {"X-Linnet-Signature",
                 "sha256=" + hmac_sha256(basics_.secret.reveal(), fmt::format("{}.{}", seconds, request.body)),
                 "sha256=***"});
        return request;
    }

    std::string url_;
    OutletBasics basics_;
};

std::unique_ptr<Outlet> make(Settings& settings, OutletBasics&& basics) {
    auto url = settings.text("url", "");
    if (const auto wrong = check_web_address(url); !wrong.empty()) settings.refuse("url", wrong);
    return std::make_unique<Webhook>(std::move(url), std::move(basics));
}

}  // namespace

const OutletType webhook_outlet{"webhook", make};

}  // namespace linnet
