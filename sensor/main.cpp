// linnet-sensor: two processes and a pipe. This one parses: it opens the capture, then reads packets and writes events into
// the pipe. Its child reads them and prints or ships them. The parser never opens a socket; the child never sees a packet.
// SIGHUP makes the parser read its signatures again.
#include "options.hpp"
#include "printer.hpp"
#include "shipper.hpp"
#include "wire/data_directory.hpp"
#include "wire/exit_code.hpp"
#include "wire/settings.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <exception>
#include <random>
#include <stdexcept>
#include <utility>

namespace linnet {
namespace {

PacketSource* running = nullptr;
volatile std::sig_atomic_t stopping = 0;
volatile std::sig_atomic_t renewing = 0;

extern "C" void on_stop_signal(int) {
    stopping = 1;
    if (running != nullptr) running->stop();
}

extern "C" void on_renew_signal(int) { renewing = 1; }

void complain(const std::string& sentence) { std::fprintf(stderr, "linnet-sensor: %s\n", sentence.c_str()); }

std::uint64_t random_number() {
    std::random_device device;
    return static_cast<std::uint64_t>(device()) << 32 | device();
}

/// Passwords pass through this process's memory: no core file, no debugger.
void keep_memory_private() {
    const rlimit nothing{0, 0};
    setrlimit(RLIMIT_CORE, &nothing);
    prctl(PR_SET_DUMPABLE, 0);
}

/// The same file read with the same options is the same epoch; everything else is a new one. Never 0.
std::uint64_t epoch_of(const PacketSource& source, const ProgramOptions& options) {
    const auto file = source.fingerprint();
    const auto epoch = file == 0 ? random_number() : file ^ options_fingerprint(options);
    return epoch == 0 ? 1 : epoch;
}

std::unique_ptr<PacketSource> open_source(const ProgramOptions& options) {
    return options.capture.empty() ? open_interfaces(options.live) : open_capture_file(options.capture, options.filter);
}

int forward(int fd, const ProgramOptions& options, std::uint64_t epoch, const std::string& source) {
    if (options.print) {
        const auto printed = print_events(fd, STDOUT_FILENO);
        if (!printed.ok) complain(printed.error);
        return printed.ok ? exit_code::ok : exit_code::failure;
    }
    const auto shipped = ship(fd, {.endpoint = options.connect,
                                   .sensor = options.sensor_id,
                                   .source = source,
                                   .origin = options.capture.empty() ? ShipOrigin::live : ShipOrigin::file,
                                   .epoch = epoch,
                                   .connect_timeout = options.connect_timeout,
                                   .stopping = [] { return stopping != 0; },
                                   .say = complain});
    if (!shipped.ok) complain(shipped.error);
    return shipped.ok ? exit_code::ok : exit_code::failure;
}

/// The child. It ends when the stream does; once it is told to stop, it does not wait for an absent analyzer any longer.
[[noreturn]] void run_child(int fd, const ProgramOptions& options, std::uint64_t epoch, const std::string& source) {
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    std::signal(SIGHUP, SIG_IGN);  // it has no signatures
    int code = exit_code::failure;
    try {
        code = forward(fd, options, epoch, source);
    } catch (const std::exception& error) {
        complain(error.what());
    }
    _exit(code);
}

SensorSignatures read_signatures(const ProgramOptions& options) {
    return SensorSignatures::read(options.signatures.empty() ? signatures_directory() : options.signatures);
}

/// Where SIGHUP came: the signatures that are there now, or the old ones where those are not good.
void renew_where_told(Sensor& sensor, const ProgramOptions& options) {
    if (renewing == 0) return;
    renewing = 0;
    try {
        sensor.use(read_signatures(options));
        complain("the signatures were read anew");
    } catch (const std::exception& error) {
        complain(std::string{"the new signatures were refused and the old ones stay: "} + error.what());
    }
}

int parse(PacketSource& source, int fd, const ProgramOptions& options, SensorSignatures signatures) {
    Outbox outbox{fd};
    auto sensor_options = options.sensor;
    sensor_options.hash_seed = random_number();
    const bool is_recording = source.fingerprint() != 0;  // nobody waits for its newest event
    if (is_recording) sensor_options.flush_interval = Duration::max();
    Sensor sensor{sensor_options, std::move(signatures), outbox};
    const auto end = sensor.run(source, [&] { renew_where_told(sensor, options); });
    close(fd);
    if (end != SourceRead::truncated) return outbox.closed() ? exit_code::failure : exit_code::ok;
    complain(source.error());
    return exit_code::failure;
}

int wait_for(pid_t child) {
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : exit_code::failure;
}

int run(const ProgramOptions& options) {
    std::signal(SIGHUP, on_renew_signal);
    auto loaded = read_signatures(options);
    if (options.check_config) {
        std::puts("The configuration is right.");
        return exit_code::ok;
    }
    keep_memory_private();
    auto source = open_source(options);
    const auto epoch = epoch_of(*source, options);
    const auto name = source->name();

    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGINT, on_stop_signal);
    std::signal(SIGTERM, on_stop_signal);
    std::array<int, 2> ends{};
    if (pipe(ends.data()) != 0) throw std::runtime_error("There are too many open files to start.");
    constexpr int pipe_size = 256 * 1024;  // the two processes wake each other less often; where refused, 64 KiB will do
    fcntl(ends[1], F_SETPIPE_SZ, pipe_size);
    const pid_t child = fork();
    if (child < 0) throw std::runtime_error("There is not enough memory to start a second process.");
    if (child == 0) {
        close(ends[1]);
        source.reset();
        run_child(ends[0], options, epoch, name);
    }
    close(ends[0]);
    running = source.get();
    const int parsed = parse(*source, ends[1], options, std::move(loaded));
    running = nullptr;
    if (stopping != 0) kill(child, SIGTERM);
    const int forwarded = wait_for(child);
    return forwarded != exit_code::ok ? forwarded : parsed;
}

}  // namespace
}  // namespace linnet

int main(int argc, char** argv) {
    using namespace linnet;
    try {
        const auto parsed = parse_options(argc, argv);
        return parsed.options ? run(*parsed.options) : parsed.exit_code;
    } catch (const SettingsError& error) {
        complain(error.what());
        return exit_code::configuration;
    } catch (const std::exception& error) {
        complain(error.what());
        return exit_code::failure;
    }
}
