// The teller reads what changed at the analyzer, asks each outlet's policy what to say of it, and puts that into the queue,
// with how far it has read, in one transaction. It never waits for an outlet.
#pragma once

#include "policy.hpp"
#include "queue.hpp"

#include "wire/api.hpp"

#include <set>
#include <string>
#include <vector>

namespace linnet {

class Teller {
 public:
    static constexpr std::size_t alerts_at_once = 500;
    static constexpr std::size_t ends_at_once = 500;

    struct Listener {
        std::string name;
        Policy policy;
    };

    Teller(std::vector<Listener> listeners, Queue& queue);

    /// What to ask the analyzer next: {"after", "limit"} of the request `changes`.
    [[nodiscard]] Json question() const;

    /// Its answer. True where there is more to ask. Throws DatabaseError (then nothing has changed), and what the JSON
    /// library throws for an answer that is none.
    bool take(const Json& answer, Timestamp now);

    /// What is due by the clock alone, where the analyzer does not answer.
    void tick(Timestamp now);

    /// Something was forgotten since the last call: what we keep of unknown devices has to go.
    [[nodiscard]] bool must_forget() const { return must_forget_; }
    void forget_others(const std::set<std::string>& devices);

    [[nodiscard]] const std::vector<Listener>& listeners() const { return listeners_; }
    /// Since when Linnet learns; zero = not known.
    [[nodiscard]] Timestamp since() const { return since_; }

 private:
    void begin_anew(Ledger& ledger, const std::string& outlet, Progress& progress, const std::string& series) const;
    void tell(Ledger& ledger, const Listener& listener, Progress& progress, const Json& answer, const Moment& moment) const;
    bool tell_of(Ledger& ledger, const Listener& listener, Progress& progress, const Json& eve, const Moment& moment) const;
    void end(Ledger& ledger, const Listener& listener, Progress& progress, const Moment& moment) const;

    std::vector<Listener> listeners_;
    std::vector<Progress> progress_;  ///< as in the queue
    Queue& queue_;
    bool must_forget_ = false;
    std::uint64_t forgets_ = 0;
    Timestamp since_;
};

}  // namespace linnet
