#include "commerce/discount/edit.hpp"
#include "base/error.hpp"
#include "base/metadata.hpp"
#include "base/strings.hpp"
#include "commerce/discount/conditions.hpp"
#include "commerce/discount/duration.hpp"
#include "commerce/discount/tables.hpp"
#include "commerce/region/tables.hpp"
#include "commerce/values.hpp"
#include "db/batch.hpp"
#include "query/row_of.hpp"
#include "query/write.hpp"
#include <algorithm>

namespace commerce::discount {

using base::Error;
using base::Json;
using query::RowOf;

namespace {

const schema::Entity& discounts() {
  static const auto& entity = schema::get("Discount");
  return entity;
}

Error not_found(std::string_view id) {
  return Error::not_found("Discount with id " + std::string(id) + " was not found");
}
Error one_region_only() { return Error::invalid_data("Fixed discounts can have one region"); }

// The discount with those relations, locked. `before` travels ahead.
query::Tree lock(ports::Call& call, std::string_view id, const std::vector<std::string>& relations,
                 db::Batch before = {}) {
  auto tree = query::read_one(call.db(), call.flags,
                              {.entity = &discounts(), .selection = query::select({}, relations), .for_update = true},
                              id, before);
  if (!tree.first()) throw not_found(id);
  return tree;
}

db::Command regions_among(const std::vector<std::string>& ids) {
  static const db::Statement statement("SELECT id FROM region WHERE id = ANY($1) AND deleted_at IS NULL");
  return {statement, db::Params::of(ids)};
}

void refuse_unknown_regions(const std::vector<std::string>& ids, const db::Result& found) {
  for (const auto& id : ids) {
    bool known = false;
    for (int row = 0; row < found.rows(); row++) known = known || found.text(row, 0) == id;
    if (!known) throw Error::not_found("Region with " + id + " was not found");
  }
}

db::Command link_regions(std::string_view id, const std::vector<std::string>& regions) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const auto& region : regions) pairs.emplace_back(id, region);
  return query::link("discount_regions", "discount_id", "region_id", pairs);
}

void refuse_above_hundred(std::string_view type, const Json& value) {
  if (type == "percentage" && value.is_number() && value.as_number() > 100)
    throw Error::invalid_data("Discount value above 100 is not allowed when type is percentage");
}

std::vector<ConditionWish> wishes_of(const Json& conditions) {
  std::vector<ConditionWish> wishes;
  if (conditions.is_array())
    for (const auto& body : conditions.as_array()) wishes.push_back(condition_wish(body));
  return wishes;
}

std::vector<ConditionRow> conditions_of(const RowOf<table::Discount>& discount) {
  std::vector<ConditionRow> rows;
  if (const auto rule = discount.one<table::DiscountRule>("rule"))
    for (const auto& row : rule->many<table::DiscountCondition>("conditions"))
      rows.push_back({row.str("id"), row.str("type"), row.str("operator")});
  return rows;
}

// The members of `from` among `names`, those that are given.
Json only(const Json& from, std::initializer_list<std::string_view> names) {
  Json row = Json::object();
  for (const auto name : names)
    if (from.has(name)) row.set(name, from[name]);
  return row;
}

// Of `changes`, what differs from the row. Times compare as the texts that both are.
Json differing(const query::Row& row, const Json& changes) {
  const Json before = query::row_value(row);
  Json left = Json::object();
  for (const auto& [name, value] : changes.as_object())
    if (!base::same_value(value, before[name])) left.set(name, value);
  return left;
}

} // namespace

query::Tree retrieve(ports::Call& call, std::string_view id, const query::Selection& selection,
                     std::vector<db::Command> before) {
  auto tree =
      query::read_one(call.db(), call.flags, {.entity = &discounts(), .selection = selection}, id, std::move(before));
  if (!tree.first()) throw not_found(id);
  return tree;
}

