// linnet completion: the scripts of the shells. Each walks along the words that were typed to the command that they lead to,
// and offers that command's subcommands and options; file names where it takes files.
#include "completion.hpp"

#include "command.hpp"

#include "wire/exit_code.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <memory>
#include <vector>

namespace linnet {
namespace {

struct Choice {
    std::string name, description;
    bool takes_value = false;
    bool is_file = false;  ///< the value is a file or folder
};

/// A command, or a subcommand of one.
struct Node {
    std::string path;  ///< "mud import"; empty = linnet itself
    std::vector<Choice> commands, options;
    bool takes_files = false;
};

bool is_file_name(const std::string& name) {
    constexpr std::array<std::string_view, 5> names{"FILE", "DIR", "CAPTURE", "BUNDLE", "file"};
    return std::find(names.begin(), names.end(), name) != names.end();
}

void add_nodes(const CLI::App& app, const std::string& path, std::vector<Node>& nodes) {
    Node node{.path = path, .commands = {}, .options = {}};
    for (const CLI::Option* option : app.get_options()) {
        if (option->get_positional()) {
            node.takes_files =
                node.takes_files || is_file_name(option->get_name(true)) || is_file_name(option->get_type_name());
            continue;
        }
        const auto& names = option->get_lnames();
        if (names.empty()) continue;
        node.options.push_back({"--" + names.front(), option->get_description(), option->get_items_expected_max() > 0,
                                is_file_name(option->get_type_name())});
    }
    const auto below = app.get_subcommands([](const CLI::App*) { return true; });
    for (const CLI::App* each : below) node.commands.push_back({each->get_name(), each->get_description()});
    nodes.push_back(std::move(node));
    for (const CLI::App* each : below)
        add_nodes(*each, path.empty() ? each->get_name() : path + " " + each->get_name(), nodes);
}

/// For all three shells: inside single quotes.
std::string in_quotes(std::string_view text) {
    std::string out = "'";
    for (const char c : text)
        if (c == '\'')
            out += "'\\''";
        else
            out += c;
    return out + "'";
}

std::string names_of(const std::vector<Choice>& choices) {
    std::string text;
    for (const auto& choice : choices) text += (text.empty() ? "" : " ") + choice.name;
    return text;
}

/// "'mud' | 'mud list'": all that leads to a command; never empty.
std::string paths_of(const std::vector<Node>& nodes) {
    std::string text;
    for (const auto& node : nodes)
        if (!node.path.empty()) text += (text.empty() ? "" : " | ") + in_quotes(node.path);
    return text;
}

/// "--key | --config", of the options whose value is a file, or of those whose value is something else.
std::string with_values(const std::vector<Node>& nodes, bool files) {
    std::vector<std::string> names;
    for (const auto& node : nodes)
        for (const auto& option : node.options)
            if (option.takes_value && option.is_file == files) names.push_back(option.name);
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    std::string text;
    for (const auto& name : names) text += (text.empty() ? "" : " | ") + name;
    return text;
}

std::string bash_script(const std::vector<Node>& nodes) {
    std::string cases;
    for (const auto& node : nodes)
        cases +=
            fmt::format("        {}) words={} files={} ;;\n", in_quotes(node.path),
                        in_quotes(names_of(node.commands) + " " + names_of(node.options)), node.takes_files ? "yes" : "no");
    return fmt::format(R"(# bash completion for linnet; made by `linnet completion bash`.
_linnet() {{
    local current=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD - 1]}} at='' words='' files=no i
    case "$before" in
        {}) mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
        {}) COMPREPLY=(); return ;;
    esac
    for ((i = 1; i < COMP_CWORD; i++)); do
        case "${{at:+$at }}${{COMP_WORDS[i]}}" in
            {}) at="${{at:+$at }}${{COMP_WORDS[i]}}" ;;
        esac
    done
    case "$at" in
{}    esac
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current"; [ "$files" = no ] || compgen -f -- "$current")
}}
complete -o filenames -F _linnet linnet
)",
                       with_values(nodes, true), with_values(nodes, false), paths_of(nodes), cases);
}

std::string zsh_list(const std::vector<Choice>& choices) {
    std::string text;
    for (const auto& choice : choices) text += " " + in_quotes(choice.name + ":" + choice.description);
    return text;
}

std::string zsh_script(const std::vector<Node>& nodes) {
    std::string cases;
    for (const auto& node : nodes)
        cases += fmt::format("        {})\n            commands=({} )\n            options=({} )\n            files={} ;;\n",
                             in_quotes(node.path), zsh_list(node.commands), zsh_list(node.options),
                             node.takes_files ? "yes" : "no");
    return fmt::format(R"(#compdef linnet
# zsh completion for linnet; made by `linnet completion zsh`.
_linnet() {{
    local at='' files=no i
    local -a commands options
    case "${{words[CURRENT-1]}}" in
        {}) _files; return ;;
        {}) return ;;
    esac
    for ((i = 2; i < CURRENT; i++)); do
        case "${{at:+$at }}${{words[i]}}" in
            {}) at="${{at:+$at }}${{words[i]}}" ;;
        esac
    done
    case "$at" in
{}    esac
    (( ! $#commands )) || _describe -t commands 'command' commands
    _describe -t options 'option' options
    [[ $files == no ]] || _files
}}
_linnet "$@"
)",
                       with_values(nodes, true), with_values(nodes, false), paths_of(nodes), cases);
}

std::string fish_script(const std::vector<Node>& nodes) {
    std::string text = R"(# fish completion for linnet; made by `linnet completion fish`.
function __linnet_at
    set -l at
    for word in (commandline -opc)[2..-1]
        switch (string join ' ' $at $word)
            case )";
    for (const auto& node : nodes)
        if (!node.path.empty()) text += in_quotes(node.path) + " ";
    text += R"(
                set -a at $word
        end
    end
    test "$at" = "$argv[1]"
end
complete -c linnet -f
)";
    for (const auto& node : nodes) {
        const auto when = in_quotes("__linnet_at \"" + node.path + "\"");
        for (const auto& choice : node.commands)
            text += fmt::format("complete -c linnet -n {} -a {} -d {}\n", when, choice.name, in_quotes(choice.description));
        for (const auto& choice : node.options)
            text += fmt::format("complete -c linnet -n {} -l {} -d {}{}\n", when, choice.name.substr(2),
                                in_quotes(choice.description),
                                !choice.takes_value ? ""
                                : choice.is_file    ? " -r -F"
                                                    : " -x");
        if (node.takes_files) text += fmt::format("complete -c linnet -n {} -F\n", when);
    }
    return text;
}

std::function<int()> declare(CLI::App& app) {
    const auto shell = std::make_shared<std::string>();
    app.add_option("SHELL", *shell, "bash, zsh or fish")
        ->type_name("")
        ->required()
        ->check(CLI::IsMember({"bash", "zsh", "fish"}));
    return [shell, &app] {
        fmt::print("{}", completion_script(*shell, *app.get_parent()).value_or(""));
        return exit_code::ok;
    };
}

}  // namespace

std::optional<std::string> completion_script(std::string_view shell, const CLI::App& root) {
    std::vector<Node> nodes;
    add_nodes(root, "", nodes);
    if (shell == "bash") return bash_script(nodes);
    if (shell == "zsh") return zsh_script(nodes);
    if (shell == "fish") return fish_script(nodes);
    return std::nullopt;
}

const Command completion_command{"completion", "Prints what makes a shell complete these commands", declare};

}  // namespace linnet
