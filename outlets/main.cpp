// linnet-outlets: see --help.
#include "outlets/options.hpp"
#include "outlets/reload.hpp"
#include "outlets/service.hpp"
#include "outlets/transfer.hpp"
#include "wire/exit_code.hpp"
#include "wire/privileges.hpp"
#include "wire/service_notice.hpp"
#include "wire/settings.hpp"

#include <fmt/format.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <csignal>
#include <iostream>

namespace linnet {
namespace {

volatile std::sig_atomic_t stop_asked = 0, reload_asked = 0;

void ask_to_stop(int /*signal*/) { stop_asked = 1; }

void ask_to_reload(int /*signal*/) { reload_asked = 1; }

/// Asked for, and the new configuration is good.
bool must_reload(char** argv) {
    if (reload_asked == 0) return false;
    reload_asked = 0;
    if (would_start(argv)) return true;
    spdlog::error("the new configuration is no good, so the old one stays");
    return false;
}

/// True where the program is to start anew.
bool serve(OutletsOptions&& options, char** argv) {
    const auto folder = options.queue.parent_path();
    if (!become_owner_of(folder.empty() ? "." : folder))
        throw std::runtime_error{"Root's rights cannot be given up. Start Linnet as the owner of " + folder.string() + "."};
    refuse_new_privileges();
    if (!drop_capabilities(KeepFileAccess::no)) spdlog::warn("the capabilities of this process cannot be given up");
    std::signal(SIGINT, ask_to_stop);
    std::signal(SIGTERM, ask_to_stop);
    std::signal(SIGPIPE, SIG_IGN);  // a server that hangs up is an error of that outlet alone
    std::signal(SIGHUP, ask_to_reload);
    const TransferLibrary library;
    ServiceNotice notice;
    OutletService service{std::move(options)};
    notice.ready();
    bool reload = false;
    service.run(
        [&] {
            reload = must_reload(argv);
            return reload || stop_asked != 0;
        },
        [&notice] { notice.alive(std::chrono::steady_clock::now()); });
    std::signal(SIGHUP, SIG_IGN);  // until the new one can take it
    reload = reload && stop_asked == 0;
    if (!reload) notice.stopping();
    return reload;
}

int run(int argc, char** argv) {
    keep_memory_private();  // before a secret is read
    int result = exit_code::ok;
    auto options = read_outlets_options(argc, argv, result);
    if (!options) return result;
    spdlog::set_default_logger(spdlog::stderr_color_mt("linnet-outlets"));
    spdlog::set_pattern("%n: %l: %v");
    spdlog::set_level(spdlog::level::from_str(options->log_level));
    if (options->check_only) {
        std::cout << fmt::format("The configuration is good. Outlets: {}.\n", options->outlets.size());
        for (const auto& outlet : options->outlets) std::cout << fmt::format("  {} ({})\n", outlet.name, outlet.type);
        return exit_code::ok;
    }
    if (options->outlets.empty()) {
        spdlog::info("no outlet is configured, so there is nothing to do; see linnet-outlets(8)");
        ServiceNotice{}.ready();  // systemd takes leaving before that for a failure
        return exit_code::ok;
    }
    if (!serve(std::move(*options), argv)) return exit_code::ok;
    start_anew(argv);
    spdlog::error("the program cannot be started anew");
    return exit_code::failure;
}

}  // namespace
}  // namespace linnet

int main(int argc, char** argv) {
    try {
        return linnet::run(argc, argv);
    } catch (const linnet::SettingsError& error) {
        std::cerr << "linnet-outlets: " << error.what() << '\n';
        return linnet::exit_code::configuration;
    } catch (const std::exception& error) {
        std::cerr << "linnet-outlets: " << error.what() << '\n';
        return linnet::exit_code::failure;
    }
}
