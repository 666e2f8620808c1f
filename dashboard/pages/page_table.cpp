#include "alerts_page.hpp"
#include "devices_page.hpp"
#include "page.hpp"

namespace linnet {
namespace {

template <typename Which>
Page* make(Home& home, QWidget* parent) {
    return new Which{home, parent};
}

}  // namespace

const std::array<PageEntry, 2>& page_table() {
    static const std::array<PageEntry, 2> table{{
        {QStringLiteral("devices"), QStringLiteral("Devices"), QStringLiteral("devices"), make<DevicesPage>},
        {QStringLiteral("alerts"), QStringLiteral("Alerts"), QStringLiteral("alerts"), make<AlertsPage>},
    }};
    return table;
}

}  // namespace linnet
