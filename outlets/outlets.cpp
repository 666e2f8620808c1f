#include "outlets.hpp"

#include <array>

namespace linnet {
namespace {

constexpr std::array<const OutletType*, 8> types{
    &ntfy_outlet,        //
    &webhook_outlet,     //
    &email_outlet,       //
    &mqtt_outlet,        //
    &eve_file_outlet,    //
    &eve_socket_outlet,  //
    &syslog_outlet,      //
    &prometheus_outlet,  //
};

}  // namespace

std::span<const OutletType* const> outlet_types() { return types; }

}  // namespace linnet
