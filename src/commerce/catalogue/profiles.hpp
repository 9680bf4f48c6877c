// The shipping profile that admins see on a product. Called by the catalogue's admin routes, on the request's fiber.
#pragma once
#include "query/query.hpp"
#include <vector>

namespace commerce::catalogue {

// Medusa 1.20: Product.afterLoad. The last of the loaded profiles is also the product's `profile` and `profile_id`.
// Products whose profiles were not loaded stay as they are.
void add_profiles(const std::vector<query::Row>& products);

} // namespace commerce::catalogue
