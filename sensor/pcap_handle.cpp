#include "pcap_handle.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace linnet {

BpfProgram compile_filter(pcap_t* handle, const std::string& expression) {
    BpfProgram program{new bpf_program{}};
    if (pcap_compile(handle, program.get(), expression.c_str(), 1, PCAP_NETMASK_UNKNOWN) != 0)
        throw SourceError{
            fmt::format("The filter \"{}\" is not valid: {} (see man pcap-filter).", expression, pcap_geterr(handle))};
    return program;
}

Timestamp to_timestamp(std::int64_t seconds, std::int64_t microseconds) {
    constexpr std::int64_t last_second = 253'402'300'799;  // 9999-12-31T23:59:59Z
    const std::int64_t within = std::clamp<std::int64_t>(seconds, 0, last_second);
    return Timestamp{std::chrono::seconds{within} + Duration{std::clamp<std::int64_t>(microseconds, 0, 999'999)}};
}

RawPacket raw_packet(const pcap_pkthdr& header, const u_char* bytes, int link_type) {
    return {.at = to_timestamp(header.ts.tv_sec, header.ts.tv_usec),
            .link_type = link_type,
            .wire_length = std::max(header.len, header.caplen),
            .bytes = std::as_bytes(std::span{bytes, header.caplen})};
}

}  // namespace linnet
