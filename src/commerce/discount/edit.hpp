// Discounts as an admin changes them. Owns the rows of discount, discount_rule and discount_regions. Each function is one
// transaction and answers with the discount as it is then, as `selection` says; whoever changes a discount locks its row.
// Called by the admin's endpoints, on the fiber of the request.
#pragma once
#include "base/json.hpp"
#include "ports/call.hpp"
#include "query/query.hpp"
#include <string>
#include <string_view>

namespace commerce::discount {

// Throws not_found; `before` travels ahead of the read.
query::Tree retrieve(ports::Call& call, std::string_view id, const query::Selection& selection,
                     std::vector<db::Command> before = {});

// `body` has passed the endpoint's rules.
query::Tree create(ports::Call& call, const base::Json& body, const query::Selection& selection);
query::Tree update(ports::Call& call, std::string_view id, const base::Json& body, const query::Selection& selection);
// Overlooks what is not there.
void remove(ports::Call& call, std::string_view id);

query::Tree create_dynamic_code(ports::Call& call, std::string_view id, const base::Json& body,
                                const query::Selection& selection);
query::Tree delete_dynamic_code(ports::Call& call, std::string_view id, std::string_view code,
                                const query::Selection& selection);

query::Tree add_region(ports::Call& call, std::string_view id, std::string_view region_id,
                       const query::Selection& selection);
query::Tree remove_region(ports::Call& call, std::string_view id, std::string_view region_id,
                          const query::Selection& selection);

query::Tree create_condition(ports::Call& call, std::string_view id, const base::Json& body,
                             const query::Selection& selection);
query::Tree update_condition(ports::Call& call, std::string_view id, std::string_view condition_id,
                             const base::Json& body, const query::Selection& selection);
query::Tree delete_condition(ports::Call& call, std::string_view id, std::string_view condition_id,
                             const query::Selection& selection);
enum class Resources { added, removed };
query::Tree change_resources(ports::Call& call, std::string_view id, std::string_view condition_id,
                             const base::Json& resources, Resources how, const query::Selection& selection);
// Of a condition of that discount. Throws not_found where there is none of either, invalid_data where they don't belong
// together.
std::string condition_type(ports::Call& call, std::string_view id, std::string_view condition_id);

} // namespace commerce::discount
