// E-mail: handed to the person's own mail server for submission (RFC 6409), always encrypted: smtps:// from the first byte
// (RFC 8314), smtp:// with STARTTLS before anything else is said.
#include "local_offset.hpp"
#include "mail_text.hpp"
#include "outlets.hpp"
#include "transfer.hpp"

#include <fmt/format.h>

namespace linnet {
namespace {

constexpr std::size_t most_receivers = 10;

class Email : public Outlet {
 public:
    Email(std::string server, std::string user, Envelope envelope, OutletBasics&& basics)
        : server_{std::move(server)}, user_{std::move(user)}, envelope_{std::move(envelope)}, basics_{std::move(basics)} {}

    /// The commands that carry something of ours, and the mail.
    [[nodiscard]] std::string preview(const Message& message, Timestamp /*now*/) const override {
        std::string text = user_.empty() ? "" : "AUTH " + user_ + " ***\r\n";
        text += "MAIL FROM:<" + envelope_.from + ">\r\n";
        for (const auto& address : envelope_.to) text += "RCPT TO:<" + address + ">\r\n";
        return text + "DATA\r\n" + mail_text(message, envelope_, local_offset) + ".\r\n";
    }
    Delivery send(const Message& message, Timestamp /*now*/, const std::atomic<bool>& stop) override {
        return submit({.url = server_,
                       .user = user_,
                       .from = envelope_.from,
                       .to = envelope_.to,
                       .text = mail_text(message, envelope_, local_offset),
                       .ca_file = basics_.ca_file},
                      basics_.secret, stop);
    }

 private:
    std::string server_, user_;
    Envelope envelope_;
    OutletBasics basics_;
};

std::unique_ptr<Outlet> make(Settings& settings, OutletBasics&& basics) {
    auto server = settings.text("server", "");
    if (const auto wrong = check_mail_address(server); !wrong.empty()) settings.refuse("server", wrong);
    Envelope envelope{.from = settings.text("from", ""), .to = settings.list("to", {})};
    if (!is_mail_address(envelope.from)) settings.refuse("from", "must be an address such as linnet@example.org");
    if (envelope.to.empty() || envelope.to.size() > most_receivers)
        settings.refuse("to", fmt::format("must be a list of 1 to {} addresses", most_receivers));
    for (const auto& address : envelope.to)
        if (!is_mail_address(address)) settings.refuse("to", "must be addresses such as [\"anna@example.org\"]");
    auto user = settings.text("user", "");
    if (user.empty() != basics.secret.empty())
        settings.refuse("user", "a user needs a password (token_file or credential), and a password a user");
    return std::make_unique<Email>(std::move(server), std::move(user), std::move(envelope), std::move(basics));
}

}  // namespace

const OutletType email_outlet{"email", make};

}  // namespace linnet
