// libpcap's handle with an owner, and what files and interfaces have in common.
#pragma once

#include "packet_source.hpp"

#include <pcap/pcap.h>

#include <memory>
#include <string>

namespace linnet {

struct ClosePcap {
    void operator()(pcap_t* handle) const { pcap_close(handle); }
};
using PcapHandle = std::unique_ptr<pcap_t, ClosePcap>;

struct FreeBpf {
    void operator()(bpf_program* program) const {
        pcap_freecode(program);
        delete program;  // NOLINT(cppcoreguidelines-owning-memory)
    }
};
using BpfProgram = std::unique_ptr<bpf_program, FreeBpf>;

/// Throws SourceError.
BpfProgram compile_filter(pcap_t* handle, const std::string& expression);

/// Time is brought into the years 1970 to 9999.
Timestamp to_timestamp(std::int64_t seconds, std::int64_t microseconds);

RawPacket raw_packet(const pcap_pkthdr& header, const u_char* bytes, int link_type);

}  // namespace linnet
