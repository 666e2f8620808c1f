// linnet-analyzer: see --help.
#include "analyzer/analyzer.hpp"
#include "analyzer/options.hpp"
#include "analyzer/replay.hpp"
#include "analyzer/signatures.hpp"
#include "analyzer/trust_store.hpp"
#include "wire/data_directory.hpp"
#include "wire/exit_code.hpp"
#include "wire/privileges.hpp"
#include "wire/service_notice.hpp"
#include "wire/settings.hpp"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstring>
#include <fstream>
#include <initializer_list>
#include <iostream>
#include <memory>

namespace linnet {
namespace {

/// Readable when one of the signals came. They are blocked from here on, in all threads that start later.
class Signals {
 public:
    explicit Signals(std::initializer_list<int> signals) {
        sigset_t set;
        sigemptyset(&set);
        for (const int signal : signals) sigaddset(&set, signal);
        sigprocmask(SIG_BLOCK, &set, nullptr);
        fd_ = ::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
        if (fd_ < 0) throw std::runtime_error{std::string{"Signals cannot be received: "} + std::strerror(errno) + "."};
    }
    ~Signals() { ::close(fd_); }
    Signals(const Signals&) = delete;
    Signals& operator=(const Signals&) = delete;
    [[nodiscard]] int fd() const { return fd_; }
    /// Makes it unreadable until the next one comes.
    void take() const {
        signalfd_siginfo info{};
        while (::read(fd_, &info, sizeof info) > 0) {
        }
    }

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

/// The folder is looked for anew where nobody named one: an installation may have made another one the newest.
std::shared_ptr<const Signatures> read_signatures(const ProgramOptions& options) {
    return std::make_shared<const Signatures>(
        Signatures::read(options.signatures.empty() ? signatures_directory() : options.signatures));
}

/// Before a file is opened: nothing of ours may belong to root where the folder is another user's.
void leave_root(const ProgramOptions& options) {
    const auto folder = options.analyzer.database.parent_path();
    if (!become_owner_of(folder.empty() ? "." : folder))
        throw std::runtime_error{"Root's rights cannot be given up. Start Linnet as the owner of " + folder.string() + "."};
    keep_memory_private();
    refuse_new_privileges();
}

void serve(const ProgramOptions& options) {
    leave_root(options);
    const Signals stop{SIGTERM, SIGINT}, renewals{SIGHUP};
    ServiceNotice notice;
    Analyzer analyzer{options.analyzer, read_signatures(options)};
    analyzer.on_turn([&notice] { notice.alive(std::chrono::steady_clock::now()); });
    if (!drop_capabilities(KeepFileAccess::no)) spdlog::warn("the capabilities of this process cannot be given up");
    spdlog::info("listening for sensors at {}", fmt::join(options.analyzer.listen, ", "));
    spdlog::info("listening for the dashboard and the command line at {}", fmt::join(options.analyzer.api, ", "));
    notice.ready();
    analyzer.run(stop.fd(), {renewals.fd(), [&] {
                                 renewals.take();
                                 return read_signatures(options);
                             }});
    notice.stopping();
    spdlog::info("everything is saved; leaving");
}

int run(int argc, char** argv) {
    int result = exit_code::ok;
    auto options = read_options(argc, argv, result);
    if (!options) return result;
    spdlog::set_default_logger(spdlog::stderr_color_mt("linnet-analyzer"));
    spdlog::set_pattern("%n: %l: %v");
    spdlog::set_level(spdlog::level::from_str(options->log_level));
    options->analyzer.core.trust = std::make_shared<const TrustStore>(TrustStore::read(options->trust_store));
    if (options->check_only) {
        const Core core{options->analyzer.core, read_signatures(*options)};
        std::cout << "The configuration and the signatures are good.\n";
    } else if (!options->replay.empty()) {
        Core core{options->analyzer.core, read_signatures(*options)};
        replay_file(options->replay, core);
    } else {
        serve(*options);
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
