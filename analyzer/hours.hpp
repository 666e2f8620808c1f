// Hours: how much each device sent and received in an hour, by application. Each flow counts once, when it ends, in the hour
// in which its last packet came. Kept in memory until the next commit.
#pragma once

#include "sqlite.hpp"
#include "wire/event.hpp"

#include <map>
#include <string>
#include <tuple>

namespace linnet {

struct Volume {
    std::uint64_t flows = 0, packets_out = 0, packets_in = 0, bytes_out = 0, bytes_in = 0;
};

struct Hour {
    Timestamp hour;         ///< when it began
    std::string device;     ///< Device::key, of then
    std::string app_proto;  ///< as Flow::app_proto
    Volume volume;
};

class Hours {
 public:
    void add(const std::string& device, const Flow& flow, bool is_client);
    /// Into the open transaction.
    void save(Database& database);
    void clear() { volumes_.clear(); }

 private:
    std::map<std::tuple<std::int64_t, std::string, std::string>, Volume> volumes_;
};

}  // namespace linnet
