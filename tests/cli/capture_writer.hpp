// Small captures, written by the tests themselves: classic pcap, Ethernet, IPv4, TCP.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace linnet {

/// 192.168.1.`last`, whose MAC address ends in the same number; or, from 256 on, 203.0.113.(`number` - 256), whose
/// packets come from the router's MAC.
struct Host {
    unsigned number = 0;
};
constexpr Host at_home(unsigned last) { return {last}; }
constexpr Host outside(unsigned last) { return {256 + last}; }

class CaptureWriter {
 public:
    CaptureWriter();

    /// Each packet comes 10 ms after the one before.
    void tcp(Host from, std::uint16_t from_port, Host to, std::uint16_t to_port, std::uint8_t flags, std::uint32_t sequence,
             std::uint32_t acknowledged, std::string_view payload);

    /// A SYN as Mirai's scanner sends it: its sequence number is the destination address.
    void hallmark_syn(Host from, Host to);

    /// A whole FTP session, from SYN to FIN, in which `user` logs in.
    void ftp_login(Host client, std::uint16_t client_port, Host server, std::string_view user, std::string_view password);

    [[nodiscard]] const std::string& bytes() const { return bytes_; }
    void write(const std::filesystem::path& file) const;

 private:
    std::string bytes_;
    std::uint64_t microseconds_;
};

}  // namespace linnet
