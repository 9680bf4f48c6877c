#include "commerce/addresses.hpp"
#include "base/ids.hpp"
#include "schema/schema.hpp"
#include <algorithm>
#include <array>

namespace commerce {

using base::Json;

namespace {

const schema::Entity& entity() {
  static const schema::Entity& found = schema::get("Address");
  return found;
}

bool says_whose(std::string_view column) {
  constexpr std::array<std::string_view, 5> names{"id", "created_at", "updated_at", "deleted_at", "customer_id"};
  return std::find(names.begin(), names.end(), column) != names.end();
}

// SQL: whether the row `a` is held by anybody but that order and that cart; each is an expression, or NULL for none.
std::string held_by_others(std::string_view order, std::string_view cart) {
  const std::string names_it = "(o.shipping_address_id = a.id OR o.billing_address_id = a.id)";
  return "(a.customer_id IS NOT NULL"
         " OR EXISTS (SELECT 1 FROM \"order\" o WHERE " +
         names_it + " AND o.id IS DISTINCT FROM " + std::string(order) + ") OR EXISTS (SELECT 1 FROM cart o WHERE " +
         names_it + " AND o.id IS DISTINCT FROM " + std::string(cart) +
         ") OR EXISTS (SELECT 1 FROM customer o WHERE o.billing_address_id = a.id)"
         " OR EXISTS (SELECT 1 FROM swap o WHERE o.shipping_address_id = a.id)"
         " OR EXISTS (SELECT 1 FROM claim_order o WHERE o.shipping_address_id = a.id))";
}

// The columns of address_values as SQL names them.
std::string columns() {
  std::string list;
  for (const auto& column : entity().columns)
    if (!says_whose(column.name)) list.append(list.empty() ? "" : ", ").append(column.name);
  return list;
}

} // namespace

Json address_values(const Json& row) {
  Json values = Json::object();
  for (const auto& column : entity().columns)
    if (!says_whose(column.name) && row.has(column.name)) values.set(column.name, row[column.name]);
  return values;
}

db::Command nameable_addresses(const std::vector<std::string>& ids, const std::optional<std::string>& customer_id,
                               std::string_view cart_id) {
  static const db::Statement statement(
      "SELECT to_jsonb(a) FROM address a WHERE a.id = ANY($1) AND a.deleted_at IS NULL AND (a.customer_id = $2 OR a.id = "
      "(SELECT billing_address_id FROM customer WHERE id = $2) OR EXISTS (SELECT 1 FROM cart c WHERE c.id = $3 AND "
      "a.id IN (c.shipping_address_id, c.billing_address_id)))");
  return {statement, db::Params::of(ids, customer_id, cart_id)};
}

base::JsonArray addresses_of(const db::Result& result) {
  base::JsonArray rows;
  for (int row = 0; row < result.rows(); row++) rows.push_back(base::parse_json(result.text(row, 0)));
  return rows;
}

db::Command addresses_held_elsewhere(std::string_view cart_id) {
  static const db::Statement statement(
      "SELECT a.id FROM address a WHERE a.id IN ((SELECT shipping_address_id FROM cart WHERE id = $1), "
      "(SELECT billing_address_id FROM cart WHERE id = $1)) AND " +
      held_by_others("NULL", "$1"));
  return {statement, db::Params::of(cart_id)};
}

db::Command addresses_of_order(std::string_view order_id) {
  static const db::Statement statement(
      "SELECT to_jsonb(a), " + held_by_others("$1", "(SELECT cart_id FROM \"order\" WHERE id = $1)") +
      ", a.id FROM address a WHERE a.id IN ((SELECT shipping_address_id FROM \"order\" WHERE id = $1), "
      "(SELECT billing_address_id FROM \"order\" WHERE id = $1)) AND a.deleted_at IS NULL");
  return {statement, db::Params::of(order_id)};
}

db::Command copy_address_for_others(std::string_view address_id, std::string_view customer_id) {
  // One copy for all of them: each of them copies again before a change of its own.
  static const db::Statement statement(
      "WITH copy AS (INSERT INTO address (id, " + columns() + ") SELECT $2, " + columns() +
      " FROM address a WHERE a.id = $1 AND a.deleted_at IS NULL AND (a.customer_id = $3 OR EXISTS (SELECT 1 FROM customer "
      "WHERE id = $3 AND billing_address_id = $1)) AND ("
      "EXISTS (SELECT 1 FROM \"order\" WHERE shipping_address_id = $1 OR billing_address_id = $1)"
      " OR EXISTS (SELECT 1 FROM cart WHERE shipping_address_id = $1 OR billing_address_id = $1)"
      " OR EXISTS (SELECT 1 FROM customer WHERE billing_address_id = $1 AND id <> $3)"
      " OR EXISTS (SELECT 1 FROM swap WHERE shipping_address_id = $1)"
      " OR EXISTS (SELECT 1 FROM claim_order WHERE shipping_address_id = $1)) RETURNING id AS copy_id), "
      "orders AS (UPDATE \"order\" SET shipping_address_id = CASE shipping_address_id WHEN $1 THEN copy_id ELSE "
      "shipping_address_id END, billing_address_id = CASE billing_address_id WHEN $1 THEN copy_id ELSE "
      "billing_address_id END FROM copy WHERE shipping_address_id = $1 OR billing_address_id = $1), "
      "carts AS (UPDATE cart SET shipping_address_id = CASE shipping_address_id WHEN $1 THEN copy_id ELSE "
      "shipping_address_id END, billing_address_id = CASE billing_address_id WHEN $1 THEN copy_id ELSE "
      "billing_address_id END FROM copy WHERE shipping_address_id = $1 OR billing_address_id = $1), "
      "customers AS (UPDATE customer c SET billing_address_id = copy_id FROM copy WHERE billing_address_id = $1 AND "
      "c.id <> $3), "
      "swaps AS (UPDATE swap SET shipping_address_id = copy_id FROM copy WHERE shipping_address_id = $1) "
      "UPDATE claim_order SET shipping_address_id = copy_id FROM copy WHERE shipping_address_id = $1");
  return {statement, db::Params::of(address_id, base::make_id("addr"), customer_id)};
}

} // namespace commerce
