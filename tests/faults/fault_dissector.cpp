// A dissector with a hole, for the test sensor linnet-sensor-with-faults alone: whoever sends it a datagram "linnet-fault
// WORD ARGUMENT" to port 40404 has taken the parser over, and does with it what WORD says.
#include "sensor/dissector.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <string>

namespace linnet {
namespace {

constexpr std::string_view magic = "linnet-fault ";
constexpr std::array<std::uint16_t, 1> ports{40404};

std::string_view text_of(const Packet& packet) {
    return {reinterpret_cast<const char*>(packet.payload.data()), packet.payload.size()};
}

void hang() {
    static volatile bool forever = true;
    while (forever) {
    }
}
void crash() {
    static volatile std::uintptr_t nowhere = 8;
    *reinterpret_cast<volatile int*>(nowhere) = 1;
}
void eat_memory() {
    for (;;) {
        constexpr std::size_t much = 16 * 1024 * 1024;
        auto* bytes =
            static_cast<volatile char*>(::mmap(nullptr, much, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
        if (bytes == MAP_FAILED) std::abort();
        for (std::size_t i = 0; i < much; i += 4096) bytes[i] = 1;
    }
}
void make_file(const std::string& path) { ::close(::open(path.c_str(), O_WRONLY | O_CREAT, 0600)); }
void send_datagram(const std::string& port) {
    const int socket = ::socket(AF_INET, SOCK_DGRAM, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<std::uint16_t>(std::stoul(port)));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::sendto(socket, "taken", 5, 0, reinterpret_cast<const sockaddr*>(&to), sizeof to);
    ::close(socket);
}
void start_process(const std::string& path) {
    const pid_t child = ::fork();
    if (child == 0) {
        ::execl("/bin/touch", "touch", path.c_str(), nullptr);
        ::_exit(1);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
}
/// Into whatever is open: the log, the network card, the next process.
void write_everywhere() {
    for (int fd = 0; fd < 64; ++fd)
        if (fd != 3) static_cast<void>(::write(fd, "taken", 5));
}
/// As a library may, without being asked.
bool knows_local_time() {
    const std::time_t noon = 1'772'366'400;  // 2026-03-01T12:00:00Z
    std::tm local{};
    ::localtime_r(&noon, &local);
    return std::mktime(&local) == noon && std::localtime(&noon)->tm_hour == 12;
}
void make_code() { ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0); }

bool wants(const Packet& packet) { return text_of(packet).starts_with(magic); }

void inspect(const Packet& packet, const SensorSignatures& /*signatures*/, const Emit& emit) {
    const std::string order{text_of(packet).substr(magic.size())};
    const auto space = order.find(' ');
    const auto word = order.substr(0, space), argument = space == std::string::npos ? "" : order.substr(space + 1);
    if (word == "hang") hang();
    if (word == "crash") crash();
    if (word == "memory") eat_memory();
    if (word == "file") make_file(argument);
    if (word == "socket") send_datagram(argument);
    if (word == "process") start_process(argument);
    if (word == "kill") ::kill(static_cast<pid_t>(std::stol(argument)), SIGKILL);
    if (word == "write") write_everywhere();
    if (word == "code") make_code();
    if (word == "local-time" && !knows_local_time()) crash();
    emit(DeviceHint{
        .at = packet.at, .mac = packet.src_mac, .ip = packet.src, .source = "fault", .key = word, .value = "done"});
}

}  // namespace

extern const DatagramDissector fault_dissector{"fault", wants, inspect, ports};

}  // namespace linnet
