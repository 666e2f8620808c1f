// What horizontal-scan and vertical-scan have in common.
//
// A row stands for one source and one thing that it keeps trying: a port (horizontal) or a target (vertical). A row begins
// with the second attempt that nobody answered and counts from the first. Each *first* contact inside a row moves a walk:
// up where it failed, down where somebody answered (sequential hypothesis test: Jung, Paxson, Berger, Balakrishnan, "Fast
// Portscan Detection Using Sequential Hypothesis Testing", IEEE S&P 2004), and the walk stays between its two thresholds, so
// that years of success do not hide a scan. It is a scan when the walk is at the top and the floor of the rule is reached:
// so many contacts, so many of them failed, within so much time. ARP, ping and bare ACK sweeps have no successes of
// ordinary clients to compare with: there the floor alone decides.
#pragma once

#include "analyzer/detector.hpp"
#include "analyzer/distinct_set.hpp"

#include <array>
#include <map>
#include <string>

namespace linnet {

/// The numbers of the sequential hypothesis test, from [scan] of thresholds.toml.
struct WalkSteps {
    double success = 0;  ///< negative
    double failure = 0;
    double bottom = 0;
    double top = 0;
    explicit WalkSteps(Thresholds& thresholds);
};

/// When contacts of one kind are a scan. No contacts: never.
struct ScanRule {
    std::uint64_t contacts = 0;
    std::uint64_t failures = 0;
    Duration window{};
    bool walk = false;
};

/// One source and what it keeps trying.
struct ScanRow {
    /// Contacts of one kind, inside or outside, since `start`.
    struct Window {
        Timestamp start;
        std::uint64_t contacts = 0;
        std::uint64_t failures = 0;
    };
    Timestamp first, last;
    double walk = 0;
    DistinctSet seen;
    std::array<Window, 4> windows;
    std::uint64_t attempts = 0, answered = 0, refused = 0, unanswered = 0;  ///< the last three by first contact
    bool fired = false;
    std::uint64_t told = 0;  ///< of `seen`, in the alert

    [[nodiscard]] Json to_state() const;
    static ScanRow from_state(const Json& state);
};

class ScanDetector : public Detector {
 public:
    ScanDetector(std::string name, Thresholds& thresholds);
    void on_contact(const Contact& contact, Context& context) final;
    std::vector<StateTableBase*> tables() override { return {&rows_}; }

 protected:
    /// Adds the rule `path`.inside and `path`.outside for contacts of this kind; a kind without rules is left alone.
    void add_rules(ProbeKind kind, const std::string& path, Thresholds& thresholds);

    /// Another detector's business.
    virtual bool is_left_alone(const Contact&, const Context&) const { return false; }
    /// Is it too early to tell of this row, which is a scan? Then the detector tells later. `told`: it has done so before.
    virtual bool postpones(const std::string& /*key*/, const Contact&, bool /*told*/) { return false; }
    /// Tells of what this row has counted and was not told of yet.
    void tell(const std::string& key, const Contact& contact, Context& context);
    /// Are these two attempts of one source steps of the same scan?
    [[nodiscard]] virtual bool same_row(const Attempt& a, const Attempt& b) const = 0;
    virtual void add_to_key(RowKey& key, const Attempt& attempt) const = 0;
    /// What is counted: the target or the port, never 0.
    [[nodiscard]] virtual std::uint64_t counted(const Attempt& attempt) const = 0;
    virtual void describe(Finding& finding, const Attempt& attempt) const = 0;
    [[nodiscard]] virtual const char* unit() const = 0;  ///< "hosts", "ports"

 private:
    static constexpr std::size_t max_rows = 4096;
    static constexpr std::size_t max_slots = 262'144;  ///< of all rows' sets together: 2 MB

    [[nodiscard]] const ScanRule* rule_for(const Attempt& attempt) const;
    [[nodiscard]] bool is_over(const ScanRow& row, Timestamp at, Duration episode_quiet) const;
    ScanRow* row_for(const std::string& key, const Contact& contact, const Context& context);
    [[nodiscard]] bool begins(const Attempt& attempt, const std::vector<Attempt>& before) const;
    bool add(ScanRow& row, const Attempt& attempt);
    void report(ScanRow& row, const Contact& contact, const std::string& key, Context& context) const;
    void count_slots();
    static ScanRow::Window& window_of(ScanRow& row, const Attempt& attempt);

    std::string name_;
    WalkSteps steps_;
    Duration quiet_;
    std::map<std::pair<ProbeKind, bool>, ScanRule> rules_;  ///< by kind and "inside"
    StateTable<ScanRow> rows_;
    std::size_t slots_ = 0;  ///< of all rows' sets
    bool slots_counted_ = false;
};

/// TCP attempts are of one scan whether they are SYNs or bare ACKs.
bool same_protocol(const Attempt& a, const Attempt& b);

}  // namespace linnet
