// The tree of categories as an admin changes it. Owns the rows of product_category: siblings have the ranks 0, 1, 2 ... and
// mpath names a category's ancestors and itself. Whoever changes the tree first takes one lock for the whole of it, so that
// ranks stay so however many admins are at work. Each function is one transaction. Medusa 1.20: ProductCategoryService.
// Called by the admin's endpoints, on the fiber of the request.
#pragma once
#include "base/error.hpp"
#include "base/json.hpp"
#include "ports/call.hpp"
#include "query/query.hpp"
#include <string_view>

namespace commerce::catalogue {

base::Error no_category(std::string_view id);

// `body` has passed the endpoint's rules; the category as it is then, as `selection` says.
query::Tree create_category(ports::Call& call, const base::Json& body, const query::Selection& selection);
// Throws not_found.
query::Tree update_category(ports::Call& call, std::string_view id, const base::Json& body,
                            const query::Selection& selection);
// Overlooks what is not there.
void remove_category(ports::Call& call, std::string_view id);

} // namespace commerce::catalogue
