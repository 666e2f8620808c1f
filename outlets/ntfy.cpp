// ntfy: push messages to phones, through ntfy.sh or a server of one's own (https://docs.ntfy.sh/publish/, "Publish as
// JSON").
#include "outlets.hpp"
#include "transfer.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace linnet {
namespace {

constexpr std::size_t longest_title = 240, longest_text = 3'500;  // ntfy makes a file of what is longer than 4,096 bytes

/// ntfy's: 5 rings through, 3 is as any other message, 2 makes no sound.
int priority_of(const Message& message) {
    if (message.kind == MessageKind::ended) return 2;
    switch (message.severity) {
        case Severity::act_now: return 5;
        case Severity::important: return 4;
        default: return 3;
    }
}

/// The names of emoji.
const char* tag_of(const Message& message) {
    if (message.kind == MessageKind::ended) return "white_check_mark";
    if (message.kind == MessageKind::test) return "bird";
    switch (message.severity) {
        case Severity::act_now: return "rotating_light";
        case Severity::important: return "warning";
        default: return "information_source";
    }
}

bool is_topic(const std::string& text) {
    return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](unsigned char c) {
        return std::isalnum(c) != 0 || c == '-' || c == '_';
    });
}

class Ntfy : public Outlet {
 public:
    Ntfy(std::string server, std::string topic, OutletBasics&& basics)
        : server_{std::move(server)}, topic_{std::move(topic)}, basics_{std::move(basics)} {}

    [[nodiscard]] std::string preview(const Message& message, Timestamp /*now*/) const override {
        return as_sent(request(message));
    }
    Delivery send(const Message& message, Timestamp /*now*/, const std::atomic<bool>& stop) override {
        return post(request(message), stop);
    }

 private:
    [[nodiscard]] HttpPost request(const Message& message) const {
        Json body{{"topic", topic_},
                  {"title", shortened_to(message.title, longest_title)},
                  {"message", shortened_to(message.text, longest_text)},
                  {"priority", priority_of(message)},
                  {"tags", Json::array({tag_of(message)})}};
        if (!message.link.empty()) body["click"] = message.link;
        HttpPost request{.url = server_, .headers = {{"Content-Type", "application/json", ""}}, .body = dump(body)};
        request.headers.push_back({"X-Linnet-Id", message.id, ""});
        if (!basics_.secret.empty())
            request.headers.push_back({"Authorization", "Bearer " + basics_.secret.reveal(), "Bearer ***"});
        request.ca_file = basics_.ca_file;
        return request;
    }

    std::string server_, topic_;
    OutletBasics basics_;
};

std::unique_ptr<Outlet> make(Settings& settings, OutletBasics&& basics) {
    auto server = settings.text("server", "https://ntfy.sh");
    if (const auto wrong = check_web_address(server); !wrong.empty()) settings.refuse("server", wrong);
    if (!server.ends_with('/')) server += '/';
    auto topic = settings.text("topic", "");
    if (!is_topic(topic)) settings.refuse("topic", "must be 1 to 64 of letters, digits, - and _");
    return std::make_unique<Ntfy>(std::move(server), std::move(topic), std::move(basics));
}

}  // namespace

const OutletType ntfy_outlet{"ntfy", make};

}  // namespace linnet
