// The states of a product. Medusa 1.20: ProductStatus; each may follow any other. Owns constants.
#pragma once
#include "commerce/states.hpp"

namespace commerce::catalogue {

inline constexpr std::array<std::string_view, 4> kProductStatuses{"draft", "proposed", "published", "rejected"};

} // namespace commerce::catalogue
