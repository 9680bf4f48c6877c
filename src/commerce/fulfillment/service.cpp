#include "commerce/fulfillment/service.hpp"
#include "base/error.hpp"
#include "commerce/cart/tables.hpp"
#include "commerce/catalogue/tables.hpp"
#include "commerce/fulfillment/tables.hpp"
#include "commerce/shipping/tables.hpp"
#include "commerce/stock/modules.hpp"
#include "commerce/stock/reservations.hpp"
#include "ports/fulfillment_provider.hpp"
#include "query/row_of.hpp"
#include "query/write.hpp"
#include <algorithm>

namespace commerce::fulfillment {

using base::Error;
using base::Json;
using ports::Call;
using query::RowOf;

namespace {

struct Names {
  std::string_view entity, column; // of the owner; the column of a fulfillment that says whose it is
};
Names names_of(Owner owner) {
  switch (owner) {
  case Owner::swap: return {"Swap", "swap_id"};
  case Owner::claim: return {"ClaimOrder", "claim_order_id"};
  default: return {"Order", "order_id"};
  }
}

std::vector<Units> units_of(const std::vector<RowOf<table::LineItem>>& items) {
  std::vector<Units> units;
  for (const auto& item : items)
    units.push_back({item.str("id"), item.integer("quantity"), item.optional_integer("fulfilled_quantity"),
                     item.optional_integer("shipped_quantity")});
  return units;
}

std::vector<Part> parts_of(const RowOf<table::Fulfillment>& fulfillment) {
  std::vector<Part> parts;
  for (const auto& item : fulfillment.many<table::FulfillmentItem>("items"))
    parts.push_back({item.str("item_id"), item.integer("quantity")});
  return parts;
}

const RowOf<table::LineItem>& item_of(const std::vector<RowOf<table::LineItem>>& items, std::string_view id) {
  return *std::find_if(items.begin(), items.end(),
                       [&](const RowOf<table::LineItem>& item) { return item.text("id") == id; });
}

// What leaves the shelves of a location, or returns to them. Items without a variant have no stock.
std::vector<stock::Moved> moved(const std::vector<RowOf<table::LineItem>>& items, const std::vector<Part>& parts) {
  std::vector<stock::Moved> moved;
  for (const auto& part : parts)
    for (const auto& item : items)
      if (item.text("id") == part.item_id && !item.is_null("variant_id"))
        moved.push_back({part.item_id, item.str("variant_id"), item.str("title"), part.quantity});
  return moved;
}

std::string profile_of(const RowOf<table::LineItem>& item) {
  const auto variant = item.one<table::ProductVariant>("variant");
  const auto product = variant ? variant->one<table::Product>("product") : std::nullopt;
  if (!product) return {};
  const auto profiles = product->many<table::ShippingProfile>("profiles");
  return profiles.empty() ? std::string() : profiles.front().str("id");
}

// For each shipping method, the parts that it takes.
std::vector<std::vector<Part>> shares_of(const Subject& subject, const std::vector<Part>& packed) {
  std::vector<Shippable> shippable;
  for (const auto& part : packed) shippable.push_back({part, profile_of(item_of(subject.items, part.item_id))});
  std::vector<std::string> profiles;
  for (const auto& method : subject.methods) {
    const auto option = method.one<table::ShippingOption>("shipping_option");
    profiles.push_back(option ? option->str("profile_id") : "");
  }
  return partition(profiles, shippable);
}

void write_progress(Call& call, const Subject& subject, const Progress& after, std::string_view column) {
  base::JsonArray items;
  for (const auto& [id, count] : after.items)
    items.push_back(base::JsonObject{{"id", id}, {std::string(column), count}});
  if (!items.empty()) call.write_last(query::update_each(schema::get("LineItem"), items));
  call.write_last(query::update(schema::get(names_of(subject.owner).entity), subject.id,
                                base::JsonObject{{"fulfillment_status", std::string(after.status)}}));
}

} // namespace

Json order_like(const query::Row& swap_or_claim, Owner owner, const Json& no_notification) {
  Json whole = base::parse_json(query::row_json(swap_or_claim));
  const Json order = whole["order"];
  if (!whole["payment"].is_nullish())
    whole.set("payments", base::JsonArray{whole["payment"]});
  else
    whole.set("payments", order["payments"]);
  for (const char* name :
       {"email", "discounts", "currency_code", "tax_rate", "region_id", "region", "display_id", "billing_address"})
    if (order.has(name)) whole.set(name, order[name]);
  whole.set("items", whole["additional_items"]);
  whole.set(owner == Owner::swap ? "is_swap" : "is_claim", true);
  whole.set("no_notification", no_notification);
  return whole;
}

std::vector<Part> all_units(const std::vector<RowOf<table::LineItem>>& items) {
  std::vector<Part> parts;
  for (const auto& item : items) parts.push_back({item.str("id"), item.integer("quantity")});
  return parts;
}

std::vector<std::string> create(Call& call, const Subject& subject, const Wish& wish) {
  // 1. The parts, shared out among the shipping methods.
  const auto units = units_of(subject.items);
  auto packed = fulfillable(units, wish.parts);
  std::erase_if(packed, [](const Part& part) { return part.quantity == 0; });
  if (packed.empty()) throw Error::invalid_data("items must hold at least one unit of the order's items");
  const auto shares = shares_of(subject, packed);

  // 2. The location gives what is packed there.
  std::vector<Part> fulfilled;
  for (const auto& share : shares) fulfilled.insert(fulfilled.end(), share.begin(), share.end());
  if (wish.location_id && stock::enabled(call, stock::Module::inventory))
    stock::take_from(call, *wish.location_id, moved(subject.items, fulfilled));

  // 3. A fulfillment for each method, made known to its provider.
  const std::string owner_column(names_of(subject.owner).column);
  std::vector<std::string> ids;
  base::JsonArray fulfillments, fulfillment_items;
  for (std::size_t i = 0; i < subject.methods.size(); i++) {
    const auto& method = subject.methods[i];
    const auto option = method.one<table::ShippingOption>("shipping_option");
    const std::string provider_id = option ? option->str("provider_id") : "";
    ids.push_back(call.same_id("ful", subject.id + " " + std::to_string(i)));
    Json fulfillment = base::JsonObject{{"id", ids.back()},
                                        {owner_column, subject.id},
                                        {"provider_id", provider_id},
                                        {"metadata", wish.metadata},
                                        {"no_notification", wish.no_notification},
                                        {"location_id", wish.location_id},
                                        {"tracking_numbers", Json::array()},
                                        {"data", Json::object()}};
    base::JsonArray shown_items;
    for (const auto& part : shares[i]) {
      Json item = base::parse_json(query::row_json(item_of(subject.items, part.item_id)));
      item.set("quantity", part.quantity);
      shown_items.push_back(std::move(item));
      fulfillment_items.push_back(
          base::JsonObject{{"fulfillment_id", ids.back()}, {"item_id", part.item_id}, {"quantity", part.quantity}});
    }
    Json data = ports::fulfillment_provider(provider_id)
                    .create_fulfillment(call, method.json("data"), std::move(shown_items), subject.shown, fulfillment);
    fulfillment.set("data", data.is_nullish() ? Json::object() : std::move(data));
    fulfillments.push_back(std::move(fulfillment));
  }

  // 4. What is packed now, and the owner's status.
  call.write_last(query::insert(schema::get("Fulfillment"), fulfillments));
  if (!fulfillment_items.empty()) call.write_last(query::insert(schema::get("FulfillmentItem"), fulfillment_items));
  write_progress(call, subject, after_fulfillment(subject.owner, units, merged(fulfilled)), "fulfilled_quantity");
  return ids;
}

query::Tree load(Call& call, std::string_view fulfillment_id) {
  const query::Read read{.entity = &schema::get("Fulfillment"), .selection = query::select({}, {"items"})};
  auto tree = query::read_one(call.db(), call.flags, read, fulfillment_id);
  if (!tree.first()) throw Error::not_found("Fulfillment with id: " + std::string(fulfillment_id) + " was not found");
  return tree;
}

bool belongs_to(const RowOf<table::Fulfillment>& fulfillment, Owner owner, std::string_view owner_id) {
  switch (owner) {
  case Owner::swap: return fulfillment.text("swap_id") == owner_id;
  case Owner::claim: return fulfillment.text("claim_order_id") == owner_id;
  default: return fulfillment.text("order_id") == owner_id;
  }
}

bool cancel(Call& call, const Subject& subject, const RowOf<table::Fulfillment>& fulfillment) {
  // 1. What is under way can't be called back; what was called off stays so.
  if (!fulfillment.is_null("shipped_at"))
    throw Error::not_allowed("The fulfillment has already been shipped. Shipped fulfillments cannot be canceled");
  if (!fulfillment.is_null("canceled_at")) return false;
  // 2. Take the units back, also to the location that they came from, and tell the provider.
  const auto parts = parts_of(fulfillment);
  if (!fulfillment.is_null("location_id") && stock::enabled(call, stock::Module::inventory))
    stock::put_back(call, fulfillment.text("location_id"), moved(subject.items, parts));
  ports::fulfillment_provider(fulfillment.text("provider_id")).cancel_fulfillment(call, fulfillment.json("data"));
  // 3. What is packed now, and the owner's status.
  call.write_last(query::update(schema::get("Fulfillment"), fulfillment.id(),
                                base::JsonObject{{"canceled_at", base::iso_time(base::now())}}));
  write_progress(call, subject, after_cancelation(units_of(subject.items), parts), "fulfilled_quantity");
  return true;
}

void ship(Call& call, const Subject& subject, const RowOf<table::Fulfillment>& fulfillment,
          const std::vector<std::string>& tracking_numbers, const Json& no_notification) {
  // 1. The fulfillment is on its way.
  if (!fulfillment.is_null("canceled_at")) throw Error::not_allowed("Fulfillment has been canceled");
  Json metadata = fulfillment.json("metadata");
  base::JsonArray links;
  for (const auto& number : tracking_numbers)
    links.push_back(base::JsonObject{{"fulfillment_id", fulfillment.str("id")}, {"tracking_number", number}});
  call.write_last(
      query::update(schema::get("Fulfillment"), fulfillment.id(),
                    base::JsonObject{{"shipped_at", base::iso_time(base::now())},
                                     {"no_notification", no_notification},
                                     {"metadata", metadata.is_object() ? std::move(metadata) : Json::object()}}));
  if (!links.empty()) call.write_last(query::insert(schema::get("TrackingLink"), links));
  // 2. The items' counts and the owner's status.
  if (fulfillment.is_null("shipped_at"))
    write_progress(call, subject, after_shipment(units_of(subject.items), parts_of(fulfillment)), "shipped_quantity");
}

} // namespace commerce::fulfillment
