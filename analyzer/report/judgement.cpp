#include "judgement.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <tuple>

namespace linnet {
namespace {

std::string counted(std::uint64_t count, std::string_view one, std::string_view many) {
    return count == 1 ? fmt::format("one {}", one) : fmt::format("{} {}", count, many);
}

std::string capitalized(std::string text) {
    if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
    return text;
}

/// "hall-camera (192.168.1.23)", "203.0.113.9 port 443".
std::string peer_name(const IpAddress& ip, Port port, const NamesByAddress& names) {
    if (!ip.known()) return {};
    std::string text = to_string(ip);
    if (const auto name = names.find(ip); name != names.end() && name->second != text)
        text = name->second + " (" + text + ")";
    if (port.number != 0) text += fmt::format(" port {}", port.number);
    return text;
}

bool concerns(const EvidenceRule& rule, const Alert& alert, Role role) {
    return rule.detector == alert.detector && (!rule.role || *rule.role == role) &&
           (!rule.outcome || alert.outcome == *rule.outcome || alert.outcome == Outcome::unknown);
}

bool refutes(const EvidenceRule& rule, const Alert& alert) {
    return alert.severity != Severity::worth_knowing && alert.confidence != Confidence::possible &&
           (!rule.outcome || alert.outcome == *rule.outcome) && alert.count >= rule.least &&
           (rule.without.empty() || !alert.evidence.contains(rule.without));
}

class Judge {
 public:
    Judge(const JudgedDevice& judged, const ReportLimits& limits, const NamesByAddress& names)
        : device_{judged.device}, alerts_{judged.alerts}, facts_{judged.facts}, limits_{limits}, names_{names} {
        for (int number = 1; number <= guideline_count; ++number) at(number).guideline = number;
    }

    std::vector<Judgement> judge(const Guidelines& guidelines) {
        weigh_alerts(guidelines);
        weigh_passwords();
        weigh_updates();
        weigh_conversations();
        weigh_doors();
        return {judgements_.begin(), judgements_.end()};
    }

 private:
    Judgement& at(int guideline) { return judgements_[static_cast<std::size_t>(guideline) - 1]; }
    [[nodiscard]] bool undisputed(int guideline) const { return !disputed_[static_cast<std::size_t>(guideline) - 1]; }

    void weigh_alerts(const Guidelines& guidelines) {
        auto sorted = alerts_;
        std::sort(sorted.begin(), sorted.end(), [](const Alert* a, const Alert* b) {
            return std::tuple{a->severity, b->confidence, b->last_seen, a->id} <
                   std::tuple{b->severity, a->confidence, a->last_seen, b->id};
        });
        for (const Alert* alert : sorted) {
            const Role role = role_of(*alert, device_);
            for (const auto& rule : guidelines.rules())
                if (concerns(rule, *alert, role)) weigh(rule, *alert, role);
        }
    }

    void weigh(const EvidenceRule& rule, const Alert& alert, Role role) {
        for (const auto& provision : rule.refutes) {
            disputed_[static_cast<std::size_t>(provision.guideline) - 1] = true;
            if (!refutes(rule, alert)) continue;
            Judgement& judgement = at(provision.guideline);
            judgement.verdict = Verdict::refuted;
            auto& evidence = judgement.evidence;
            const auto known = std::find_if(evidence.begin(), evidence.end(),
                                            [&alert](const Evidence& entry) { return entry.alert == alert.id; });
            if (known != evidence.end())
                known->provisions.push_back(provision.name);
            else if (evidence.size() == Judgement::max_evidence)
                ++judgement.more;
            else
                evidence.push_back(evidence_of(alert, provision, role));
        }
    }

    [[nodiscard]] Evidence evidence_of(const Alert& alert, const Provision& provision, Role role) const {
        const bool is_server = role == Role::server;
        return {.event = alert.detector,
                .alert = alert.id,
                .provisions = {provision.name},
                .first_seen = alert.first_seen,
                .last_seen = alert.last_seen,
                .count = alert.count,
                .peer = is_server ? peer_name(alert.src, {}, names_) : peer_name(alert.dest, alert.dest_port, names_),
                .what = alert.happened};
    }

    void support(int guideline, const char* event, const char* provision, const Tally& tally, std::string what) {
        Judgement& judgement = at(guideline);
        judgement.verdict = Verdict::supported;
        judgement.evidence.push_back({.event = event,
                                      .provisions = {provision},
                                      .first_seen = tally.first,
                                      .last_seen = tally.last,
                                      .count = tally.times(),
                                      .peer = peer_name(tally.peer, tally.port, names_),
                                      .what = std::move(what)});
    }

    /// Guideline 1. The device's own port is no part of who tried, so the peer stands without.
    void weigh_passwords() {
        Judgement& judgement = at(1);
        if (judgement.verdict == Verdict::refuted) return;
        const auto refused = facts_.refused_entries.size();
        if (!undisputed(1) || facts_.doubtful_logins.known()) {
            judgement.note = "Passwords were tried on it; whether one of the factory got in could not be seen.";
        } else if (refused >= limits_.refused_passwords) {
            Tally tally = facts_.refused_logins;
            tally.port = {};
            support(1, "login", "5.1-1", tally,
                    fmt::format("{} different factory passwords were tried on it, and none was seen to get in.", refused));
        } else if (refused > 0) {
            judgement.note = capitalized(counted(refused, "factory password was", "factory passwords were")) +
                             " tried on it and did not get in; that is too few to judge.";
        }
    }