// Medusa 1.20: DiscountService.create
query::Tree create(ports::Call& call, const Json& body, const query::Selection& selection) {
  return call.atomic([&] {
    // 1. The rule and the regions must go together.
    const Json& rule_body = body["rule"];
    const std::string& type = rule_body["type"].as_string();
    refuse_above_hundred(type, rule_body["value"]);
    const auto regions = texts_of(body["regions"]);
    if (regions.size() > 1 && type == "fixed") throw one_region_only();
    // 2. There must be a region, and all of them must be there.
    if (!regions.empty()) {
      refuse_unknown_regions(regions, call.db().run(regions_among(regions)));
    } else {
      throw Error::invalid_data("Discount must have at least 1 region");
    }
    const auto wishes = wishes_of(rule_body["conditions"]);
    // 3. The rule, the discount, its regions, its conditions.
    std::vector<db::Command> writes;
    Json rule = only(rule_body, {"description", "type", "value", "allocation"});
    writes.push_back(query::insert(schema::get("DiscountRule"), rule));
    Json discount =
        only(body, {"is_dynamic", "is_disabled", "starts_at", "ends_at", "valid_duration", "usage_limit", "metadata"});
    discount.set("code", base::trim(base::upper(body["code"].as_string())));
    if (!body.has("is_dynamic")) discount.set("is_dynamic", false);
    if (!body.has("is_disabled")) discount.set("is_disabled", false);
    discount.set("rule_id", rule["id"]);
    writes.push_back(query::insert(discounts(), discount));
    const std::string id = discount["id"].as_string();
    writes.push_back(link_regions(id, regions));
    for (auto& write : upsert_conditions(wishes, rule["id"].as_string(), {}, {})) writes.push_back(std::move(write));
    call.emit("discount.created", base::JsonObject{{"id", id}});
    return retrieve(call, id, selection, std::move(writes));
  });
}

// Medusa 1.20: DiscountService.update
query::Tree update(ports::Call& call, std::string_view id, const Json& body, const query::Selection& selection) {
  return call.atomic([&] {
    const Json& rule_body = body["rule"];
    const auto wishes = wishes_of(rule_body["conditions"]);
    const auto regions = texts_of(body["regions"]);
    // 1. Load and lock it; look for what the body names.
    db::Batch before;
    const auto known_regions = before.add(regions_among(regions));
    const auto named_conditions = before.add(conditions_by_id(wishes));
    const auto tree = lock(call, id, {"rule", "rule.conditions"}, std::move(before));
    const auto discount = *tree.first<table::Discount>();
    const auto rule = discount.one<table::DiscountRule>("rule");
    // 2. Its end comes after its start, also where the start is not said.
    if (const Json& ends_at = body["ends_at"]; ends_at.is_string()) {
      const auto starts = discount.instant("starts_at");
      if (starts && *starts >= *base::parse_iso_time(ends_at.as_string()))
        throw Error::invalid_data("\"ends_at\" must be greater than \"starts_at\"");
    }
    if (regions.size() > 1 && rule && rule->text("type") == "fixed") throw one_region_only();
    // 3. Conditions, regions.
    auto writes =
        upsert_conditions(wishes, discount.text("rule_id"), conditions_of(discount), condition_rows(*named_conditions));
    if (body["regions"].is_array()) {
      refuse_unknown_regions(regions, *known_regions);
      static const db::Statement others("DELETE FROM discount_regions WHERE discount_id = $1 AND region_id <> ALL($2)");
      writes.push_back({others, db::Params::of(id, regions)});
      if (!regions.empty()) writes.push_back(link_regions(id, regions));
    }
    // 4. The rule. 1.20 would make, or overwrite, the rule of another id.
    if (rule_body.is_object() && rule) {
      if (rule_body["id"].as_string() != rule->text("id"))
        throw Error::invalid_data("rule.id must be " + rule->str("id") + ", the id of the discount's rule");
      if (rule_body["value"].truthy()) refuse_above_hundred(rule->text("type"), rule_body["value"]);
      const Json changes = differing(*rule, only(rule_body, {"description", "value", "allocation"}));
      if (changes.size()) writes.push_back(query::update(schema::get("DiscountRule"), rule->text("id"), changes));
    }
    // 5. The discount. 1.20 answers a code of null with 500.
    Json changes = only(body, {"is_disabled", "starts_at", "ends_at", "valid_duration", "usage_limit"});
    if (body["code"].is_null()) throw Error::invalid_data("code must be a string");
    if (body["code"].is_string()) changes.set("code", base::upper(body["code"].as_string()));
    if (body["metadata"].is_object())
      changes.set("metadata", base::merge_metadata(discount.json("metadata"), body["metadata"]));
    changes = differing(discount, changes);
    if (changes.size()) writes.push_back(query::update(discounts(), id, changes));
    return retrieve(call, id, selection, std::move(writes));
  });
}

