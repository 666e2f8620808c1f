#include "likeness.hpp"

#include "analyzer/household/host_name.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <vector>

namespace linnet {
namespace {

constexpr std::size_t enough_hellos = 3;

template <class Value>
std::optional<Value> shared(const std::vector<Value>& a, const std::vector<Value>& b) {
    const auto found = std::find_first_of(a.begin(), a.end(), b.begin(), b.end());
    return found == a.end() ? std::nullopt : std::optional{*found};
}

/// How much of what either does both do.
struct Common {
    std::size_t both = 0, either = 0;
    [[nodiscard]] bool mostly() const { return both * 2 >= either && both > 0; }
};
Common common(const std::vector<std::uint64_t>& a, const std::vector<std::uint64_t>& b) {
    Common result{.either = a.size()};
    for (const auto each : b) (std::find(a.begin(), a.end(), each) == a.end() ? result.either : result.both) += 1;
    return result;
}

bool is_random(const Device& device) { return device.mac.is_locally_administered(); }

bool share_bytes(const MacAddress& a, const MacAddress& b, std::ptrdiff_t bytes) {
    return a.known() && std::equal(a.bytes.begin(), a.bytes.begin() + bytes, b.bytes.begin());
}

/// Adds up, and collects the reasons.
class Sum {
 public:
    void add(std::int64_t points, const std::string& reason) {
        points_ += points;
        if (!reason.empty()) why_ += (why_.empty() ? "both " : ", and both ") + reason;
    }
    void subtract(std::int64_t points) { points_ -= points; }
    [[nodiscard]] std::int64_t points() const { return points_; }
    [[nodiscard]] const std::string& why() const { return why_; }

 private:
    std::int64_t points_ = 0;
    std::string why_;
};

class Comparison {
 public:
    Comparison(const Candidate& a, const Candidate& b, Together together, const LikenessWeights& weights)
        : a_{a}, b_{b}, together_{together == Together::yes}, weights_{weights} {
        add_ids();
        add_names();
        add_habits();
    }

    [[nodiscard]] Likeness result() const {
        const bool any_random = is_random(a_.device) || is_random(b_.device);
        const bool lasting = sum_.points() >= weights_.join && certain_;
        auto points = sum_.points();
        if (together_ && !certain_) points -= weights_.together;
        if (!together_ && any_random && points > 0) points += weights_.succession;
        return {std::clamp<std::int64_t>(points, 0, 100), lasting, sum_.why()};
    }

 private:
    void add_ids() {
        const auto id = shared(a_.traits.ids, b_.traits.ids);
        if (!id) return;
        same_id_ = true;  // copies of one virtual machine have it, too: the name decides whether it is proof
        sum_.add(weights_.id, id->starts_with("uuid:") || id->starts_with("device-id:")
                                  ? "announce the same device number"
                                  : "identify themselves to the DHCP server with the same number");
    }

    void add_names() {
        const auto& x = a_.traits;
        const auto& y = b_.traits;
        // Who announces several names speaks for others: a repeater, or a proxy for those that sleep.
        if (x.announced.size() > 1 || y.announced.size() > 1) sum_.subtract(weights_.other_name);
        if (const auto name = shared(x.names, y.names)) {
            add_name(*name);
        } else if (!x.names.empty() && !y.names.empty()) {
            sum_.subtract(weights_.other_name);
        }
        if (const auto name = shared(x.announced, y.announced); name && together_) {
            certain_ = true;  // RFC 6762, section 9: a second host of that name would have had to take another
            sum_.add(weights_.announced, "announce that name at the same time");
        }
        if (const auto instance = shared(x.instances, y.instances))
            sum_.add(weights_.instance, "offer the service " + *instance);
    }

    void add_name(const std::string& name) {
        const bool any_random = is_random(a_.device) || is_random(b_.device);
        const bool in_a_row = !any_random && share_bytes(a_.device.mac, b_.device.mac, 5);
        const bool of_one_maker = !any_random && share_bytes(a_.device.mac, b_.device.mac, 3);
        auto kind = telling(name);
        if (kind == Telling::given && of_one_maker && !in_a_row) kind = Telling::common;  // two of one product
        certain_ = certain_ || same_id_ || kind == Telling::unique;
        const auto points = kind == Telling::unique   ? weights_.unique_name
                            : kind == Telling::common ? weights_.common_name
                            : any_random              ? weights_.given_name
                                                      : weights_.wired_name;
        sum_.add(points, "call themselves " + name);
        if (in_a_row) sum_.add(weights_.neighbours, "have hardware addresses in a row");
    }

    void add_habits() {
        const auto& x = a_.traits;
        const auto& y = b_.traits;
        if (x.dhcp != 0 && x.dhcp == y.dhcp)
            sum_.add(weights_.dhcp, "ask for an address in the same way");
        else if (x.dhcp != 0 && y.dhcp != 0)
            sum_.subtract(weights_.other_dhcp);
        const auto hellos = common(x.hellos, y.hellos);
        if (hellos.both >= enough_hellos && hellos.mostly())
            sum_.add(weights_.behaviour, "speak with the same servers in the same way");
        else if (common(x.kinds, y.kinds).mostly())
            sum_.add(weights_.hello, "");
        if (!a_.device.kind.empty() && !b_.device.kind.empty() && a_.device.kind != b_.device.kind)
            sum_.subtract(weights_.other_kind);
    }

    const Candidate& a_;
    const Candidate& b_;
    bool together_;
    const LikenessWeights& weights_;
    Sum sum_;
    bool certain_ = false, same_id_ = false;
};

}  // namespace

LikenessWeights::LikenessWeights(Thresholds& thresholds) {
    const auto number = [&thresholds](const char* name) {
        return thresholds.integer(std::string{"household."} + name, 0, 100);
    };
    join = number("join");
    suggest = number("suggest");
    id = number("for.id");
    unique_name = number("for.unique_name");
    given_name = number("for.given_name");
    wired_name = number("for.wired_name");
    common_name = number("for.common_name");
    announced = number("for.announced_together");
    instance = number("for.instance");
    neighbours = number("for.neighbours");
    dhcp = number("for.dhcp");
    behaviour = number("for.behaviour");
    hello = number("for.hello");
    succession = number("for.succession");
    other_name = number("against.name");
    other_dhcp = number("against.dhcp");
    other_kind = number("against.kind");
    together = number("against.together");
}

Likeness likeness(const Candidate& a, const Candidate& b, Together together, const LikenessWeights& weights) {
    return Comparison{a, b, together, weights}.result();
}

}  // namespace linnet
