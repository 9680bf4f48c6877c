#include "commerce/discount/conditions.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
#include "query/write.hpp"
#include <algorithm>
#include <stdexcept>

namespace commerce::discount {

using base::Error;
using base::Json;

namespace {

// In the order in which 1.20 looks for resources.
constexpr ConditionKind kKinds[]{
    {"products", "DiscountConditionProduct", "product_id"},
    {"product_collections", "DiscountConditionProductCollection", "product_collection_id"},
    {"product_types", "DiscountConditionProductType", "product_type_id"},
    {"product_tags", "DiscountConditionProductTag", "product_tag_id"},
    {"customer_groups", "DiscountConditionCustomerGroup", "customer_group_id"},
};

// Quirk: what has no id counts as one that is null.
Json id_of(const Json& resource) {
  const Json& id = resource.is_object() ? resource["id"] : resource;
  return id.is_string() ? id : Json(nullptr);
}

std::vector<std::string> ids_of(const base::JsonArray& resources) {
  std::vector<std::string> ids;
  for (const auto& resource : resources)
    if (const Json id = id_of(resource); id.is_string()) ids.push_back(id.as_string());
  return ids;
}

Error taken(const ConditionWish& wish, std::string_view op) {
  return Error::duplicate("Discount Condition with operator '" + std::string(op) + "' and type '" +
                          std::string(wish.kind->type) + "' already exist on a Discount Rule");
}

db::Command insert_resources(const ConditionKind& kind, base::JsonArray rows) {
  return query::insert_or_ignore(schema::get(kind.entity), rows, std::string(kind.column) + ", condition_id");
}

void add_rows(base::JsonArray& rows, const ConditionKind& kind, std::string_view condition_id,
              const base::JsonArray& resources) {
  for (const auto& resource : resources)
    rows.push_back(base::JsonObject{{std::string(kind.column), id_of(resource)}, {"condition_id", condition_id}});
}

// Takes away what the wishes for existing conditions don't name.
db::Command keep_only(const ConditionKind& kind, const base::JsonArray& rows,
                      const std::vector<std::string>& conditions) {
  std::vector<std::string> resources, owners;
  for (const auto& row : rows)
    if (row[kind.column].is_string()) {
      resources.push_back(row[kind.column].as_string());
      owners.push_back(row["condition_id"].as_string());
    }
  const std::string column(kind.column);
  return {
      db::Statement("DELETE FROM " + query::quoted(schema::get(kind.entity).table) +
                    " t WHERE t.condition_id = ANY($1) AND NOT EXISTS (SELECT 1 FROM unnest($2::text[], $3::text[]) "
                    "AS k(resource, owner) WHERE k.resource = t." +
                    column + " AND k.owner = t.condition_id)"),
      db::Params::of(conditions, resources, owners)};
}

} // namespace

const ConditionKind& condition_kind(std::string_view type) {
  for (const auto& kind : kKinds)
    if (kind.type == type) return kind;
  throw std::logic_error("no condition is of type " + std::string(type));
}

ConditionWish condition_wish(const Json& body) {
  ConditionWish wish{};
  for (const auto& kind : kKinds)
    if (const Json& resources = body[kind.type]; resources.is_array() && resources.size()) {
      wish.kind = &kind;
      wish.resources = resources.as_array();
      break;
    }
  if (!wish.kind)
    throw Error::invalid_data("Missing one of products, collections, tags, types or customer groups in data");
  if (const Json& id = body["id"]; id.truthy()) wish.id = id.as_string();
  if (const Json& op = body["operator"]; op.truthy()) wish.op = op.as_string();
  // 1.20 answers 500.
  if (wish.op && wish.op != "in" && wish.op != "not_in")
    throw Error::invalid_data("operator must be one of the following values: in, not_in");
  return wish;
}

db::Command conditions_by_id(const std::vector<ConditionWish>& wishes) {
  static const db::Statement statement(
      "SELECT id, type, operator FROM discount_condition WHERE id = ANY($1) AND deleted_at IS NULL");
  std::vector<std::string> ids;
  for (const auto& wish : wishes)
    if (wish.id) ids.push_back(*wish.id);
  return {statement, db::Params::of(ids)};
}

std::vector<ConditionRow> condition_rows(const db::Result& result) {
  std::vector<ConditionRow> rows;
  for (int row = 0; row < result.rows(); row++)
    rows.push_back(
        {std::string(result.text(row, 0)), std::string(result.text(row, 1)), std::string(result.text(row, 2))});
  return rows;
}

std::vector<db::Command> upsert_conditions(const std::vector<ConditionWish>& wishes, std::string_view rule_id,
                                           const std::vector<ConditionRow>& of_rule,
                                           const std::vector<ConditionRow>& named) {
  std::vector<db::Command> writes;
  base::JsonArray created, changed;
  std::vector<ConditionRow> present = of_rule;
  struct Resources {
    base::JsonArray rows;
    std::vector<std::string> replaced; // conditions that keep nothing else
  };
  std::vector<Resources> by_kind(std::size(kKinds));
  for (const auto& wish : wishes) {
    auto& resources = by_kind[static_cast<std::size_t>(wish.kind - kKinds)];
    // 1. A condition that there is: its operator, and its resources instead of those that it has.
    if (wish.id) {
      const auto at = std::find_if(named.begin(), named.end(), [&](const ConditionRow& c) { return c.id == *wish.id; });
      if (at == named.end()) throw Error::not_found("DiscountCondition with id " + *wish.id + " was not found");
      const auto in_rule = std::find_if(present.begin(), present.end(), [&](auto& c) { return c.id == *wish.id; });
      if (wish.op && *wish.op != at->op) {
        for (const auto& other : present)
          if (other.id != at->id && other.type == at->type && other.op == *wish.op) throw taken(wish, *wish.op);
        changed.push_back(base::JsonObject{{"id", *wish.id}, {"operator", *wish.op}});
        if (in_rule != present.end()) in_rule->op = *wish.op;
      }
      add_rows(resources.rows, *wish.kind, *wish.id, wish.resources);
      resources.replaced.push_back(*wish.id);
      continue;
    }
    // 2. A new one. A rule has one of each type and operator.
    for (const auto& other : present)
      if (wish.op && other.type == wish.kind->type && other.op == *wish.op) throw taken(wish, *wish.op);
    const std::string id = base::make_id("discon");
    created.push_back(
        base::JsonObject{{"id", id}, {"discount_rule_id", rule_id}, {"operator", wish.op}, {"type", wish.kind->type}});
    present.push_back({id, std::string(wish.kind->type), wish.op.value_or("")});
    add_rows(resources.rows, *wish.kind, id, wish.resources);
  }
  if (!created.empty()) writes.push_back(query::insert(schema::get("DiscountCondition"), created));
  if (!changed.empty()) writes.push_back(query::update_each(schema::get("DiscountCondition"), changed));
  for (std::size_t i = 0; i < by_kind.size(); i++) {
    if (!by_kind[i].replaced.empty()) writes.push_back(keep_only(kKinds[i], by_kind[i].rows, by_kind[i].replaced));
    if (!by_kind[i].rows.empty()) writes.push_back(insert_resources(kKinds[i], std::move(by_kind[i].rows)));
  }
  return writes;
}

db::Command add_resources(const ConditionKind& kind, std::string_view condition_id, const base::JsonArray& resources) {
  base::JsonArray rows;
  add_rows(rows, kind, condition_id, resources);
  return insert_resources(kind, std::move(rows));
}

db::Command remove_resources(const ConditionKind& kind, std::string_view condition_id,
                             const base::JsonArray& resources) {
  return {db::Statement("DELETE FROM " + query::quoted(schema::get(kind.entity).table) +
                        " WHERE condition_id = $1 AND " + std::string(kind.column) + " = ANY($2)"),
          db::Params::of(condition_id, ids_of(resources))};
}

} // namespace commerce::discount
