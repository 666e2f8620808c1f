// Reads events as JSON lines and prints, for each Certificate, tab-separated: where it was seen, the facts and the flaws of
// the server's own certificate, and what the client did. For real_certificates.py.
#include "analyzer/certificate_judge.hpp"
#include "wire/event_json.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <iostream>
#include <string>

int main() {
    using namespace linnet;
    CertificateJudge judge{nullptr};
    for (std::string line; std::getline(std::cin, line);) {
        std::string error;
        const auto event = parse_json_line(line, error);
        const auto* seen = event ? std::get_if<Certificate>(&*event) : nullptr;
        if (seen == nullptr) continue;
        auto own = *seen;
        own.chain.resize(1);
        const auto verdict = judge.judge(own);
        TlsFacts facts;
        std::vector<std::string_view> flaws;
        if (verdict) {
            put(verdict->facts, facts);
            for (const auto flaw : verdict->list()) flaws.push_back(to_string(flaw));
        }
        fmt::print("{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\n", to_string(seen->server.ip), seen->server.port.number,
                   to_string(seen->client.ip), facts.subject, facts.issuerdn, facts.notbefore, facts.notafter,
                   fmt::join(flaws, ","), to_string(seen->outcome));
    }
    return 0;
}
