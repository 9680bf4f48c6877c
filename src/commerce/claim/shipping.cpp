#include "commerce/claim/shipping.hpp"
#include "base/error.hpp"
#include "commerce/shipping/options.hpp"
#include "commerce/shipping/tables.hpp"
#include "ports/fulfillment_provider.hpp"
#include "query/row_of.hpp"
#include "query/write.hpp"
#include <algorithm>
#include <map>

namespace commerce::claim {

using base::Error;
using base::Json;
using query::RowOf;

void add_methods(ports::Call& call, std::string_view claim_id, std::string_view order_id,
                 const std::vector<WishedMethod>& wished) {
  // 1. Those that exist.
  std::vector<std::string> existing, options;
  for (const auto& method : wished)
    (method.id.empty() ? options : existing).push_back(method.id.empty() ? method.option_id : method.id);
  if (!existing.empty()) {
    static const db::Statement take(
        "UPDATE shipping_method SET claim_order_id = $1 WHERE id = ANY($2::text[]) AND "
        "(order_id = $3 OR claim_order_id IN (SELECT id FROM claim_order WHERE order_id = $3))");
    call.write_last({take, db::Params::of(claim_id, existing, order_id)});
  }
  if (options.empty()) return;
  // 2. New ones, once their providers have looked at the data.
  const auto tree =
      query::read(call.db(), call.flags,
                  {.entity = &schema::get("ShippingOption"), .where = {{"id", query::Operator::in, options}}});
  std::map<std::string, RowOf<table::ShippingOption>> option_of;
  for (const auto& option : tree.rows<table::ShippingOption>()) option_of.emplace(option.str("id"), option);
  base::JsonArray methods;
  for (const auto& method : wished) {
    if (!method.id.empty()) continue;
    const auto found = option_of.find(method.option_id);
    if (found == option_of.end()) throw Error::not_found("Shipping Option with " + method.option_id + " was not found");
    const auto& option = found->second;
    const Json data = ports::fulfillment_provider(option.text("provider_id"))
                          .validate_data(call, option.json("data"), method.data, Json::object());
    Json row =
        base::JsonObject{{"shipping_option_id", method.option_id},
                         {"claim_order_id", claim_id},
                         {"price", method.price ? *method.price : shipping::price_of(call, option, data, Json())},
                         {"data", data}};
    if (call.on(schema::Flag::tax_inclusive_pricing)) row.set("includes_tax", option.boolean("includes_tax"));
    methods.push_back(std::move(row));
  }
  call.write_last(query::insert(schema::get("ShippingMethod"), methods));
}

void detach_methods(ports::Call& call, const std::vector<RowOf<table::ShippingMethod>>& methods,
                    const std::vector<WishedMethod>& kept) {
  std::vector<std::string> shared, gone;
  for (const auto& method : methods) {
    if (std::any_of(kept.begin(), kept.end(), [&](const WishedMethod& wish) { return wish.id == method.id(); }))
      continue;
    const bool elsewhere = !method.is_null("order_id") || !method.is_null("cart_id") || !method.is_null("swap_id") ||
                           !method.is_null("return_id");
    (elsewhere ? shared : gone).push_back(method.str("id"));
  }
  if (!shared.empty()) {
    static const db::Statement leave("UPDATE shipping_method SET claim_order_id = NULL WHERE id = ANY($1::text[])");
    call.write_last({leave, db::Params::of(shared)});
  }
  if (gone.empty()) return;
  call.write_last(query::erase_where(schema::get("ShippingMethodTaxLine"), "shipping_method_id", gone));
  call.write_last(query::erase_where(schema::get("ShippingMethod"), "id", gone));
}

} // namespace commerce::claim
