// linnet-analyzer: see --help.
#include "analyzer/analyzer.hpp"
#include "analyzer/options.hpp"
#include "analyzer/replay.hpp"
#include "analyzer/signatures.hpp"
#include "analyzer/trust_store.hpp"
#include "wire/exit_code.hpp"
#include "wire/settings.hpp"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <fstream>
#include <iostream>

namespace linnet {
namespace {

/// Readable when SIGTERM or SIGINT came. They are blocked from here on, in all threads that start later.
class StopSignals {
 public:
    StopSignals() {
        sigset_t set;
        sigemptyset(&set);
        sigaddset(&set, SIGTERM);
        sigaddset(&set, SIGINT);
        sigprocmask(SIG_BLOCK, &set, nullptr);
        fd_ = ::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
        if (fd_ < 0) throw std::runtime_error{std::string{"Signals cannot be received: "} + std::strerror(errno) + "."};
    }
    ~StopSignals() { ::close(fd_); }
    StopSignals(const StopSignals&) = delete;
    StopSignals& operator=(const StopSignals&) = delete;
    [[nodiscard]] int fd() const { return fd_; }

 private:
    int fd_ = -1;
};

void replay_file(const std::string& name, Core& core) {
    if (name == "-") {
        replay(std::cin, core, std::cout);
        return;
    }
    std::ifstream file{name};
    if (!file) throw std::runtime_error{name + " cannot be read: " + std::strerror(errno) + "."};
    try {
        replay(file, core, std::cout);
    } catch (const ReplayError& error) {
        throw std::runtime_error{name + ", " + error.what()};
    }
}

void serve(const ProgramOptions& options, std::shared_ptr<const Signatures> signatures) {
    const StopSignals stop;
    Analyzer analyzer{options.analyzer, std::move(signatures)};
    spdlog::info("listening for sensors at {}", fmt::join(options.analyzer.listen, ", "));
    spdlog::info("listening for the dashboard and the command line at {}", options.analyzer.api);
    analyzer.run(stop.fd());
    spdlog::info("everything is saved; leaving");
}

int run(int argc, char** argv) {
    int result = exit_code::ok;
    auto options = read_options(argc, argv, result);
    if (!options) return result;
    spdlog::set_default_logger(spdlog::stderr_color_mt("linnet-analyzer"));
    spdlog::set_pattern("%n: %l: %v");
    spdlog::set_level(spdlog::level::from_str(options->log_level));
    const auto signatures = std::make_shared<const Signatures>(Signatures::read(options->signatures));
    options->analyzer.core.trust = std::make_shared<const TrustStore>(TrustStore::read(options->trust_store));
    if (options->check_only) {
        const Core core{options->analyzer.core, signatures};
        std::cout << "The configuration and the signatures are good.\n";
    } else if (!options->replay.empty()) {
        Core core{options->analyzer.core, signatures};
        replay_file(options->replay, core);
    } else {
        serve(*options, signatures);
    }
    return exit_code::ok;
}

}  // namespace
}  // namespace linnet

int main(int argc, char** argv) {
    try {
        return linnet::run(argc, argv);
    } catch (const linnet::SettingsError& error) {
        std::cerr << "linnet-analyzer: " << error.what() << '\n';
        return linnet::exit_code::configuration;
    } catch (const std::exception& error) {
        std::cerr << "linnet-analyzer: " << error.what() << '\n';
        return linnet::exit_code::failure;
    }
}
