// linnet-dashboard: the window that people look at.
#include "feed.hpp"
#include "look/theme.hpp"
#include "main_window.hpp"
#include "wire/exit_code.hpp"

#include <CLI/CLI.hpp>
#include <QApplication>
#include <QTimer>
#include <iostream>
#include <set>

namespace linnet {
namespace {

struct Options {
    api::Address address{api::default_endpoint};
    std::string page = "devices";
    std::string scheme = "system";
    std::string screenshot;
    int after_ms = 1500;
};

theme::Scheme scheme_named(const std::string& name) {
    if (name == "light") return theme::Scheme::light;
    return name == "dark" ? theme::Scheme::dark : theme::Scheme::system;
}

void describe(CLI::App& app, Options& options) {
    std::set<std::string> pages;
    for (const PageEntry& entry : page_table()) pages.insert(entry.name.toStdString());
    app.set_version_flag("--version", "linnet-dashboard " LINNET_VERSION);
    app.add_option("--connect", options.address.endpoint, "Where the analyzer listens")
        ->type_name("ENDPOINT")
        ->capture_default_str();
    app.add_option("--key", options.address.key, "This computer's key, for an analyzer on another one")->type_name("FILE");
    app.add_option("--page", options.page, "The page to begin with")->check(CLI::IsMember{pages})->capture_default_str();
    app.add_option("--theme", options.scheme, "Colours: as the desktop, or always light or dark")
        ->check(CLI::IsMember{{"system", "light", "dark"}})
        ->capture_default_str();
    auto* screenshot = app.add_option("--screenshot", options.screenshot, "Save a picture of the window (PNG) and leave")
                           ->type_name("FILE");
    app.add_option("--after", options.after_ms, "With --screenshot: wait so many milliseconds first")
        ->check(CLI::Range(0, 600'000))
        ->needs(screenshot)
        ->capture_default_str();
}

/// Qt ends a program that has no display with a core dump; people deserve a sentence.
bool has_display(int argc, char** argv) {
#if defined(Q_OS_UNIX) && !defined(Q_OS_MACOS)
    for (int i = 1; i < argc; ++i)
        if (QByteArray{argv[i]}.startsWith("-platform") || QByteArray{argv[i]}.startsWith("--platform")) return true;
    return qEnvironmentVariableIsSet("DISPLAY") || qEnvironmentVariableIsSet("WAYLAND_DISPLAY") ||
           qEnvironmentVariableIsSet("QT_QPA_PLATFORM");
#else
    return argc > 0 && argv != nullptr;
#endif
}

int parse(CLI::App& app, int argc, char** argv) {
    try {
        app.parse(argc, argv);
        return exit_code::ok;
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0) return app.exit(error) == 0 ? -1 : exit_code::usage;
        std::cerr << "linnet-dashboard: " << error.what() << " (see linnet-dashboard --help)\n";
        return exit_code::usage;
    }
}

int show(const Options& options, QApplication& application) {
    theme::apply(application, scheme_named(options.scheme));
    Home home;
    MainWindow window{home, QString::fromStdString(options.address.endpoint)};
    window.show_page(QString::fromStdString(options.page));
    window.show();
    const Feed feed{options.address, home, {}};
    int code = exit_code::ok;
    if (!options.screenshot.empty())
        QTimer::singleShot(options.after_ms, &window, [&] {
            if (!window.grab().save(QString::fromStdString(options.screenshot), "PNG")) {
                std::cerr << "linnet-dashboard: cannot write " << options.screenshot << '\n';
                code = exit_code::failure;
            }
            QApplication::quit();
        });
    QApplication::exec();
    window.hide();  // the feed may take a moment to end
    return code;
}

/// Twice through the options: before Qt starts, for --help, --version and mistakes need no display; and after it took out
/// its own
/// (-platform, -style, …), when nothing unknown may be left.
int run(int argc, char** argv) {
    Options options;
    CLI::App app{"Linnet's window: the devices in your home, and what to do about them.", "linnet-dashboard"};
    describe(app, options);
    app.allow_extras();
    if (const int code = parse(app, argc, argv); code != exit_code::ok) return std::max(code, exit_code::ok);
    if (!has_display(argc, argv)) {
        if (options.screenshot.empty()) {
            std::cerr << "linnet-dashboard: there is no display here. Start it from a desktop, or use `linnet alerts`.\n";
            return exit_code::failure;
        }
        qputenv("QT_QPA_PLATFORM", "offscreen");
    }
    QApplication application{argc, argv};
    QApplication::setApplicationName(QStringLiteral("Linnet"));
    QApplication::setApplicationVersion(QStringLiteral(LINNET_VERSION));
    app.allow_extras(false);
    if (const int code = parse(app, argc, argv); code != exit_code::ok) return std::max(code, exit_code::ok);
    return show(options, application);
}

}  // namespace
}  // namespace linnet

int main(int argc, char** argv) {
    try {
        return linnet::run(argc, argv);
    } catch (const std::exception& error) {
        std::cerr << "linnet-dashboard: " << error.what() << '\n';
        return linnet::exit_code::failure;
    }
}