// Medusa 1.20: DiscountService.delete
void remove(ports::Call& call, std::string_view id) {
  auto write = query::remove(discounts(), {std::string(id)});
  call.db().run(write.statement, std::move(write.params));
}

// Medusa 1.20: DiscountService.createDynamicCode
query::Tree create_dynamic_code(ports::Call& call, std::string_view id, const Json& body,
                                const query::Selection& selection) {
  return call.atomic([&] {
    // 1. The discount must be dynamic.
    const auto tree = lock(call, id, {});
    const auto parent = *tree.first<table::Discount>();
    if (!parent.boolean("is_dynamic")) throw Error::not_allowed("Discount must be set to dynamic");
    // 2. The code has the parent's rule and limit, whatever the body says of a limit.
    Json code = only(body, {"metadata"});
    code.set("rule_id", parent.optional_text("rule_id"));
    code.set("is_dynamic", true);
    code.set("is_disabled", false);
    code.set("code", base::trim(base::upper(body["code"].as_string())));
    code.set("parent_discount_id", id);
    code.set("usage_limit", parent.optional_integer("usage_limit"));
    // 3. It is valid from now for the parent's duration.
    if (!parent.text("valid_duration").empty()) {
      const auto ends_at = plus_duration(base::now(), parent.text("valid_duration"));
      if (!ends_at) throw Error::invalid_data("\"valid_duration\" must be a valid ISO 8601 duration");
      code.set("ends_at", base::iso_time(*ends_at));
    }
    std::vector<db::Command> writes{query::insert(discounts(), code)};
    return retrieve(call, code["id"].as_string(), selection, std::move(writes));
  });
}

// Medusa 1.20: DiscountService.deleteDynamicCode
query::Tree delete_dynamic_code(ports::Call& call, std::string_view id, std::string_view code,
                                const query::Selection& selection) {
  static const db::Statement statement("UPDATE discount SET deleted_at = now(), updated_at = now() WHERE "
                                       "parent_discount_id = $1 AND code = $2 AND deleted_at IS NULL");
  return retrieve(call, id, selection, {{statement, db::Params::of(id, code)}});
}

// Medusa 1.20: DiscountService.addRegion
query::Tree add_region(ports::Call& call, std::string_view id, std::string_view region_id,
                       const query::Selection& selection) {
  return call.atomic([&] {
    const std::vector<std::string> wanted{std::string(region_id)};
    db::Batch before;
    const auto known = before.add(regions_among(wanted));
    const auto tree = lock(call, id, {"regions", "rule"}, std::move(before));
    const auto discount = *tree.first<table::Discount>();
    const auto regions = discount.many<table::Region>("regions");
    const bool has = std::any_of(regions.begin(), regions.end(), [&](const auto& r) { return r.id() == region_id; });
    if (has) return retrieve(call, id, selection);
    const auto rule = discount.one<table::DiscountRule>("rule");
    if (regions.size() == 1 && rule && rule->text("type") == "fixed") throw one_region_only();
    refuse_unknown_regions(wanted, *known);
    return retrieve(call, id, selection, {link_regions(id, wanted)});
  });
}

