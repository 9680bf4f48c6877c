#include "commerce/payment/collections.hpp"
#include "base/error.hpp"
#include "commerce/storefront.hpp"
#include "http/resource.hpp"
#include "query/write.hpp"

namespace commerce::payment {
namespace {

using base::Error;
using http::Change;
using http::Is;
using enum http::Presence;

http::Resource collections(std::string_view path, http::Auth auth, query::Grammar grammar) {
  return http::Resource{.path = path,
                        .entity = "PaymentCollection",
                        .one = "payment_collection",
                        .many = "payment_collections",
                        .not_found = "Payment collection with id {id} was not found",
                        .read = std::move(grammar),
                        .auth = auth};
}

void prepare_public(http::Context&, const query::Wanted&, query::Read& read) {
  show_only_public(*read.entity, read.selection);
}

// Quirk: null takes the metadata away.
void take_null_metadata(Change& change) {
  if (change.body()["metadata"].is_null()) change.values.set("metadata", nullptr);
}

void tell_updated(Change& change, const query::Row& row) {
  change.call.emit("payment-collection.updated", query::row_value(row));
}

// Medusa 1.20: PaymentCollectionService.delete
void remove(http::Context& context) {
  const auto& id = context.param("id");
  const auto& entity = schema::get("PaymentCollection");
  context.call.atomic([&] {
    static const db::Statement edits("SELECT 1 FROM order_edit WHERE payment_collection_id = $1");
    std::vector<db::Result> found;
    const auto tree = query::read_one(context.call.db(), context.call.flags, {.entity = &entity, .for_update = true},
                                      id, {{edits, db::Params::of(id)}}, &found);
    if (!tree.first()) return;
    const std::string status(tree.first()->text("status"));
    if (status != "canceled" && status != "not_paid")
      throw Error::not_allowed("Cannot delete payment collection with status " + status);
    // 1.20 answers that null was not found.
    if (!found[0].empty()) throw Error::not_allowed("Cannot delete payment collection of an order edit");
    context.call.write_last(query::erase_where(entity, "id", {id}));
    context.call.emit("payment-collection.deleted", query::row_value(*tree.first()));
  });
  context.json(base::JsonObject{{"id", id}, {"deleted", true}, {"object", "payment_collection"}});
}

} // namespace

http::Routes collection_routes() {
  query::Grammar admin{
      .fields = {"id", "type", "status", "description", "amount", "authorized_amount", "currency_code", "metadata"},
      .relations = {"region", "payment_sessions", "payments"}};
  query::Grammar store{.fields = {"id", "type", "status", "description", "amount", "currency_code", "metadata"},
                       .relations = {"region", "payment_sessions"}};
  auto routes = collections("/admin/payment-collections", http::Auth::admin, std::move(admin))
                    .retrieve()
                    .update({.body = {{{"description", Is::string, optional}, {"metadata", Is::object, optional}}},
                             .hook = take_null_metadata,
                             .metadata = http::Metadata::merged,
                             .answer = http::Answer::saved,
                             .after = tell_updated})
                    .routes();
  auto public_ones = collections("/store/payment-collections", http::Auth::none, std::move(store));
  public_ones.prepare_one = prepare_public;
  const auto more = public_ones.retrieve().routes();
  routes.insert(routes.end(), more.begin(), more.end());
  routes.push_back({.method = http::Method::del,
                    .path = "/admin/payment-collections/:id",
                    .handler = remove,
                    .auth = http::Auth::admin});
  return routes;
}

} // namespace commerce::payment
