// Serves the demo home to a dashboard, to look at the window without a network:
//   demo_analyzer [busy|quiet|empty|crowd|markup|long] [ENDPOINT]      and      linnet-dashboard --connect ENDPOINT
#include "demo_home.hpp"
#include "fake_analyzer.hpp"

#include <chrono>
#include <iostream>
#include <string>

int main(int argc, char** argv) {
    using namespace linnet;
    const std::string which = argc > 1 ? argv[1] : "busy";
    const std::string endpoint = argc > 2 ? argv[2] : "ipc:///tmp/linnet-demo";
    const auto now = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
    Json state = which == "busy" ? demo::home(now) : demo::quiet_home(now);
    if (which == "empty") state["devices"] = Json::array();
    if (which == "crowd") state = demo::crowd(200, 10'000, now);
    if (which == "markup") state = demo::stranger_home("<h1>Camera</h1> \xe2\x80\xaegpj.exe", now);
    if (which == "long") state = demo::stranger_home(std::string(65'536, 'W'), now);
    try {
        const demo::FakeAnalyzer analyzer{std::move(state), std::chrono::seconds{2}, endpoint};
        std::cout << analyzer.endpoint() << "\nEnter ends it.\n";
        std::cin.get();
        return 0;
    } catch (const std::exception& error) {
        std::cerr << "demo_analyzer: " << error.what() << '\n';
        return 1;
    }
}
