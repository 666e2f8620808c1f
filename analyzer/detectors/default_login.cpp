// default-login: the credential on the wire is on the list of those that devices are sold with. The sensor has compared
// it; which entry it was is not told on, for that would be the password.
#include "login_finding.hpp"

namespace linnet {
namespace {

class DefaultLogin : public Detector {
 public:
    void on_event(const Event& event, Context& context) override {
        const auto* login = std::get_if<Login>(&event);
        if (login == nullptr || login->default_entry == 0) return;
        context.episodes.report(login_finding("default-login", *login, context));
    }
};

}  // namespace

std::unique_ptr<Detector> make_default_login(Thresholds&) { return std::make_unique<DefaultLogin>(); }

}  // namespace linnet
