#include "commerce/order/service.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
#include "commerce/order/locked.hpp"
#include "commerce/payment/payments.hpp"
#include "commerce/stock/modules.hpp"
#include "commerce/stock/reservations.hpp"
#include "ports/fulfillment_provider.hpp"
#include "ports/outside.hpp"
#include "ports/payment_provider.hpp"
#include "query/query.hpp"
#include "query/write.hpp"

namespace commerce::order {

using base::Error;
using base::Json;
using ports::Call;
using query::Row;

namespace {

std::vector<Units> units_of(const Row& order) {
  std::vector<Units> units;
  for (const Row& item : order.many("items"))
    units.push_back({item.str("id"), item.integer("quantity"), item.optional_integer("fulfilled_quantity"),
                     item.optional_integer("shipped_quantity")});
  return units;
}

std::vector<Part> parts_of(const Row& fulfillment) {
  std::vector<Part> parts;
  for (const Row& item : fulfillment.many("items")) parts.push_back({item.str("item_id"), item.integer("quantity")});
  return parts;
}

// What leaves the shelves of a location, or returns to them. Items without a variant have no stock.
std::vector<stock::Moved> moved(const std::vector<Row>& items, const std::vector<Part>& parts) {
  std::vector<stock::Moved> moved;
  for (const auto& part : parts)
    for (const Row& item : items)
      if (item.text("id") == part.item_id && !item.is_null("variant_id"))
        moved.push_back({part.item_id, item.str("variant_id"), item.str("title"), part.quantity});
  return moved;
}

void write_progress(Call& call, std::string_view order_id, const Progress& after, std::string_view column) {
  base::JsonArray items;
  for (const auto& [id, count] : after.items)
    items.push_back(base::JsonObject{{"id", id}, {std::string(column), count}});
  if (!items.empty()) call.write_last(query::update_each(schema::get("LineItem"), items));
  call.write_last(query::update(schema::get("Order"), order_id,
                                base::JsonObject{{"fulfillment_status", std::string(after.status)}}));
}

} // namespace

void capture_payment(Call& call, std::string_view order_id) {
  call.atomic([&] {
    // 1. Load and lock the order with its payments.
    const auto tree = lock(call, order_id, {"payments"});
    const Row order = tree.root->row(0);
    refuse_canceled(order, "A canceled order cannot capture payment");
    const Json no_notification = notification(std::nullopt, order);
    // 2. Capture what has not been captured. A provider that fails leaves its payment open and is told of by an event.
    const std::string now = base::iso_time(base::now());
    base::JsonArray captured;
    bool all = true;
    for (const Row& payment : order.many("payments")) {
      if (!payment.is_null("captured_at")) continue;
      try {
        const auto& provider = ports::payment_provider(payment.text("provider_id"));
        captured.push_back(base::JsonObject{{"id", payment.str("id")},
                                            {"data", provider.capture(call, commerce::payment::at_provider(payment))},
                                            {"captured_at", now}});
      } catch (const ports::ProviderError& error) {
        all = false;
        call.emit("order.payment_capture_failed",
                  base::JsonObject{{"id", std::string(order_id)},
                                   {"payment_id", payment.str("id")},
                                   {"error", base::JsonObject{{"type", base::error_type_name(error.type)},
                                                              {"message", error.what()}}},
                                   {"no_notification", no_notification}});
      }
    }
    if (!captured.empty()) call.write_last(query::update_each(schema::get("Payment"), captured));
    // 3. The order's payment status.
    call.write_last(query::update(schema::get("Order"), order_id,
                                  base::JsonObject{{"payment_status", all ? "captured" : "requires_action"}}));
    if (all)
      call.emit("order.payment_captured",
                base::JsonObject{{"id", std::string(order_id)}, {"no_notification", no_notification}});
  });
}

void create_fulfillment(Call& call, std::string_view order_id, const FulfillmentWish& wish) {
  call.atomic([&] {
    // 1. Load and lock the order.
    const auto tree = lock(call, order_id,
                           {"items.variant.product.profiles", "shipping_methods.shipping_option", "shipping_address",
                            "billing_address", "discounts.rule", "region", "fulfillments", "payments"});
    const Row order = tree.root->row(0);
    refuse_canceled(order, "A canceled order cannot be fulfilled");
    const auto methods = order.many("shipping_methods");
    if (methods.empty()) throw Error::not_allowed("Cannot fulfill an order that lacks shipping methods");

    // 2. The items, shared out among the shipping methods.
    const auto units = units_of(order);
    const auto items = order.many("items");
    const auto item_of = [&](const std::string& id) {
      return *std::find_if(items.begin(), items.end(), [&](const Row& i) { return i.text("id") == id; });
    };
    const auto profile_of = [](const Row& item) -> std::string {
      const auto variant = item.one("variant");
      const auto product = variant ? variant->one("product") : std::nullopt;
      if (!product) return {};
      const auto profiles = product->many("profiles");
      return profiles.empty() ? std::string() : profiles.front().str("id");
    };
    auto packed = fulfillable(units, wish.items);
    std::erase_if(packed, [](const Part& part) { return part.quantity == 0; });
    if (packed.empty()) throw Error::invalid_data("items must hold at least one unit of the order's items");
    std::vector<Shippable> shippable;
    for (const auto& part : packed) shippable.push_back({part, profile_of(item_of(part.item_id))});
    std::vector<std::string> profiles;
    for (const Row& method : methods) {
      const auto option = method.one("shipping_option");
      profiles.push_back(option ? option->str("profile_id") : "");
    }
    const auto shares = partition(profiles, shippable);

    // 3. The location gives what is packed there.
    std::vector<Part> fulfilled;
    for (const auto& share : shares) fulfilled.insert(fulfilled.end(), share.begin(), share.end());
    if (wish.location_id && stock::enabled(call, stock::Module::inventory))
      stock::take_from(call, *wish.location_id, moved(items, fulfilled));

    // 4. A fulfillment for each method, made known to its provider.
    const Json shown_order = base::parse_json(query::row_json(order));
    base::JsonArray fulfillments, fulfillment_items;
    for (std::size_t i = 0; i < methods.size(); i++) {
      const auto option = methods[i].one("shipping_option");
      const std::string provider_id = option ? option->str("provider_id") : "";
      Json fulfillment = base::JsonObject{{"id", base::make_id("ful")},
                                          {"order_id", std::string(order_id)},
                                          {"provider_id", provider_id},
                                          {"metadata", wish.metadata},
                                          {"no_notification", wish.no_notification},
                                          {"location_id", wish.location_id},
                                          {"tracking_numbers", Json::array()},
                                          {"data", Json::object()}};
      base::JsonArray shown_items;
      for (const auto& part : shares[i]) {
        Json item = base::parse_json(query::row_json(item_of(part.item_id)));
        item.set("quantity", part.quantity);
        shown_items.push_back(std::move(item));
        fulfillment_items.push_back(base::JsonObject{
            {"fulfillment_id", fulfillment["id"]}, {"item_id", part.item_id}, {"quantity", part.quantity}});
      }
      Json data =
          ports::fulfillment_provider(provider_id)
              .create_fulfillment(call, methods[i].json("data"), std::move(shown_items), shown_order, fulfillment);
      fulfillment.set("data", data.is_nullish() ? Json::object() : std::move(data));
      fulfillments.push_back(std::move(fulfillment));
    }

    // 5. What is packed now, and the order's status.
    for (const auto& fulfillment : fulfillments)
      call.emit("order.fulfillment_created",
                base::JsonObject{{"id", std::string(order_id)},
                                 {"fulfillment_id", fulfillment["id"]},
                                 {"no_notification", notification(wish.no_notification, order)}});
    call.write_last(query::insert(schema::get("Fulfillment"), fulfillments));
    if (!fulfillment_items.empty()) call.write_last(query::insert(schema::get("FulfillmentItem"), fulfillment_items));
    write_progress(call, order_id, after_fulfillment(units, merged(fulfilled)), "fulfilled_quantity");
  });
}

void cancel_fulfillment(Call& call, std::string_view order_id, std::string_view fulfillment_id) {
  call.atomic([&] {
    // 1. Load and lock the order of the fulfillment.
    const query::Read read{.entity = &schema::get("Fulfillment"), .selection = query::select({}, {"items"})};
    query::Read order_read{
        .entity = &schema::get("Order"), .selection = query::select({}, {"items"}), .for_update = true};
    const auto orders = query::read_one(call.db(), call.flags, order_read, order_id);
    const auto tree = query::read_one(call.db(), call.flags, read, fulfillment_id);
    const auto found = tree.first();
    if (!found) throw Error::not_found("Fulfillment with id: " + std::string(fulfillment_id) + " was not found");
    const Row fulfillment = *found;
    if (fulfillment.text("order_id") != order_id || !orders.first())
      throw Error::not_found("no fulfillment was found with the id: " + std::string(fulfillment_id) +
                             " related to order: " + std::string(order_id));
    if (!fulfillment.is_null("shipped_at"))
      throw Error::not_allowed("The fulfillment has already been shipped. Shipped fulfillments cannot be canceled");
    if (!fulfillment.is_null("canceled_at")) return;
    // 2. Tell the provider, take the units back, also to the location that they came from.
    if (!fulfillment.is_null("location_id") && stock::enabled(call, stock::Module::inventory))
      stock::put_back(call, fulfillment.text("location_id"),
                      moved(orders.first()->many("items"), parts_of(fulfillment)));
    ports::fulfillment_provider(fulfillment.text("provider_id")).cancel_fulfillment(call, fulfillment.json("data"));
    call.write_last(query::update(schema::get("Fulfillment"), fulfillment_id,
                                  base::JsonObject{{"canceled_at", base::iso_time(base::now())}}));
    write_progress(call, order_id, after_cancelation(units_of(*orders.first()), parts_of(fulfillment)),
                   "fulfilled_quantity");
    call.emit("order.fulfillment_canceled",
              base::JsonObject{{"id", std::string(order_id)},
                               {"fulfillment_id", std::string(fulfillment_id)},
                               {"no_notification", notification(std::nullopt, fulfillment)}});
  });
}

void create_shipment(Call& call, std::string_view order_id, const ShipmentWish& wish) {
  call.atomic([&] {
    // 1. Load and lock the order; load the fulfillment.
    const auto tree = lock(call, order_id, {"items"});
    const Row order = tree.root->row(0);
    const query::Read read{.entity = &schema::get("Fulfillment"), .selection = query::select({}, {"items"})};
    const auto fulfillments = query::read_one(call.db(), call.flags, read, wish.fulfillment_id);
    const auto found = fulfillments.first();
    if (!found) throw Error::not_found("Fulfillment with id: " + wish.fulfillment_id + " was not found");
    const Row fulfillment = *found;
    refuse_canceled(order, "A canceled order cannot be fulfilled as shipped");
    if (fulfillment.text("order_id") != order_id) throw Error::not_found("Could not find fulfillment");
    if (!fulfillment.is_null("canceled_at")) throw Error::not_allowed("Fulfillment has been canceled");
    // 2. The fulfillment is on its way.
    const Json no_notification = notification(wish.no_notification, fulfillment);
    Json metadata = fulfillment.json("metadata");
    base::JsonArray links;
    for (const auto& number : wish.tracking_numbers)
      links.push_back(base::JsonObject{{"fulfillment_id", wish.fulfillment_id}, {"tracking_number", number}});
    call.write_last(
        query::update(schema::get("Fulfillment"), wish.fulfillment_id,
                      base::JsonObject{{"shipped_at", base::iso_time(base::now())},
                                       {"no_notification", no_notification},
                                       {"metadata", metadata.is_object() ? std::move(metadata) : Json::object()}}));
    if (!links.empty()) call.write_last(query::insert(schema::get("TrackingLink"), links));
    // 3. The items' counts and the order's status.
    if (fulfillment.is_null("shipped_at"))
      write_progress(call, order_id, after_shipment(units_of(order), parts_of(fulfillment)), "shipped_quantity");
    call.emit("order.shipment_created", base::JsonObject{{"id", std::string(order_id)},
                                                         {"fulfillment_id", wish.fulfillment_id},
                                                         {"no_notification", no_notification}});
  });
}

} // namespace commerce::order
