// self-test: somebody looked up the name that `linnet selftest` makes up, linnet-selftest.TOKEN.invalid, and the answer came
// by the sensor. No such name exists or ever will (RFC 6761, section 6.4), so nobody else asks for it. One alert for each
// device that tests; it counts the names and shows the newest.
#include "analyzer/detector.hpp"
#include "wire/self_test_name.hpp"

namespace linnet {
namespace {

class SelfTest : public Detector {
 public:
    void on_event(const Event& event, Context& context) override {
        const auto* answer = std::get_if<NameBinding>(&event);
        if (answer == nullptr || !self_test::is_name(answer->name)) return;
        const auto& household = context.household;
        Finding finding;
        finding.detector = "self-test";
        finding.device = household.at_end(answer->client, answer->resolver);
        finding.src = answer->client.ip;
        finding.dest = answer->resolver.ip;
        finding.dest_port = answer->resolver.port;
        finding.app_proto = "dns";
        finding.count = is_new(*answer) ? 1 : 0;
        finding.first = finding.last = answer->at;
        finding.evidence = {{"name", answer->name}, {"sensor", context.sensor}};
        finding.peer = household.name_at_end(answer->resolver, answer->client);
        context.episodes.report(std::move(finding));
    }

    std::vector<StateTableBase*> tables() override { return {&told_}; }

 private:
    static constexpr std::size_t max_told = 64;

    /// A name is asked for twice: for its IPv4 and its IPv6 address, and again where the answer takes long.
    struct Told {
        [[nodiscard]] Json to_state() const { return true; }
        static Told from_state(const Json&) { return {}; }
    };

    bool is_new(const NameBinding& answer) {
        const std::string key = RowKey{}.add(answer.client.ip).add(answer.name).text();
        const bool fresh = told_.find(key) == nullptr;
        told_.touch(key);
        return fresh;
    }

    StateTable<Told> told_{"self-test", max_told};
};

}  // namespace

std::unique_ptr<Detector> make_self_test(Thresholds&) { return std::make_unique<SelfTest>(); }

}  // namespace linnet
