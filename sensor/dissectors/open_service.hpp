// What the dissectors tell of a service that gives its data to anybody: an Observation of kind open_service.
#pragma once

#include "sensor/dissector.hpp"

#include <string_view>

namespace linnet {

/// `subject` says in a few words what was served; it holds nothing from the wire.
inline void tell_open_service(Findings& findings, std::string_view protocol, std::string_view subject) {
    Observation observation;
    observation.kind = ObservationKind::open_service;
    observation.protocol = protocol;
    observation.subject = subject;
    findings.tell(std::move(observation));
}

}  // namespace linnet
