// How many flow events a second the analyzer takes from the link into SQLite, measured end to end: encoded events into a
// socket, shipper, ZeroMQ, the real linnet-analyzer on one core, until the last one is committed and acknowledged.
//
//   bench_store [EVENTS [DATABASE]]        (500000 in a temporary folder)
#include "sensor/shipper.hpp"
#include "tests/analyzer/synthetic_events.hpp"
#include "tests/temporary_folder.hpp"
#include "wire/frame.hpp"

#include <sched.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <span>
#include <thread>

using namespace linnet;

namespace {

/// Half of them begin a flow, the other half end it 30 flows later.
std::vector<std::byte> flow_frames(std::uint64_t count) {
    EventEncoder encoder;
    std::vector<std::byte> frames;
    for (std::uint64_t i = 0; i < count; ++i) {
        const Timestamp at{std::chrono::seconds{1'772'389'211} + std::chrono::microseconds{i * 50}};
        const bool ends = i % 2 == 1 && i > 60;
        const auto flow = i / 2 - (ends ? 30 : 0);
        encoder.append_frame(test::synthetic_flow(flow, ends ? FlowStage::end : FlowStage::start, at), frames);
    }
    return frames;
}

pid_t start_analyzer(const std::string& events, const std::string& api, const std::string& database) {
    const pid_t pid = ::fork();
    if (pid != 0) return pid;
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(0, &one);
    ::sched_setaffinity(0, sizeof one, &one);
    ::execl(LINNET_ANALYZER_PROGRAM, "linnet-analyzer", "--listen", events.c_str(), "--api", api.c_str(), "--database",
            database.c_str(), "--log-level", "warn", nullptr);
    ::_exit(127);
}

/// Bytes that the process had written to storage.
std::uint64_t written_by(pid_t pid) {
    std::ifstream io{"/proc/" + std::to_string(pid) + "/io"};
    std::string name;
    for (std::uint64_t value = 0; io >> name >> value;)
        if (name == "write_bytes:") return value;
    return 0;
}

ShipResult ship_all(const std::vector<std::byte>& frames, const std::string& endpoint) {
    std::array<int, 2> pipe{};
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pipe.data()) != 0) return {};
    std::thread writer{[&frames, out = pipe[1]] {
        constexpr std::size_t at_once = 64 * 1024;  // as the Outbox
        for (std::span<const std::byte> rest{frames}; !rest.empty();) {
            const auto whole = whole_frames(rest.first(std::min(at_once, rest.size()))).bytes;
            if (::write(out, rest.data(), whole) <= 0) break;
            rest = rest.subspan(whole);
        }
        ::close(out);
    }};
    ShipperOptions options;
    options.endpoint = endpoint;
    options.sensor = "bench";
    options.origin = ShipOrigin::file;
    options.epoch = 1;
    const auto result = ship(pipe[0], options);
    if (!result.ok) ::close(pipe[0]);
    writer.join();
    return result;
}

}  // namespace

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN);
    const std::uint64_t count = argc > 1 ? std::stoull(argv[1]) : 500'000;
    const test::TemporaryFolder folder;
    const std::string database = argc > 2 ? argv[2] : folder.file("linnet.db").string();
    const pid_t analyzer = start_analyzer(folder.endpoint("events"), folder.endpoint("api"), database);
    const auto frames = flow_frames(count);  // now, or its memory would count as the analyzer's
    const auto begin = std::chrono::steady_clock::now();
    const auto result = ship_all(frames, folder.endpoint("events"));
    const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begin;
    const auto written = written_by(analyzer);
    ::kill(analyzer, SIGTERM);
    int status = 0;
    rusage used{};
    ::wait4(analyzer, &status, 0, &used);
    if (!result.ok || status != 0) {
        std::fprintf(stderr, "bench_store: %s\n", result.ok ? "the analyzer failed" : result.error.c_str());
        return 1;
    }
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    const double cpu = seconds(used.ru_utime) + seconds(used.ru_stime);
    const auto events = static_cast<double>(count);
    const auto size = static_cast<double>(std::filesystem::file_size(database));
    std::printf("%llu flow events: %.2f s, %.0f events/s; analyzer CPU %.2f s, %.0f events/s of one core\n",
                static_cast<unsigned long long>(count), wall.count(), events / wall.count(), cpu, events / cpu);
    std::printf("database %.1f MB, written to storage %.1f MB (%.1f times), analyzer's peak memory %.1f MB\n", size / 1e6,
                static_cast<double>(written) / 1e6, static_cast<double>(written) / size,
                static_cast<double>(used.ru_maxrss) / 1e3);
}
