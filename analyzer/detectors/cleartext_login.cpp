// cleartext-login: a credential readable on the wire. Anonymous FTP is one, too, but nobody's secret.
#include "login_finding.hpp"

#include <algorithm>

namespace linnet {
namespace {

bool is_anonymous(const Login& login) {
    std::string user = login.user;
    std::transform(user.begin(), user.end(), user.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
    return login.service == Service::ftp && (user == "anonymous" || user == "ftp");
}

/// What was readable is a hash: good for the list of default passwords, and no password in clear.
bool is_hashed(const Login& login) { return login.service == Service::dvrip; }

class CleartextLogin : public Detector {
 public:
    void on_event(const Event& event, Context& context) override {
        const auto* login = std::get_if<Login>(&event);
        if (login == nullptr || is_hashed(*login)) return;
        Finding finding = login_finding("cleartext-login", *login, context);
        if (is_anonymous(*login)) finding.variant = "anonymous";
        context.episodes.report(std::move(finding));
    }
};

}  // namespace

std::unique_ptr<Detector> make_cleartext_login(Thresholds&) { return std::make_unique<CleartextLogin>(); }

}  // namespace linnet
