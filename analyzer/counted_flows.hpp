// Which conversations a detector has already counted: a flow is told of at its start, now and then, and at its end.
#pragma once

#include "analyzer/state_table.hpp"

namespace linnet {

class CountedFlows {
 public:
    static constexpr std::size_t max_flows = 4096;

    explicit CountedFlows(std::string table_name) : flows_{std::move(table_name), max_flows} {}

    /// True the first time; what has ended is forgotten. Sensors number their flows independently of each other.
    bool is_new(std::string_view sensor, const Flow& flow) {
        RowKey key;
        key.add(sensor);
        for (int shift = 56; shift >= 0; shift -= 8) key.add(static_cast<std::uint8_t>(flow.id >> shift));
        key.add(flow.client.ip).add(flow.client.port).add(flow.server.ip).add(flow.server.port);
        const bool fresh = flows_.find(key.text()) == nullptr;
        flows_.touch(key.text());
        if (flow.stage == FlowStage::end) flows_.erase(key.text());
        return fresh;
    }

    StateTableBase& table() { return flows_; }

 private:
    struct Counted {
        [[nodiscard]] Json to_state() const { return true; }
        static Counted from_state(const Json&) { return {}; }
    };
    StateTable<Counted> flows_;
};

}  // namespace linnet
