#include "outlets.hpp"

#include <array>

namespace linnet {
namespace {

constexpr std::array<const OutletType*, 5> types{
    &ntfy_outlet,      //
    &webhook_outlet,   //
    &email_outlet,     //
    &eve_file_outlet,  //
    &prometheus_outlet,
};

}  // namespace

std::span<const OutletType* const> outlet_types() { return types; }

}  // namespace linnet