    /// Guideline 3.
    void weigh_updates() {
        const Tally& updates = facts_.updates;
        if (at(3).verdict == Verdict::refuted || !undisputed(3) || updates.count < limits_.update_servers) return;
        support(3, "tls_handshake", "5.3-7", updates,
                fmt::format("It spoke {} times with servers that are named for updates, last with {}, each time protected. "
                            "What it fetched there cannot be seen.",
                            updates.count, updates.what));
    }

    /// Guideline 5.
    void weigh_conversations() {
        Judgement& judgement = at(5);
        if (judgement.verdict == Verdict::refuted) return;
        const auto good = facts_.tls_good.count + facts_.quic.count;
        const bool all_good = !facts_.tls_old.known() && !facts_.readable.known() && !facts_.unclear.known() &&
                              facts_.tls_flows.count <= facts_.tls_good.count && facts_.services_protected();
        if (undisputed(5) && all_good && good >= limits_.protected_conversations) {
            Tally all = facts_.tls_good;
            all.add(facts_.quic);
            support(5, "tls_handshake", "5.5-1", all,
                    fmt::format("All {} conversations with servers outside your home were protected (TLS 1.2 or newer, or "
                                "QUIC); none could be read.",
                                good));
            if (facts_.refused_tls.known()) support(5, "certificate", "5.5-1", facts_.refused_tls, broke_off());
            return;
        }
        judgement.note = conversations_in_words(good);
    }

    [[nodiscard]] std::string broke_off() const {
        return fmt::format("It broke off {} after the server had shown its certificate.",
                           counted(facts_.refused_tls.count, "conversation", "conversations"));
    }

    [[nodiscard]] std::string conversations_in_words(std::uint64_t good) const {
        std::vector<std::string> parts;
        if (good > 0)
            parts.push_back(
                counted(good, "conversation with a server outside was", "conversations with servers outside were") +
                " protected");
        if (const Tally& readable = facts_.readable; readable.known())
            parts.push_back(fmt::format("{} could be read ({}, last with {})",
                                        counted(readable.times(), "conversation", "conversations"), readable.what,
                                        peer_name(readable.peer, readable.port, names_)));
        if (const auto others = facts_.unclear.times() + facts_.tls_old.times(); others > 0)
            parts.push_back(fmt::format("of {} it is not clear whether they are well protected",
                                        counted(others, "conversation", "conversations")));
        std::string text = capitalized(fmt::format("{}", fmt::join(parts, "; ")));
        if (parts.size() == 1 && good > 0 && good < limits_.protected_conversations) text += "; that is too few to judge";
        if (!text.empty()) text += ".";
        if (facts_.refused_tls.known()) text += (text.empty() ? "" : " ") + broke_off();
        return text;
    }

    /// Guideline 6.
    void weigh_doors() {
        Judgement& judgement = at(6);
        if (judgement.verdict == Verdict::refuted) return;
        const auto refused = facts_.refused_ports.size();
        if (facts_.services.empty()) {
            if (undisputed(6) && refused >= limits_.refused_ports) {
                Tally tally = facts_.refused;
                tally.port = {};
                support(6, "probe", "5.6-1", tally,
                        fmt::format("Somebody tried {} of its doors (TCP ports), and none was open.",
                                    refused == DeviceFacts::max_ports ? fmt::format("{} or more", refused)
                                                                      : std::to_string(refused)));
            }
            return;
        }
        std::vector<std::string> open;
        for (const auto& service : facts_.services)
            open.push_back(
                service.use.what.empty()
                    ? fmt::format("{} port {}", to_string(service.proto), service.use.port.number)
                    : fmt::format("{} port {} ({})", to_string(service.proto), service.use.port.number, service.use.what));
        judgement.note = fmt::format("It was seen to answer on {}{}; whether it needs that cannot be seen.",
                                     fmt::join(open, ", "), facts_.more_services ? " and others" : "");
    }

    const Device& device_;
    const std::vector<const Alert*>& alerts_;
    const DeviceFacts& facts_;
    const ReportLimits& limits_;
    const NamesByAddress& names_;
    std::array<Judgement, guideline_count> judgements_;
    std::array<bool, guideline_count> disputed_{};  ///< there is an alert that would refute it, were it graver or surer
};

}  // namespace

Role role_of(const Alert& alert, const Device& device) {
    const auto has = [&device](const IpAddress& ip) {
        return ip.known() && std::find(device.ips.begin(), device.ips.end(), ip) != device.ips.end();
    };
    return has(alert.dest) && !has(alert.src) ? Role::server : Role::client;
}

std::vector<Judgement> judge(const JudgedDevice& judged, const Guidelines& guidelines, const ReportLimits& limits,
                             const NamesByAddress& names) {
    return Judge{judged, limits, names}.judge(guidelines);
}

}  // namespace linnet
