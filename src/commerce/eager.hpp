// Relations that 1.20 loads whether they are asked for or not: what a fulfillment and a return are made of. Called by those
// who read orders, swaps and returns, on the fiber of the request.
#pragma once
#include "query/query.hpp"

namespace commerce {

// Adds them wherever `selection`, of rows of `entity`, comes by; they stand behind the other relations.
void add_eager_items(query::Selection& selection, const schema::Entity& entity);

} // namespace commerce
