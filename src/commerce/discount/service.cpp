#include "commerce/discount/service.hpp"
#include "base/json.hpp"
#include "db/batch.hpp"
#include <algorithm>

namespace commerce::discount {
namespace {

std::vector<std::string> strings(std::string_view json_text) {
  std::vector<std::string> result;
  const base::Json list = base::parse_json(json_text);
  for (const base::Json& value : list.as_array())
    if (value.is_string()) result.push_back(value.as_string());
  return result;
}

RuleType rule_type(std::string_view name) {
  if (name == "fixed") return RuleType::fixed;
  return name == "free_shipping" ? RuleType::free_shipping : RuleType::percentage;
}

AllocationType allocation_type(std::string_view name) {
  if (name == "total") return AllocationType::total;
  return name == "item" ? AllocationType::item : AllocationType::none;
}

ConditionType condition_type(std::string_view name) {
  if (name == "product_types") return ConditionType::product_types;
  if (name == "product_collections") return ConditionType::product_collections;
  if (name == "product_tags") return ConditionType::product_tags;
  return name == "customer_groups" ? ConditionType::customer_groups : ConditionType::products;
}

ConditionOperator condition_operator(std::string_view name) {
  return name == "not_in" ? ConditionOperator::not_in : ConditionOperator::in;
}

// Rows of {id, type, operator, resources}.
std::vector<Condition> conditions_of(std::string_view json_text) {
  std::vector<Condition> conditions;
  const base::Json list = base::parse_json(json_text);
  for (const base::Json& row : list.as_array()) {
    Condition condition{row["id"].as_string(), condition_type(row["type"].as_string()),
                        condition_operator(row["operator"].as_string())};
    if (row["resources"].is_array())
      for (const base::Json& id : row["resources"].as_array()) condition.resources.push_back(id.as_string());
    conditions.push_back(std::move(condition));
  }
  return conditions;
}

std::string discounts_sql(std::string_view column) {
  return "SELECT d.id, d.code, d.is_disabled, d.parent_discount_id, d.starts_at, d.ends_at, d.usage_count, "
         "d.usage_limit, r.id, r.type, r.value, r.allocation, "
         "array_to_json(ARRAY(SELECT g.region_id FROM discount_regions g WHERE g.discount_id = "
         "coalesce(d.parent_discount_id, d.id))), "
         "coalesce((SELECT json_agg(json_build_object('id', c.id, 'type', c.type, 'operator', c.operator, "
         "'resources', "
         "ARRAY(SELECT x.customer_group_id FROM discount_condition_customer_group x JOIN "
         "customer_group_customers m ON "
         "m.customer_group_id = x.customer_group_id WHERE x.condition_id = c.id AND m.customer_id = $2))) "
         "FROM discount_condition c WHERE c.discount_rule_id = r.id AND c.deleted_at IS NULL), '[]') "
         "FROM discount d JOIN discount_rule r ON r.id = d.rule_id WHERE d." +
         std::string(column) + " = ANY($1) AND d.deleted_at IS NULL";
}

const db::Statement& groups_of_customer() {
  static const db::Statement statement("SELECT customer_group_id FROM customer_group_customers WHERE customer_id = $1");
  return statement;
}

std::vector<std::string> first_column(const db::Result& rows) {
  std::vector<std::string> values;
  for (int row = 0; row < rows.rows(); row++) values.emplace_back(rows.text(row, 0));
  return values;
}

Discount discount_of(const db::Result& rows, int row) {
  Discount discount;
  discount.id = rows.text(row, 0);
  discount.code = rows.text(row, 1);
  discount.is_disabled = rows.boolean(row, 2);
  discount.parent_discount_id = rows.optional_text(row, 3);
  discount.starts_at = base::parse_postgres_time(rows.text(row, 4)).value_or(base::Instant{});
  if (!rows.is_null(row, 5)) discount.ends_at = base::parse_postgres_time(rows.text(row, 5));
  discount.usage_count = rows.integer(row, 6);
  discount.usage_limit = rows.optional_integer(row, 7);
  discount.rule = {std::string(rows.text(row, 8)), rule_type(rows.text(row, 9)), rows.number(row, 10),
                   allocation_type(rows.text(row, 11))};
  discount.region_ids = strings(rows.text(row, 12));
  discount.conditions = conditions_of(rows.text(row, 13));
  return discount;
}

Loaded load(ports::Call& call, const db::Statement& statement, const std::vector<std::string>& keys,
            std::string_view customer_id, std::string Discount::*key) {
  db::Batch batch;
  const auto discounts = batch.add({statement, db::Params::of(keys, customer_id)});
  const auto groups = batch.add({groups_of_customer(), db::Params::of(customer_id)});
  batch.run(call.db());
  Loaded loaded;
  for (int row = 0; row < discounts->rows(); row++) loaded.discounts.push_back(discount_of(*discounts, row));
  const auto place = [&](const Discount& d) { return std::find(keys.begin(), keys.end(), d.*key); };
  std::stable_sort(loaded.discounts.begin(), loaded.discounts.end(),
                   [&](const Discount& a, const Discount& b) { return place(a) < place(b); });
  loaded.customer_groups = first_column(*groups);
  return loaded;
}

// The conditions of a rule; of their resources only those that one of the products $2 has.
const db::Statement& conditions_for_products() {
  static const db::Statement statement(
      "SELECT coalesce(json_agg(json_build_object('id', c.id, 'type', c.type, 'operator', c.operator, "
      "'resources', "
      "CASE c.type "
      "WHEN 'products' THEN ARRAY(SELECT x.product_id FROM discount_condition_product x "
      "WHERE x.condition_id = c.id AND x.product_id = ANY($2)) "
      "WHEN 'product_types' THEN ARRAY(SELECT x.product_type_id FROM discount_condition_product_type x "
      "WHERE x.condition_id = c.id AND x.product_type_id IN (SELECT type_id FROM product WHERE id = "
      "ANY($2))) "
      "WHEN 'product_collections' THEN ARRAY(SELECT x.product_collection_id FROM "
      "discount_condition_product_collection "
      "x WHERE x.condition_id = c.id AND x.product_collection_id IN "
      "(SELECT collection_id FROM product WHERE id = ANY($2))) "
      "WHEN 'product_tags' THEN ARRAY(SELECT x.product_tag_id FROM discount_condition_product_tag x "
      "WHERE x.condition_id = c.id AND x.product_tag_id IN "
      "(SELECT product_tag_id FROM product_tags WHERE product_id = ANY($2))) END)), '[]') "
      "FROM discount_condition c WHERE c.discount_rule_id = $1 AND c.deleted_at IS NULL");
  return statement;
}

const db::Statement& product_facts() {
  static const db::Statement statement(
      "SELECT p.id, p.type_id, p.collection_id, "
      "array_to_json(ARRAY(SELECT t.product_tag_id FROM product_tags t WHERE t.product_id = p.id)) "
      "FROM product p WHERE p.id = ANY($1)");
  return statement;
}

} // namespace

Loaded by_codes(ports::Call& call, const std::vector<std::string>& codes, std::string_view customer_id) {
  static const db::Statement statement(discounts_sql("code"));
  std::vector<std::string> normal;
  for (const std::string& code : codes) normal.emplace_back(base::trim(base::upper(code)));
  return load(call, statement, normal, customer_id, &Discount::code);
}

Loaded by_ids(ports::Call& call, const std::vector<std::string>& ids, std::string_view customer_id) {
  static const db::Statement statement(discounts_sql("id"));
  return load(call, statement, ids, customer_id, &Discount::id);
}

void validate_for_cart(const Loaded& loaded, std::string_view region_id, std::string_view customer_id) {
  CartFacts cart{std::string(region_id), std::nullopt, loaded.customer_groups};
  if (!customer_id.empty()) cart.customer_id = customer_id;
  const auto now = base::now();
  for (const Discount& discount : loaded.discounts) check(discount, cart, now);
}

bool can_apply_for_customer(ports::Call& call, std::string_view rule_id, std::string_view customer_id) {
  static const db::Statement statement(
      "SELECT coalesce(json_agg(json_build_object('id', c.id, 'type', c.type, 'operator', c.operator, "
      "'resources', "
      "ARRAY(SELECT x.customer_group_id FROM discount_condition_customer_group x JOIN "
      "customer_group_customers m ON "
      "m.customer_group_id = x.customer_group_id WHERE x.condition_id = c.id AND m.customer_id = $2))), "
      "'[]') "
      "FROM discount_condition c WHERE c.discount_rule_id = $1 AND c.type = 'customer_groups' AND "
      "c.deleted_at IS "
      "NULL");
  if (customer_id.empty()) return false;
  db::Batch batch;
  const auto conditions = batch.add({statement, db::Params::of(rule_id, customer_id)});
  const auto groups = batch.add({groups_of_customer(), db::Params::of(customer_id)});
  batch.run(call.db());
  return can_apply_for_customer(conditions_of(conditions->text(0, 0)), first_column(*groups));
}

std::vector<Matches> match_products(ports::Call& call, std::string_view rule_id,
                                    const std::vector<std::string>& product_ids) {
  std::vector<Matches> matches(product_ids.size(), Matches::no);
  if (product_ids.empty()) return matches;
  db::Batch batch;
  const auto of_rule = batch.add({conditions_for_products(), db::Params::of(rule_id, product_ids)});
  const auto products = batch.add({product_facts(), db::Params::of(product_ids)});
  batch.run(call.db());
  const auto conditions = conditions_of(of_rule->text(0, 0));
  base::StringMap<Matches> by_product;
  for (int row = 0; row < products->rows(); row++) {
    const ProductFacts facts{std::string(products->text(row, 0)), products->optional_text(row, 1),
                             products->optional_text(row, 2), strings(products->text(row, 3))};
    by_product[facts.id] = valid_for_product(conditions, facts) ? Matches::yes : Matches::no;
  }
  for (std::size_t i = 0; i < product_ids.size(); i++)
    if (const auto found = by_product.find(product_ids[i]); found != by_product.end()) matches[i] = found->second;
  return matches;
}

} // namespace commerce::discount
