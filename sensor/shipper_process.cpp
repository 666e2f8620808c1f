#include "shipper_process.hpp"

#include "printer.hpp"
#include "shipper.hpp"
#include "wire/exit_code.hpp"
#include "wire/keys.hpp"
#include "wire/pairing.hpp"
#include "wire/privileges.hpp"

#include <fmt/format.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <optional>
#include <system_error>

namespace linnet {
namespace {

volatile std::sig_atomic_t stopping = 0;
extern "C" void on_shipper_stop(int) { stopping = 1; }

void follow_signals() {
    prctl(PR_SET_NAME, "linnet-shipper");
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    refuse_new_privileges();
    std::signal(SIGTERM, on_shipper_stop);
    std::signal(SIGINT, on_shipper_stop);
    std::signal(SIGHUP, SIG_IGN);  // it has no signatures
    std::signal(SIGCHLD, SIG_DFL);
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);  // a spool that may not grow is one that is full
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
}

/// This process alone reads them, and only where events leave the machine.
std::optional<Credentials> credentials_for(const ProgramOptions& options) {
    if (!leaves_machine(options.connect)) return std::nullopt;
    const auto is_key = is_public_key(options.analyzer_key);
    const auto file = options.analyzer_key.empty() ? options.key.parent_path() / paired_file_name
                                                   : std::filesystem::path{options.analyzer_key};
    std::error_code ignored;
    if (!is_key && !std::filesystem::exists(file, ignored))
        throw KeyError{fmt::format(
            "This sensor is not paired with the analyzer at {}: run `linnet pair` there and `linnet-sensor --pair "
            "tcp://ADDRESS:{}` here, as the user whose key it is.",
            options.connect, pairing::default_port)};
    return Credentials{own_keys(options.key), is_key ? options.analyzer_key : read_paired(file).key};
}

int forward(const ShipperTask& task, const ProgramOptions& options) {
    if (options.print) {
        const auto printed = print_events(task.events, STDOUT_FILENO);
        if (!printed.ok) complain(printed.error);
        return printed.ok ? exit_code::ok : exit_code::failure;
    }
    const auto shipped = ship(task.events, {.endpoint = options.connect,
                                            .sensor = options.sensor_id,
                                            .source = task.source,
                                            .origin = options.capture.empty() ? ShipOrigin::live : ShipOrigin::file,
                                            .epoch = task.epoch,
                                            .connect_timeout = options.connect_timeout,
                                            .spool = options.spool_limits,
                                            .slots = task.slots,
                                            .spool_stays = !task.slots.empty() && !options.spool.empty(),
                                            .after_another = task.after_another,
                                            .stopping = [] { return stopping != 0; },
                                            .say = complain,
                                            .sandbox = task.sandbox,
                                            .credentials = credentials_for(options)});
    if (!shipped.ok) complain(shipped.error);
    if (shipped.ok && shipped.left > 0)
        complain(fmt::format("{} events stay in the spool until the next start", shipped.left));
    return shipped.ok ? exit_code::ok : exit_code::failure;
}

}  // namespace

void complain(const std::string& sentence) { std::fprintf(stderr, "linnet-sensor: %s\n", sentence.c_str()); }

void run_shipper(const ShipperTask& task, const ProgramOptions& options) {
    follow_signals();
    int code = exit_code::failure;
    try {
        code = forward(task, options);
    } catch (const std::exception& error) {
        complain(error.what());
    }
    _exit(code);
}

}  // namespace linnet
