#include "tls_facts.hpp"

#include <array>
#include <utility>

namespace linnet {
namespace {

constexpr std::array<std::pair<const char*, std::string TlsFacts::*>, 7> fields{{{"version", &TlsFacts::version},
                                                                                 {"sni", &TlsFacts::sni},
                                                                                 {"ja4", &TlsFacts::ja4},
                                                                                 {"subject", &TlsFacts::subject},
                                                                                 {"issuerdn", &TlsFacts::issuerdn},
                                                                                 {"notbefore", &TlsFacts::notbefore},
                                                                                 {"notafter", &TlsFacts::notafter}}};

}  // namespace

std::string tls_version_name(std::uint16_t version) {
    switch (version) {
        case 0x0002: return "SSL 2.0";
        case 0x0300: return "SSL 3.0";
        case 0x0301: return "TLS 1.0";
        case 0x0302: return "TLS 1.1";
        case 0x0303: return "TLS 1.2";
        case 0x0304: return "TLS 1.3";
        default: return "";
    }
}

nlohmann::ordered_json to_eve(const TlsFacts& facts) {
    auto tls = nlohmann::ordered_json::object();
    for (const auto& [name, member] : fields)
        if (!(facts.*member).empty()) tls[name] = facts.*member;
    return tls;
}

TlsFacts tls_facts_from_eve(const nlohmann::ordered_json& tls) {
    TlsFacts facts;
    for (const auto& [name, member] : fields)
        if (const auto found = tls.find(name); found != tls.end()) found->get_to(facts.*member);
    return facts;
}

}  // namespace linnet
