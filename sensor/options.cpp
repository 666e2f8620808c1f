#include "options.hpp"

#include "shipper.hpp"
#include "wire/data_directory.hpp"
#include "wire/exit_code.hpp"
#include "wire/link.hpp"
#include "wire/settings.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <functional>

namespace linnet {
namespace {

constexpr std::int64_t mib = 1024 * 1024;

/// The same on the command line and in the file.
struct Range {
    std::int64_t least, most;
};
constexpr Range ring_range{1, 1024}, flows_range{64, 1'048'576}, timeout_range{1, 86'400}, spool_range{1, 1024};

CLI::Validator within(Range range) { return CLI::Range(range.least, range.most); }

constexpr const char* sandbox_modes = "must be strict, denylist or off";

std::string wrong_sandbox(const std::string& name) { return parse_sandbox_mode(name) ? "" : sandbox_modes; }

std::string wrong_sensor_name(const std::string& name) {
    return link::is_sensor_name(name) ? "" : "must be 1 to 64 letters, digits, dots, hyphens or underscores";
}

/// What the command line may say; what it does not say comes from the file.
struct CommandLine {
    std::string config;
    std::string key, analyzer_key, pair;
    std::string capture, filter, connect, sensor_id, signatures, sandbox, spool;
    std::vector<std::string> interfaces;
    std::int64_t ring_mib = 0, max_flows = 0, connect_timeout = 0;
    bool print = false, check_config = false, no_promiscuous = false;
};

void describe(CLI::App& app, CommandLine& line) {
    app.description(
        "Reads packets from a capture file or from live interfaces and turns them into events:\n"
        "flows, scans, logins in clear text, what devices call themselves. Passwords never leave it.");
    app.set_version_flag("--version", "linnet-sensor " LINNET_VERSION);
    app.add_option("-r,--read", line.capture, "Capture file: pcap or pcapng, gzip or not; - is standard input");
    app.add_option("-i,--interface", line.interfaces, "Network interface to listen on; may be given several times");
    app.add_option("-f,--filter", line.filter, "Only packets that match this BPF expression (see pcap-filter(7))");
    app.add_flag("-p,--print", line.print, "Write events as JSON lines to standard output, connect to nobody");
    app.add_option("--connect", line.connect, fmt::format("ZeroMQ endpoint of the analyzer [{}]", link::default_endpoint));
    app.add_option("--key", line.key, "This sensor's key [/var/lib/linnet-sensor/sensor.key]");
    app.add_option("--analyzer-key", line.analyzer_key, "The analyzer's public key, or a file that has it [beside --key]");
    app.add_option("--pair", line.pair, "Be paired with the analyzer that waits there: tcp://ADDRESS:5391");
    app.add_option("--connect-timeout", line.connect_timeout,
                   "Seconds to wait for the analyzer [10 for a file, for ever live]")
        ->check(within(timeout_range));
    app.add_option("--sensor", line.sensor_id, "Name of this sensor [the host's name]")
        ->check(CLI::Validator{wrong_sensor_name, ""});
    app.add_option("--ring-size", line.ring_mib, "Memory of the kernel's packet ring, MiB for each interface [4]")
        ->check(within(ring_range));
    app.add_flag("--no-promiscuous", line.no_promiscuous, "Only packets to and from this machine");
    app.add_option("--max-flows", line.max_flows, "Conversations kept at the same time [65536]")->check(within(flows_range));
    app.add_option("--signatures", line.signatures, "Folder of the signatures [the one that comes with Linnet]");
    app.add_option("--sandbox", line.sandbox, "How the packet reader is locked in: strict, denylist or off [strict]")
        ->check(CLI::Validator{wrong_sandbox, ""});
    app.add_option("--spool", line.spool,
                   "Folder for events that the analyzer has not saved; on a disk it outlives a reboot [in memory]");
    app.add_option("-c,--config", line.config, "Configuration file; its section [sensor] is read");
    app.add_flag("--check-config", line.check_config, "Read the configuration, say whether it is right, and leave");
}

ProgramOptions join(const CommandLine& line) {
    Settings file = line.config.empty() ? Settings{} : Settings{line.config, "sensor"};
    ProgramOptions options;
    options.capture = line.capture;
    options.print = line.print;
    options.check_config = line.check_config;

    const auto interfaces = file.list("interfaces", {});
    options.live.interfaces = line.interfaces.empty() ? interfaces : line.interfaces;
    const auto filter = file.text("filter", "");
    options.filter = options.live.filter = line.filter.empty() ? filter : line.filter;
    const auto connect = file.text("connect", link::default_endpoint);
    options.connect = line.connect.empty() ? connect : line.connect;
    const auto key = file.text("key", options.key.string());
    options.key = line.key.empty() ? key : line.key;
    const auto analyzer_key = file.text("analyzer_key", "");
    options.analyzer_key = line.analyzer_key.empty() ? analyzer_key : line.analyzer_key;
    options.pair = line.pair;
    auto id = file.text("sensor", "");
    if (id.empty()) id = default_sensor_name();
    if (const auto wrong = wrong_sensor_name(id); !wrong.empty()) file.refuse("sensor", wrong);
    options.sensor_id = line.sensor_id.empty() ? id : line.sensor_id;
    const auto ring = file.integer("ring_mib", 4, ring_range.least, ring_range.most);
    options.live.ring_bytes = static_cast<std::size_t>((line.ring_mib > 0 ? line.ring_mib : ring) * mib);
    options.live.promiscuous = file.flag("promiscuous", true) && !line.no_promiscuous;
    const auto flows = file.integer("max_flows", 65'536, flows_range.least, flows_range.most);
    options.sensor.flows.max_flows = static_cast<std::size_t>(line.max_flows > 0 ? line.max_flows : flows);
    const auto signatures = file.text("signatures", "");
    options.signatures = line.signatures.empty() ? signatures : line.signatures;
    const auto sandbox = file.text("sandbox", std::string{to_string(options.sandbox)});
    if (const auto wrong = wrong_sandbox(sandbox); !wrong.empty()) file.refuse("sandbox", wrong);
    options.sandbox = *parse_sandbox_mode(line.sandbox.empty() ? sandbox : line.sandbox);
    options.quarantine = file.text("quarantine", "");
    const auto spool = file.text("spool", "");
    options.spool = line.spool.empty() ? spool : line.spool;
    options.spool_limits.bytes =
        static_cast<std::size_t>(file.integer("spool_max_mb", 8, spool_range.least, spool_range.most) * mib);
    file.finish();

    if (line.connect_timeout > 0) options.connect_timeout = std::chrono::seconds{line.connect_timeout};
    return options;
}

}  // namespace

ParsedOptions parse_options(int argc, const char* const* argv) {
    CommandLine line;
    CLI::App app{"", "linnet-sensor"};
    describe(app, line);
    try {
        app.parse(argc, argv);
        if (!line.capture.empty() && !line.interfaces.empty())
            throw CLI::ValidationError("--read and --interface cannot be used together");
        auto options = join(line);
        if (!options.check_config && options.pair.empty() && options.capture.empty() && options.live.interfaces.empty())
            throw CLI::RequiredError("--read FILE or --interface NAME");
        return {std::move(options), exit_code::ok};
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0) return {std::nullopt, app.exit(error)};
        fmt::print(stderr, "linnet-sensor: {} (see linnet-sensor --help)\n", error.what());
        return {std::nullopt, exit_code::usage};
    }
}

std::filesystem::path signatures_folder(const ProgramOptions& options) {
    return options.signatures.empty() ? signatures_directory() : options.signatures;
}

std::uint64_t options_fingerprint(const ProgramOptions& options) {
    return std::hash<std::string>{}(fmt::format("{} {} {}", LINNET_VERSION, options.filter, options.sensor.flows.max_flows));
}

}  // namespace linnet
