// A product's shipping profile beside its profiles. Medusa 1.20: Product.loadRelations, which runs wherever a product is
// loaded. Called by those who show products, on the fiber of the request.
#pragma once
#include "query/query.hpp"

namespace commerce {

// Shows `profile` and `profile_id` behind the profiles of all products in the tree, however deep, where those were loaded.
void show_profiles(const query::Tree& tree);

} // namespace commerce
