#include "http_control.hpp"

#include "http_proof.hpp"
#include "sensor/sensor_signatures.hpp"

#include <algorithm>

namespace linnet {
void report_http_control(const HttpExchange& exchange, Findings& findings) {
    const int status = exchange.status.value_or(0);
    if (status < 200 || status > 299) return;
    auto line = exchange.request.start_line;
    const auto method = take_word(line);
    const auto target = take_word(line);
    const auto question = std::min(target.find('?'), target.size());
    const auto path = target.substr(0, question), query = target.substr(std::min(question + 1, target.size()));
    const auto* api = findings.signatures().device_apis.match(method, path, query);
    if (api == nullptr || shows_who_asks(exchange.request)) return;
    Observation seen;
    seen.kind = ObservationKind::open_control;
    seen.entry = api->number;
    seen.protocol = "http";
    seen.subject = api->device;
    findings.tell(std::move(seen));
}

}  // namespace linnet
