// A question to the person at the terminal.
#pragma once

#include <string>

namespace linnet {

/// Shows what is about to be done for ever, and whether the person typed "yes". Throws where nobody is there to ask.
bool is_sure(const std::string& what);

}  // namespace linnet
