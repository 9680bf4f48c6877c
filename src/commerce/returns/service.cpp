#include "commerce/returns/service.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
#include "commerce/order/tables.hpp"
#include "commerce/region/tables.hpp"
#include "commerce/returns/locked.hpp"
#include "commerce/returns/states.hpp"
#include "commerce/shipping/options.hpp"
#include "commerce/shipping/tables.hpp"
#include "commerce/tax/service.hpp"
#include "commerce/totals/from_rows.hpp"
#include "db/batch.hpp"
#include "ports/fulfillment_provider.hpp"
#include "query/row_of.hpp"
#include "query/write.hpp"
#include <algorithm>
#include <cmath>

namespace commerce::returns {

using base::Error;
using base::Json;
using ports::Call;
using query::RowOf;

namespace {

// --- what is asked for ---------------------------------------------------------------------------------------------

query::Selection order_with_all_items() {
  query::Selection order;
  for (const char* owner : {"items", "swaps", "claims"}) {
    auto& items = std::string_view(owner) == "items" ? order.with(owner) : order.with(owner).with("additional_items");
    for (const char* relation : {"tax_lines", "adjustments"}) items.with(relation);
  }
  order.with("discounts").with("rule");
  order.with("region").with("tax_rates");
  // What was bought stays what it was when a discount or a region goes.
  for (const char* name : {"discounts", "region"}) order.child(name)->deleted = query::Deleted::included;
  order.child("discounts")->selection.child("rule")->deleted = query::Deleted::included;
  return order;
}

db::Command line_items_that_exist(const std::vector<std::string>& ids) {
  static const db::Statement statement("SELECT id FROM line_item WHERE id = ANY($1)");
  return {statement, db::Params::of(ids)};
}
db::Command reasons_above_others(const std::vector<std::string>& ids) {
  static const db::Statement statement(
      "SELECT p.id FROM return_reason p WHERE p.id = ANY($1) AND p.deleted_at IS NULL AND "
      "EXISTS (SELECT 1 FROM return_reason c WHERE c.parent_return_reason_id = p.id AND "
      "c.deleted_at IS NULL)");
  return {statement, db::Params::of(ids)};
}

struct Asked {
  query::Tree order;        // locked
  bool names_group = false; // a reason that only holds other reasons together
};
// The order, locked, and what the wish names besides, in one round trip.
Asked ask(Call& call, const Wish& wish) {
  std::vector<std::string> item_ids, reason_ids;
  for (const auto& item : wish.items) {
    item_ids.push_back(item.item_id);
    if (item.reason_id) reason_ids.push_back(*item.reason_id);
  }
  db::Batch before;
  const auto items = before.add(line_items_that_exist(item_ids));
  const auto groups = before.add(reasons_above_others(reason_ids));
  Asked asked{query::read_one(
      call.db(), call.flags, {.entity = &schema::get("Order"), .selection = order_with_all_items(), .for_update = true},
      wish.order_id, before)};
  for (const auto& id : item_ids) {
    bool exists = false;
    for (int row = 0; row < items->rows(); row++) exists = exists || items->text(row, 0) == id;
    if (!exists) throw Error::not_found("Line item with " + id + " was not found");
  }
  if (!asked.order.first()) throw Error::not_found("Order with id: " + wish.order_id + " was not found");
  asked.names_group = !groups->empty();
  return asked;
}

// Medusa 1.20: the first lines of ReturnService.create, and validateReturnLineItem
void refuse_items(const Wish& wish, const std::vector<OrderedItem>& items) {
  const auto of = [&](const std::string& id) {
    return std::find_if(items.begin(), items.end(), [&](const OrderedItem& i) { return i.row.text("id") == id; });
  };
  for (const auto& wished : wish.items)
    if (const auto item = of(wished.item_id); item != items.end() && item->canceled)
      throw Error::invalid_data("Cannot create a return for a canceled item.");
  for (const auto& wished : wish.items) {
    const auto item = of(wished.item_id);
    refuse_more_than_bought(item == items.end() ? nullptr : &*item, wished.quantity);
  }
}

// --- the way back --------------------------------------------------------------------------------------------------

// Medusa 1.20: ShippingOptionService.createShippingMethod and TaxProviderService.createShippingTaxLines. Returns what the way
// back costs with its taxes.
double add_shipping_method(Call& call, const WishedShipping& wish, const std::string& return_id,
                           const RowOf<table::Region>& region) {
  const auto options =
      query::read_one(call.db(), call.flags, {.entity = &schema::get("ShippingOption")}, wish.option_id);
  if (!options.first()) throw Error::not_found("Shipping Option with " + wish.option_id + " was not found");
  const auto option = *options.first<table::ShippingOption>();
  const auto& provider = ports::fulfillment_provider(option.text("provider_id"));
  const Json data = provider.validate_data(call, option.json("data"), Json::object(), Json::object());
  const base::Amount price = wish.price ? *wish.price : shipping::price_of(call, option, data, Json::object());
  Json method = base::JsonObject{{"id", base::make_id(schema::get("ShippingMethod").prefix)},
                                 {"shipping_option_id", wish.option_id},
                                 {"return_id", return_id},
                                 {"price", price},
                                 {"data", data}};
  if (call.on(schema::Flag::tax_inclusive_pricing)) method.set("includes_tax", option.boolean("includes_tax"));
  call.write_last(query::insert(schema::get("ShippingMethod"), method));
  // The provider of taxes gets the method as it stands in its table.
  const auto written =
      query::read_one(call.db(), call.flags, {.entity = &schema::get("ShippingMethod")}, method["id"].as_string());
  const std::vector<RowOf<table::ShippingMethod>> methods = written.rows<table::ShippingMethod>();
  const auto lines =
      tax::provider_lines(call, {.region = region}, {}, methods, tax::rates_for(call, region, {}, methods));
  for (auto& query : tax::store_lines(lines)) call.write_last(std::move(query));
  const auto inclusive = totals::inclusive(call.flags);
  auto taxed = totals::method_of(methods.front(), inclusive);
  taxed.tax_lines = lines.of_methods;
  return shipping_total(taxed, inclusive);
}

base::JsonArray item_rows(const Wish& wish, const std::vector<OrderedItem>& items, const std::string& return_id) {
  base::JsonArray rows;
  for (const auto& wished : wish.items) {
    const auto item =
        std::find_if(items.begin(), items.end(), [&](const auto& i) { return i.row.text("id") == wished.item_id; });
    rows.push_back(base::JsonObject{{"return_id", return_id},
                                    {"item_id", wished.item_id},
                                    {"quantity", wished.quantity},
                                    {"requested_quantity", wished.quantity},
                                    {"is_requested", true},
                                    {"reason_id", wished.reason_id},
                                    {"note", wished.note},
                                    {"metadata", item->row.json("metadata")}});
  }
  return rows;
}

} // namespace

Created create(Call& call, const Wish& wish) {
  return call.atomic([&] {
    // 1. Load and lock the order; look at what is to come back.
    const Asked asked = ask(call, wish);
    const auto order = *asked.order.first<table::Order>();
    const auto items = items_of(order);
    refuse_items(wish, items);
    // 2. What goes back for it. Quirk: a refund that an admin names is not compared with what was paid; when the parcel has
    // arrived, it is.
    const auto inclusive = totals::inclusive(call.flags);
    std::vector<Part> parts;
    for (const auto& item : wish.items) parts.push_back({item.item_id, item.quantity});
    // The provider that is asked to fetch it knows it by its id.
    Created created{.id = call.same_id(schema::get("Return").prefix, wish.order_id)};
    created.refund_amount =
        wish.refund_amount
            ? *wish.refund_amount
            : static_cast<base::Amount>(refund_total(totals::order_of(order, inclusive), parts, inclusive));
    if (asked.names_group) throw Error::invalid_data("Cannot apply return reason category");
    // 3. The return and its items.
    Json row = base::JsonObject{{"id", created.id},
                                {"status", "requested"},
                                {"swap_id", wish.swap_id},
                                {"claim_order_id", wish.claim_order_id},
                                {"order_id", wish.swap_id ? Json(nullptr) : Json(wish.order_id)},
                                {"location_id", wish.location_id},
                                {"refund_amount", created.refund_amount},
                                {"no_notification", wish.no_notification},
                                {"idempotency_key", wish.idempotency_key}};
    call.write_last(query::insert(schema::get("Return"), row));
    if (auto rows = item_rows(wish, items, created.id); !rows.empty())
      call.write_last(query::insert(schema::get("ReturnItem"), rows));
    // 4. The way back, which is paid out of the refund unless an admin has named that.
    if (wish.shipping && !wish.shipping->option_id.empty()) {
      const auto cost = add_shipping_method(call, *wish.shipping, created.id, *order.one<table::Region>("region"));
      if (!wish.refund_amount) {
        created.refund_amount -= static_cast<base::Amount>(cost);
        call.write_last(query::update(schema::get("Return"), created.id,
                                      base::JsonObject{{"refund_amount", created.refund_amount}}));
      }
    }
    return created;
  });
}

void fulfill(Call& call, std::string_view return_id) {
  call.atomic([&] {
    // 1. Load and lock the return.
    const auto tree = lock(call, return_id,
                           {"items.item.tax_lines", "items.item.variant.product.profiles", "shipping_method.tax_lines",
                            "shipping_method.shipping_option", "swap", "claim_order"});
    const auto found = *tree.first<table::Return>();
    check(act::fulfill, found.text("status"));
    if (!found.is_null("shipping_data")) throw Error::not_allowed("Return has already been fulfilled");
    const auto method = found.one<table::ShippingMethod>("shipping_method");
    if (!method) return;
    // 2. Whoever carries it learns of it.
    const auto option = method->one<table::ShippingOption>("shipping_option");
    const auto& provider = ports::fulfillment_provider(option ? option->text("provider_id") : "");
    Json data = provider.create_return(call, base::parse_json(query::row_json(found)));
    call.write_last(
        query::update(schema::get("Return"), return_id,
                      base::JsonObject{{"shipping_data", data.is_nullish() ? Json::object() : std::move(data)}}));
  });
}

std::string cancel(Call& call, std::string_view return_id) {
  return call.atomic([&] {
    const auto tree = lock(call, return_id, {"swap", "claim_order"});
    const auto found = *tree.first<table::Return>();
    check(act::cancel, found.text("status"));
    if (found.text("status") != act::cancel.becomes)
      call.write_last(
          query::update(schema::get("Return"), return_id, base::JsonObject{{"status", act::cancel.becomes}}));
    return order_of(found);
  });
}

} // namespace commerce::returns
