// Collections: what a storefront sees of them, and how an admin keeps them. Medusa 1.20: ProductCollectionService.
#include "base/kebab_case.hpp"
#include "commerce/catalogue/product_view.hpp"
#include "commerce/catalogue/tables.hpp"
#include "commerce/catalogue/taxonomy.hpp"
#include "commerce/product_profiles.hpp"
#include "commerce/watched.hpp"
#include "http/resource.hpp"
#include "query/row_of.hpp"

namespace commerce::catalogue {
namespace {

using http::By;
using http::Change;
using http::Context;
using http::Is;
using http::QueryUse;
using enum http::Presence;
using Ids = std::vector<std::string>;

http::Resource store_collections() {
  return http::Resource{.path = "/store/collections",
                        .entity = "ProductCollection",
                        .one = "collection",
                        .many = "collections",
                        .not_found = "Product collection with id: {id} was not found",
                        .filters = {{"handle", By::list}, {"created_at", By::date}, {"updated_at", By::date}},
                        .refused = {"fields", "expand", "order"},
                        .limit = 10,
                        .paged = http::Paged::limit_first,
                        .kept = http::Kept::while_catalogue_unchanged,
                        .shown_products = shown_products}
      .list()
      .retrieve(QueryUse::ignored);
}

// --- what an admin does --------------------------------------------------------------------------------------------

// Quirk: a search forgets these filters.
void search_alone(Context& context, const query::Wanted&, query::Read& read) {
  if (!context.query()["q"].truthy()) return;
  std::erase_if(read.where, [](const query::Condition& condition) {
    return condition.column == "title" || condition.column == "handle" || condition.column == "created_at" ||
           condition.column == "updated_at";
  });
}

void decorate(Context&, const query::Wanted&, const query::Tree& tree) { show_profiles(tree); }

// Medusa 1.20: ProductCollection.createHandleIfNotProvided
void make_handle(Change& change) {
  if (!change.values["handle"].truthy())
    change.values.set("handle", base::kebab_case(change.values["title"].as_string()));
}

// Products are locked in the order of their ids, so that two admins who move the same ones never wait for each other.
void put_in(Change& change, const Ids& ids) {
  static const db::Statement statement(
      "UPDATE product SET collection_id = $1, updated_at = now() WHERE id IN (SELECT id FROM product WHERE id = ANY($2) "
      "ORDER BY id FOR UPDATE)");
  change.ahead.push_back({statement, db::Params::of(change.id, ids)});
}

void take_out(Change& change, const Ids& ids) {
  static const db::Statement statement(
      "UPDATE product SET collection_id = NULL, updated_at = now() WHERE id IN (SELECT id FROM product WHERE id = ANY($2) "
      "AND collection_id = $1 ORDER BY id FOR UPDATE)");
  change.ahead.push_back({statement, db::Params::of(change.id, ids)});
}

base::Json list_of(const Ids& ids) {
  base::JsonArray list;
  for (const auto& id : ids) list.push_back(id);
  return list;
}

void tell_products(Change& change, const std::string& event, const query::Row& row, const Ids& ids) {
  base::Json collection = query::row_value(row);
  base::JsonArray products;
  const query::RowOf<table::ProductCollection> changed(row);
  for (const auto& product : changed.many<table::Product>("products")) products.push_back(query::row_value(product));
  collection.set("products", std::move(products));
  change.call.emit(event, base::JsonObject{{"productCollection", std::move(collection)}, {"productIds", list_of(ids)}});
}

void tell_added(Change& change, const query::Row& row, const Ids& ids) {
  tell_products(change, "product-collection.products_added", row, ids);
}

void tell_removed(Change& change, const query::Row& row, const Ids& ids) {
  tell_products(change, "product-collection.products_removed", row, ids);
}

void say_removed(Change& change, const Ids& ids) {
  change.context.json(
      base::JsonObject{{"id", change.id}, {"object", "product-collection"}, {"removed_products", list_of(ids)}});
}

const http::Rules kProducts{{{"product_ids", Is::filled_string_array}}};

http::Routes admin_routes() {
  http::Resource row{.path = "/admin/collections",
                     .entity = "ProductCollection",
                     .one = "collection",
                     .many = "collections",
                     .not_found = "Product collection with id: {id} was not found",
                     .read = {.relations = {"products.profiles"}},
                     .filters = {{"title", By::text},
                                 {"handle", By::text},
                                 {"created_at", By::date},
                                 {"updated_at", By::date},
                                 {"deleted_at", By::date},
                                 {"discount_condition_id", By::text,
                                  "EXISTS (SELECT 1 FROM discount_condition_product_collection d WHERE "
                                  "d.product_collection_id = t.id AND d.condition_id = $?)"}},
                     .search = "t.title ILIKE $? OR t.handle ILIKE $?",
                     .refused = {"fields", "expand"},
                     .limit = 10,
                     .auth = http::Auth::admin,
                     .kept = http::Kept::while_catalogue_unchanged,
                     .keepable = shows_watched,
                     .shown_products = shown_products,
                     .prepare = search_alone,
                     .decorate = decorate};
  http::Resource list = row;
  list.read.fields = {"id", "title", "handle", "created_at", "updated_at"};
  auto routes = list.list().routes();
  const auto more =
      row.retrieve(QueryUse::ignored)
          .create({.body = {{{"title", Is::string, not_empty_first},
                             {"handle", Is::string, optional},
                             {"metadata", Is::object, optional}}},
                   .hook = make_handle,
                   .event = "product-collection.created"})
          .update({.body = {{{"title", Is::string, optional},
                             {"handle", Is::string, optional},
                             {"metadata", Is::object, optional}}},
                   .event = "product-collection.updated",
                   .metadata = http::Metadata::merged})
          .remove({.object = "product-collection", .event = "product-collection.deleted"})
          .link(
              {.path = "/products/batch", .ids = "product_ids", .body = kProducts, .hook = put_in, .after = tell_added})
          .unlink({.path = "/products/batch",
                   .ids = "product_ids",
                   .body = kProducts,
                   .hook = take_out,
                   .answer = say_removed,
                   .after = tell_removed})
          .routes();
  routes.insert(routes.end(), more.begin(), more.end());
  return routes;
}

} // namespace

http::Routes collection_routes() {
  auto routes = store_collections().routes();
  const auto more = admin_routes();
  routes.insert(routes.end(), more.begin(), more.end());
  return routes;
}

} // namespace commerce::catalogue
