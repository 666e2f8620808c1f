// linnet signatures: what the detectors know, checked, installed from a signed bundle, and packed into one.
#include "command.hpp"
#include "minisign.hpp"
#include "signature_bundle.hpp"
#include "signature_check.hpp"
#include "signature_install.hpp"
#include "text.hpp"

#include "wire/data_directory.hpp"
#include "wire/exit_code.hpp"
#include "wire/signature_files.hpp"
#include "wire/text_file.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>

namespace linnet {
namespace {

namespace fs = std::filesystem;

struct Options {
    std::string folder, bundle, key, place, output;
};

std::chrono::sys_days today() { return std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now()); }

std::string described(const SignatureSet& set) {
    auto text = fmt::format("version {}", set.version);
    if (set.expires) text += fmt::format(", {} {}", set.expired(today()) ? "expired" : "expires", set.expiry_text());
    return text;
}

int check(const Options& options) {
    const fs::path folder = options.folder.empty() ? signatures_directory() : fs::path{options.folder};
    const auto result = check_signatures(folder);
    for (const auto& fault : result.faults) fmt::print("{}\n", escaped(fault));
    if (!result.faults.empty()) return exit_code::failure;
    fmt::print("{}: {}; {} are good.\n", escaped(folder.string()), described(*result.set),
               counted(signature_file_names().size(), "file", "files"));
    return exit_code::ok;
}

/// What went wrong with a bundle, with its name before it.
template <class Action>
auto about(const fs::path& file, Action action) {
    try {
        return action();
    } catch (const MinisignError& error) {
        throw std::runtime_error{fmt::format("{}: {}", file.string(), error.what())};
    } catch (const BundleError& error) {
        throw std::runtime_error{fmt::format("{}: {}", file.string(), error.what())};
    }
}

MinisignKey read_key(const Options& options) {
    const fs::path file = options.key.empty() ? signature_key_file() : fs::path{options.key};
    if (options.key.empty() && !fs::exists(file))
        throw std::runtime_error{
            fmt::format("There is no key to check the bundle with: put the maker's public key at {}, or name it with --key.",
                        file.string())};
    return about(file, [&] { return parse_minisign_key(read_text_file(file, max_minisign_text)); });
}

SignatureSet set_of(const std::vector<BundledFile>& files) {
    const auto found =
        std::find_if(files.begin(), files.end(), [](const auto& file) { return file.name == SignatureSet::file_name; });
    if (found == files.end()) throw BundleError{"The bundle does not say which version it is: set.toml is missing."};
    const auto set = SignatureSet::parse(found->text, found->name);
    if (!set.expires) throw BundleError{"The bundle does not say until when it is good: set.toml has no \"expires\"."};
    if (set.expired(today())) throw BundleError{fmt::format("Version {} expired on {}.", set.version, set.expiry_text())};
    return set;
}

/// Without faults, or InstallError with the first of them.
void require_good(const fs::path& folder) {
    const auto result = check_signatures(folder);
    if (result.faults.empty()) return;
    auto fault = result.faults.front();
    if (fault.starts_with(folder.string() + "/")) fault.erase(0, folder.string().size() + 1);
    throw InstallError{fmt::format("The set is not one that this Linnet understands: {}.", fault)};
}

int install(const Options& options) {
    const auto key = read_key(options);
    const fs::path bundle = options.bundle, signature = options.bundle + ".minisig";
    if (!fs::exists(signature))
        throw std::runtime_error{fmt::format("{} is not signed: {} is missing.", bundle.string(), signature.string())};
    const auto text = read_text_file(signature, max_minisign_text);
    const auto bytes = read_regular_file(bundle, max_bundle);
    const auto comment = about(signature, [&] { return verify_minisign(bytes, text, key); });
    const auto files = about(bundle, [&] { return unpack_bundle(bytes); });
    const auto set = about(bundle, [&] { return set_of(files); });
    const fs::path place = options.place.empty() ? installed_signatures() : fs::path{options.place};
    if (const auto there = installed_set(place); there && there->version == set.version) {
        fmt::print("Version {} is installed already.\n", set.version);
        return exit_code::ok;
    }
    install_set(place, set, files, require_good);
    fmt::print("Installed at {}: {} ({}).\nRunning programs read it after: systemctl reload linnet-sensor linnet-analyzer\n",
               escaped(place.string()), described(set), escaped(comment));
    return exit_code::ok;
}

int bundle(const Options& options) {
    const fs::path folder = resolved_folder(options.folder);
    const auto result = check_signatures(folder);
    for (const auto& fault : result.faults) fmt::print("{}\n", escaped(fault));
    if (!result.faults.empty()) return exit_code::failure;
    std::vector<BundledFile> files;
    for (const auto& name : signature_file_names()) files.push_back({name, read_text_file(folder / name)});
    const auto set = set_of(files);
    std::ofstream out{options.output, std::ios::binary};
    out << pack_bundle(std::move(files)) << std::flush;
    if (!out) throw std::runtime_error{fmt::format("{} cannot be written.", options.output)};
    fmt::print("{}: {}. Sign it with: minisign -S -m {}\n", escaped(options.output), described(set),
               escaped(options.output));
    return exit_code::ok;
}

std::function<int()> declare(CLI::App& app) {
    const auto options = std::make_shared<Options>();
    const auto chosen = std::make_shared<int (*)(const Options&)>(nullptr);
    const auto add = [&](const char* name, const char* summary, int (*action)(const Options&)) {
        auto* sub = app.add_subcommand(name, summary);
        sub->set_version_flag("--version", "linnet " LINNET_VERSION);
        sub->callback([chosen, action] { *chosen = action; });
        return sub;
    };
    app.require_subcommand(1);
    auto* checking =
        add("check", "Reads a folder as sensor and analyzer do and names file, line and reason of each fault", check);
    checking->add_option("DIR", options->folder, "The folder [the one that Linnet uses]")->type_name("");
    auto* installing = add("install", "Checks a signed bundle and puts it where sensor and analyzer look", install);
    installing->add_option("BUNDLE", options->bundle, "The bundle; beside it, its signature: BUNDLE.minisig")
        ->required()
        ->type_name("");
    installing->add_option("--key", options->key, fmt::format("The maker's public key [{}]", signature_key_file().string()))
        ->type_name("FILE");
    installing->add_option("--to", options->place, fmt::format("Where to [{}]", installed_signatures().string()))
        ->type_name("DIR");
    auto* bundling = add("bundle", "Packs a folder into a bundle, to be signed with minisign", bundle);
    bundling->add_option("DIR", options->folder, "The folder")->required()->type_name("");
    bundling->add_option("--output", options->output, "The bundle")->required()->type_name("FILE");
    return [options, chosen] { return (*chosen)(*options); };
}

}  // namespace

const Command signatures_command{"signatures", "Checks, installs and packs what the detectors know", declare};

}  // namespace linnet
