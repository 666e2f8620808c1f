#include "capture_writer.hpp"

#include <fstream>

namespace linnet {
namespace {

constexpr std::uint8_t fin = 0x01;
constexpr std::uint8_t syn = 0x02;
constexpr std::uint8_t push = 0x08;
constexpr std::uint8_t ack = 0x10;

template <class Number>
void append_big_endian(std::string& out, Number number) {
    for (int shift = 8 * (static_cast<int>(sizeof number) - 1); shift >= 0; shift -= 8)
        out += static_cast<char>(number >> shift & 0xff);
}
void append16(std::string& out, unsigned number) { append_big_endian(out, static_cast<std::uint16_t>(number)); }
void append32(std::string& out, std::uint64_t number) { append_big_endian(out, static_cast<std::uint32_t>(number)); }

std::uint32_t address_of(Host host) {
    return host.number < 256 ? 0xC0A80100U + host.number : 0xCB007100U + host.number - 256;
}

std::string mac_of(Host host) {
    constexpr unsigned router = 1;
    std::string mac("\x02\x00\x00\x00\x00", 5);
    return mac += static_cast<char>(host.number < 256 ? host.number : router);
}

/// RFC 1071.
std::uint16_t checksum(std::string_view data) {
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i < data.size(); ++i)
        sum += static_cast<std::uint32_t>(static_cast<unsigned char>(data[i])) << (i % 2 == 0 ? 8 : 0);
    while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
    return static_cast<std::uint16_t>(~sum);
}

void insert_checksum(std::string& header, std::size_t place, std::string_view data) {
    const std::uint16_t sum = checksum(data);
    header[place] = static_cast<char>(sum >> 8);
    header[place + 1] = static_cast<char>(sum & 0xff);
}

/// RFC 9293, section 3.1.
std::string tcp_segment(Host from, std::uint16_t from_port, Host to, std::uint16_t to_port, std::uint8_t flags,
                        std::uint32_t sequence, std::uint32_t acknowledged, std::string_view payload) {
    std::string segment;
    append16(segment, from_port);
    append16(segment, to_port);
    append32(segment, sequence);
    append32(segment, acknowledged);
    append16(segment, 0x5000U | flags);  // five words of header
    append16(segment, 64'240);           // window
    append32(segment, 0);                // checksum, urgent pointer
    segment += payload;
    std::string pseudo_header;
    append32(pseudo_header, address_of(from));
    append32(pseudo_header, address_of(to));
    append16(pseudo_header, 6);
    append16(pseudo_header, static_cast<unsigned>(segment.size()));
    insert_checksum(segment, 16, pseudo_header + segment);
    return segment;
}

/// RFC 791, section 3.1, behind an Ethernet header.
std::string frame(Host from, Host to, const std::string& segment) {
    std::string ip;
    append16(ip, 0x4500);
    append16(ip, static_cast<unsigned>(20 + segment.size()));
    append32(ip, 0x4000);  // identification 0, don't fragment
    append16(ip, 0x4006);  // 64 hops, TCP
    append16(ip, 0);
    append32(ip, address_of(from));
    append32(ip, address_of(to));
    insert_checksum(ip, 10, ip);
    std::string ethernet = mac_of(to) + mac_of(from);
    append16(ethernet, 0x0800);
    return ethernet + ip + segment;
}

}  // namespace

CaptureWriter::CaptureWriter() : microseconds_(1'772'389'211'000'000) {  // 2026-03-01T18:20:11Z
    append32(bytes_, 0xa1b2c3d4);                                        // pcap-savefile(5)
    append16(bytes_, 2);
    append16(bytes_, 4);
    append32(bytes_, 0);
    append32(bytes_, 0);
    append32(bytes_, 65'535);
    append32(bytes_, 1);  // LINKTYPE_ETHERNET
}

void CaptureWriter::tcp(Host from, std::uint16_t from_port, Host to, std::uint16_t to_port, std::uint8_t flags,
                        std::uint32_t sequence, std::uint32_t acknowledged, std::string_view payload) {
    const std::string packet =
        frame(from, to, tcp_segment(from, from_port, to, to_port, flags, sequence, acknowledged, payload));
    append32(bytes_, microseconds_ / 1'000'000);
    append32(bytes_, microseconds_ % 1'000'000);
    append32(bytes_, packet.size());
    append32(bytes_, packet.size());
    bytes_ += packet;
    microseconds_ += 10'000;
}

void CaptureWriter::hallmark_syn(Host from, Host to) { tcp(from, 40'000, to, 23, syn, address_of(to), 0, ""); }

void CaptureWriter::ftp_login(Host client, std::uint16_t client_port, Host server, std::string_view user,
                              std::string_view password) {
    constexpr std::uint16_t ftp = 21;
    std::uint32_t client_next = 1001;
    std::uint32_t server_next = 5001;
    const auto say = [&](const std::string& line) {
        tcp(client, client_port, server, ftp, push | ack, client_next, server_next, line);
        client_next += static_cast<std::uint32_t>(line.size());
    };
    const auto answer = [&](const std::string& line) {
        tcp(server, ftp, client, client_port, push | ack, server_next, client_next, line);
        server_next += static_cast<std::uint32_t>(line.size());
    };
    tcp(client, client_port, server, ftp, syn, client_next - 1, 0, "");
    tcp(server, ftp, client, client_port, syn | ack, server_next - 1, client_next, "");
    tcp(client, client_port, server, ftp, ack, client_next, server_next, "");
    answer("220 Welcome\r\n");
    say("USER " + std::string{user} + "\r\n");
    answer("331 Password, please\r\n");
    say("PASS " + std::string{password} + "\r\n");
    answer("230 Logged in\r\n");
    tcp(client, client_port, server, ftp, fin | ack, client_next, server_next, "");
    tcp(server, ftp, client, client_port, fin | ack, server_next, client_next + 1, "");
    tcp(client, client_port, server, ftp, ack, client_next + 1, server_next + 1, "");
}

void CaptureWriter::write(const std::filesystem::path& file) const {
    std::ofstream{file, std::ios::binary}.write(bytes_.data(), static_cast<std::streamsize>(bytes_.size()));
}

}  // namespace linnet