// Medusa 1.20: DiscountService.removeRegion
query::Tree remove_region(ports::Call& call, std::string_view id, std::string_view region_id,
                          const query::Selection& selection) {
  static const db::Statement statement(
      "DELETE FROM discount_regions WHERE discount_id = $1 AND region_id = $2 AND EXISTS (SELECT 1 FROM discount WHERE "
      "id = $1 AND deleted_at IS NULL)");
  return retrieve(call, id, selection, {{statement, db::Params::of(id, region_id)}});
}

// Medusa 1.20: DiscountConditionService.upsertCondition
query::Tree create_condition(ports::Call& call, std::string_view id, const Json& body,
                             const query::Selection& selection) {
  return call.atomic([&] {
    const auto tree = lock(call, id, {"rule", "rule.conditions"});
    const auto discount = *tree.first<table::Discount>();
    return retrieve(call, id, selection,
                    upsert_conditions({condition_wish(body)}, discount.text("rule_id"), conditions_of(discount), {}));
  });
}

query::Tree update_condition(ports::Call& call, std::string_view id, std::string_view condition_id, const Json& body,
                             const query::Selection& selection) {
  return call.atomic([&] {
    auto wish = condition_wish(body);
    wish.id = condition_id;
    const ConditionRow condition{std::string(condition_id), std::string(wish.kind->type), ""};
    return retrieve(call, id, selection, upsert_conditions({std::move(wish)}, "", {}, {condition}));
  });
}

// Medusa 1.20: DELETE /admin/discounts/:discount_id/conditions/:condition_id
query::Tree delete_condition(ports::Call& call, std::string_view id, std::string_view condition_id,
                             const query::Selection& selection) {
  return call.atomic([&] {
    static const db::Statement find(
        "SELECT discount_rule_id FROM discount_condition WHERE id = $1 AND deleted_at IS NULL");
    db::Batch before;
    const auto condition = before.add({find, db::Params::of(condition_id)});
    const auto tree = lock(call, id, {}, std::move(before));
    // A condition that is not there is as if it had been deleted.
    if (condition->empty()) return retrieve(call, id, selection);
    if (condition->text(0, 0) != tree.first<table::Discount>()->text("rule_id"))
      throw Error::not_found("Condition with id " + std::string(condition_id) +
                             " does not belong to Discount with id " + std::string(id));
    return retrieve(call, id, selection,
                    {query::erase_where(schema::get("DiscountCondition"), "id", {std::string(condition_id)})});
  });
}

query::Tree change_resources(ports::Call& call, std::string_view id, std::string_view condition_id,
                             const Json& resources, Resources how, const query::Selection& selection) {
  return call.atomic([&] {
    const auto& kind = condition_kind(condition_type(call, id, condition_id));
    if (!resources.size())
      throw Error::invalid_data("Missing one of products, collections, tags, types or customer groups in data");
    const auto change = how == Resources::added ? add_resources : remove_resources;
    return retrieve(call, id, selection, {change(kind, condition_id, resources.as_array())});
  });
}

// Medusa 1.20: doesConditionBelongToDiscount
std::string condition_type(ports::Call& call, std::string_view id, std::string_view condition_id) {
  static const db::Statement statement(
      "SELECT d.id, c.id, c.discount_rule_id = d.rule_id, c.type FROM (SELECT 1) AS one "
      "LEFT JOIN discount d ON d.id = $1 AND d.deleted_at IS NULL "
      "LEFT JOIN discount_condition c ON c.id = $2 AND c.deleted_at IS NULL");
  const auto found = call.db().run(statement, db::Params::of(id, condition_id));
  if (found.is_null(0, 0)) throw not_found(id);
  const std::string condition(condition_id);
  if (found.is_null(0, 1)) throw Error::not_found("DiscountCondition with id " + condition + " was not found");
  if (!found.boolean(0, 2))
    throw Error::invalid_data("Condition with id " + condition + " does not belong to Discount with id " +
                              std::string(id));
  return std::string(found.text(0, 3));
}

} // namespace commerce::discount
