#include "eve_line.hpp"

namespace linnet {

std::string eve_line(const Json& record) { return record.dump(-1, ' ', false, Json::error_handler_t::replace); }

}  // namespace linnet
