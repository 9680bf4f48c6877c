// Conditions of a discount's rule and the resources that they name: what is to be written. Owns the rows of
// discount_condition and of its five tables of resources.
// Called by discount/edit, on the fiber of the request, inside its transaction.
#pragma once
#include "base/json.hpp"
#include "ports/call.hpp"
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace commerce::discount {

// A kind of condition, where its resources are kept, and under which name a body lists them.
struct ConditionKind {
  std::string_view type;   // also the body's member
  std::string_view entity; // of the rows {column, condition_id}
  std::string_view column;
};
const ConditionKind& condition_kind(std::string_view type); // throws std::logic_error

// What a body asks for: the first kind that it lists resources of. Throws invalid_data where there is none.
struct ConditionWish {
  const ConditionKind* kind;
  base::JsonArray resources; // ids, or objects with an id
  std::optional<std::string> id, op;
};
ConditionWish condition_wish(const base::Json& body);

// A condition as it is.
struct ConditionRow {
  std::string id, type, op;
};
// Conditions by their ids, whatever the rule; and as rows of the result.
db::Command conditions_by_id(const std::vector<ConditionWish>& wishes);
std::vector<ConditionRow> condition_rows(const db::Result& result);

// Medusa 1.20: DiscountConditionService.upsertCondition, for all of them. `of_rule` are the conditions that the rule has,
// `named` those that the wishes name by id. A constant number of statements.
std::vector<db::Command> upsert_conditions(const std::vector<ConditionWish>& wishes, std::string_view rule_id,
                                           const std::vector<ConditionRow>& of_rule,
                                           const std::vector<ConditionRow>& named);

// Resources of one condition, more or fewer.
db::Command add_resources(const ConditionKind& kind, std::string_view condition_id, const base::JsonArray& resources);
db::Command remove_resources(const ConditionKind& kind, std::string_view condition_id,
                             const base::JsonArray& resources);

} // namespace commerce::discount
