// linnet-sensor: three processes. The opener, which this one becomes, opens what is captured from and watches over the two
// others; the parser reads packets and can do nothing else; the shipper prints events or sends them to the analyzer.
// SIGHUP makes the opener read the signatures again.
#include "opener.hpp"
#include "options.hpp"
#include "shipper_process.hpp"
#include "wire/exit_code.hpp"
#include "wire/pairing_guest.hpp"
#include "wire/privileges.hpp"
#include "wire/settings.hpp"

#include <cstdio>
#include <exception>
#include <stdexcept>
#include <utility>

namespace linnet {
namespace {

int be_paired(const ProgramOptions& options) {
    const auto folder = options.key.parent_path();
    if (!become_owner_of(folder.empty() ? "." : folder))  // whose key it is
        throw std::runtime_error("Root's rights cannot be given up. Run this as the owner of " + folder.string() + ".");
    keep_memory_private();
    pairing::pair_as_guest(
        {.endpoint = options.pair,
         .key = options.key,
         .name = options.sensor_id,
         .afterwards = "Now set connect = \"tcp://ADDRESS:5390\" in the section [sensor] of linnet.toml."});
    return exit_code::ok;
}

int run(const ProgramOptions& options) {
    if (!options.pair.empty()) return be_paired(options);
    auto signatures = SensorSignatures::read(signatures_folder(options));
    if (options.check_config) {
        std::puts("The configuration is right.");
        return exit_code::ok;
    }
    keep_memory_private();
    return Opener{options, std::move(signatures)}.run();
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
