#include "commerce/pricing/price_lists.hpp"
#include "commerce/catalogue/tables.hpp"
#include "commerce/pricing/price_list_edit.hpp"
#include "commerce/pricing/tables.hpp"
#include "commerce/rows.hpp"
#include "commerce/values.hpp"
#include "http/resource.hpp"
#include "query/row_of.hpp"

namespace commerce::pricing {
namespace {

using http::By;
using http::Context;
using http::Is;
using http::QueryUse;
using enum http::Presence;

// --- what is shown -------------------------------------------------------------------------------------------------

// Medusa 1.20: MoneyAmount.afterLoad. The first variant is also the price's `variant` and `variant_id`.
void show_variants(Context&, const query::Wanted&, const query::Tree& tree) {
  const auto* prices = tree.root->child("prices");
  if (!prices) return;
  for (const auto& price : prices->rows<table::MoneyAmount>()) {
    if (!price.has("variants")) return;
    const auto variants = price.many<table::ProductVariant>("variants");
    if (variants.empty()) continue;
    price.compute_behind("variants", "variant", query::row_json(variants.front()));
    price.compute_behind("variants", "variant_id", base::Json(variants.front().id()).dump());
  }
}

// A filter by groups, and a search, show the groups too.
void by_groups(Context& context, const query::Wanted&, query::Read& read) {
  const auto& groups = context.query()["customer_groups"];
  if (!groups.is_nullish()) {
    std::vector<std::string> ids;
    if (groups.is_string()) ids.push_back(groups.as_string());
    if (groups.is_array())
      for (const auto& id : groups.as_array()) ids.push_back(id.as_string());
    read.where.push_back({"EXISTS (SELECT 1 FROM price_list_customer_groups g WHERE g.price_list_id = t.id AND "
                          "g.customer_group_id = ANY($?::text[]))",
                          query::Operator::sql,
                          {db::array_literal(ids)}});
  }
  if (!groups.is_nullish() || context.query()["q"].truthy()) read.selection.with("customer_groups");
}

// --- bodies --------------------------------------------------------------------------------------------------------

const http::Rules kNewPrice{.rows = {{.name = "region_id", .either = "currency_code"},
                                     {.name = "currency_code", .either = "region_id"},
                                     {"amount", Is::integer},
                                     {"variant_id", Is::string},
                                     {"min_quantity", Is::integer, optional},
                                     {"max_quantity", Is::integer, optional}},
                            .of = "MoneyAmount"};
// A price that there is may be named by its id alone.
const http::Rules kChangedPrice{.rows = {{"id", Is::string, optional},
                                         {.name = "region_id", .either = "currency_code", .unless = "id"},
                                         {.name = "currency_code", .either = "region_id", .unless = "id"},
                                         {"variant_id", Is::string},
                                         {"amount", Is::integer},
                                         {"min_quantity", Is::integer, optional},
                                         {"max_quantity", Is::integer, optional}},
                                .of = "MoneyAmount"};

http::Rules list_rules(http::Presence presence, const http::Rules& price) {
  return {
      {{"name", Is::string, presence},
       {"description", Is::string, presence},
       {"starts_at", Is::date, optional},
       {"ends_at", Is::date, optional},
       {"status", Is::enumeration, optional, nullptr, {"active", "draft"}},
       {"type", Is::enumeration, presence, nullptr, {"sale", "override"}},
       {"prices", Is::array, presence, &price},
       {"customer_groups", Is::array, optional, &http::kWithId},
       {.name = "includes_tax", .is = Is::boolean, .presence = optional, .flag = schema::Flag::tax_inclusive_pricing}}};
}
const http::Rules kPrices{{{"prices", Is::array, required, &kChangedPrice}, {"override", Is::boolean, optional}}};
const http::Rules kPriceIds{{{"price_ids", Is::filled_string_array}}};
const http::Rules kProductIds{{{"product_ids", Is::filled_string_array}}};

// --- hooks ---------------------------------------------------------------------------------------------------------

void put_body_prices(http::Change& change) {
  append(change.behind, put_prices(change.call, change.id, change.body()["prices"]));
}

// What the body says of prices and groups goes behind the list's own row.
void put_prices_and_groups(http::Change& change) {
  put_body_prices(change);
  append(change.behind, put_groups(change.call, change.id, change.body()["customer_groups"],
                                   change.before ? List::changed : List::made));
}

// With `override` in the body these prices take the place of all others.
void add_prices(http::Change& change) {
  if (change.body()["override"].truthy()) append(change.ahead, erase_prices(change.id));
  put_body_prices(change);
}

void remove_all_prices(http::Change& change) { append(change.ahead, erase_prices(change.id)); }

// --- prices away ---------------------------------------------------------------------------------------------------

void say_removed(Context& context, const std::vector<std::string>& ids) {
  base::JsonArray list;
  for (const auto& id : ids) list.emplace_back(id);
  context.json(base::JsonObject{{"ids", std::move(list)}, {"object", "money-amount"}, {"deleted", true}});
}

// Quirk: the answer names ids that were no price of the list.
void remove_by_ids(Context& context) {
  const auto ids = texts_of(context.body()["price_ids"]);
  remove_prices(context.call, context.param("id"), ids);
  say_removed(context, ids);
}

void remove_of_products(Context& context) {
  say_removed(context,
              remove_prices_of_products(context.call, context.param("id"), texts_of(context.body()["product_ids"])));
}

void remove_of_product(Context& context) {
  say_removed(context, remove_prices_of_products(context.call, context.param("id"), {context.param("product_id")}));
}

void remove_of_variant(Context& context) {
  say_removed(context, remove_prices_of_variant(context.call, context.param("id"), context.param("variant_id")));
}

http::Resource price_lists() {
  return http::Resource{.path = "/admin/price-lists",
                        .entity = "PriceList",
                        .one = "price_list",
                        .many = "price_lists",
                        .not_found = "Price list with id: {id} was not found",
                        .auth = http::Auth::admin,
                        .decorate = show_variants};
}

} // namespace

http::Routes price_list_routes() {
  using enum http::Method;
  constexpr auto admin = http::Auth::admin;
  auto list = price_lists();
  list.filters = {{"id"},
                  {.name = "status", .by = By::enumeration, .values = {"active", "draft"}},
                  {"name"},
                  {"description"},
                  {.name = "type", .by = By::enumeration, .values = {"sale", "override"}},
                  {"created_at", By::date},
                  {"updated_at", By::date},
                  {"deleted_at", By::date}};
  list.search =
      "t.name ILIKE $? OR t.description ILIKE $? OR EXISTS (SELECT 1 FROM price_list_customer_groups g JOIN "
      "customer_group c ON c.id = g.customer_group_id AND c.deleted_at IS NULL WHERE g.price_list_id = t.id AND "
      "c.name ILIKE $?)";
  list.unfiltered = {{"customer_groups", Is::each_string, optional}};
  list.refused = {"fields"};
  list.limit = 10;
  list.prepare = by_groups;
  auto routes = list.list().routes();

  auto one = price_lists();
  one.read.relations = {"prices", "prices.variants", "customer_groups"};
  const auto more = one.retrieve(QueryUse::ignored)
                        .create({.body = list_rules(required, kNewPrice), .hook = put_prices_and_groups})
                        .update({.body = list_rules(optional, kChangedPrice), .hook = put_prices_and_groups})
                        .act("/prices/batch", {.body = kPrices, .hook = add_prices})
                        .remove({.object = "price-list",
                                 .missing = http::Missing::overlooked,
                                 .hook = remove_all_prices,
                                 .erased = http::Remove::Erased::yes})
                        .routes();
  routes.insert(routes.end(), more.begin(), more.end());
  const http::Routes prices{
      {del, "/admin/price-lists/:id/prices/batch", remove_by_ids, admin, nullptr, &kPriceIds},
      {del, "/admin/price-lists/:id/products/prices/batch", remove_of_products, admin, nullptr, &kProductIds},
      {del, "/admin/price-lists/:id/products/:product_id/prices", remove_of_product, admin},
      {del, "/admin/price-lists/:id/variants/:variant_id/prices", remove_of_variant, admin}};
  routes.insert(routes.end(), prices.begin(), prices.end());
  return routes;
}

} // namespace commerce::pricing
