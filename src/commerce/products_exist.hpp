// The check that products are there, which admin routes of several domains make of the ids in a body. Called by hooks,
// on the request's fiber.
#pragma once
#include "http/resource.hpp"
#include <string>
#include <vector>

namespace commerce {

// Medusa 1.20: validateProductsExist. A hook of links; throws http::RequestErrors that name the missing ones.
void refuse_unknown_products(http::Change& change, const std::vector<std::string>& ids);

} // namespace commerce
