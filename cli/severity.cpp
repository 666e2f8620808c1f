#include "severity.hpp"

#include <algorithm>

namespace linnet {

const SeverityLook& look_of(Severity severity) {
    const auto* const found = std::find_if(severity_looks.begin(), severity_looks.end(),
                                           [severity](const SeverityLook& look) { return look.severity == severity; });
    return found == severity_looks.end() ? severity_looks.back() : *found;
}

}  // namespace linnet
