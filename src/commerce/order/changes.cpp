#include "commerce/order/changes.hpp"
#include "base/error.hpp"
#include "base/metadata.hpp"
#include "base/strings.hpp"
#include "commerce/addresses.hpp"
#include "commerce/order/locked.hpp"
#include "commerce/order/tables.hpp"
#include "commerce/region/tables.hpp"
#include "commerce/rows.hpp"
#include "commerce/shipping/tables.hpp"
#include "ports/fulfillment_provider.hpp"
#include "query/query.hpp"
#include "query/row_of.hpp"
#include "query/write.hpp"
#include <algorithm>

namespace commerce::order {

using base::Error;
using base::Json;
using ports::Call;
using query::RowOf;

namespace {

// --- addresses -----------------------------------------------------------------------------------------------------

// The order's addresses while they change: each in place where the order alone holds its row, else in a copy.
class Addresses {
 public:
  Addresses(Call& call, const RowOf<table::Order>& order) {
    const auto region = order.one<table::Region>("region");
    if (region)
      for (const auto& country : region->many<table::Country>("countries")) countries_.push_back(country.str("iso_2"));
    const auto found = call.db().run(addresses_of_order(order.id()));
    rows_ = Rows("Address", addresses_of(found));
    for (int row = 0; row < found.rows(); row++)
      if (found.boolean(row, 1)) held_elsewhere_.emplace_back(found.text(row, 2));
    ids_.set("shipping_address_id", order.str("shipping_address_id"));
    ids_.set("billing_address_id", order.str("billing_address_id"));
  }

  // Medusa 1.20: OrderService.updateShippingAddress, updateBillingAddress
  void change(std::string_view column, Json address) {
    const Json& country = address["country_code"];
    const std::string code = country.is_string() ? base::lower(country.as_string()) : "";
    if (std::find(countries_.begin(), countries_.end(), code) == countries_.end())
      throw Error::invalid_data("Shipping country must be in the order region");
    address.set("country_code", code);
    const std::string id = ids_[column].as_string();
    const Json* own = id.empty() ? nullptr : rows_.find(id);
    // Quirk: only a billing address merges its metadata.
    if (column == "billing_address_id" && address["metadata"].truthy())
      address.set("metadata", base::merge_metadata(own ? (*own)["metadata"] : Json(), address["metadata"]));
    const Json values = address_values(address);
    if (!own) {
      put(column, rows_.add(values));
    } else if (std::find(held_elsewhere_.begin(), held_elsewhere_.end(), id) == held_elsewhere_.end()) {
      for (const auto& [name, value] : values.as_object()) rows_.set(id, name, value);
    } else {
      const std::string copy = rows_.add(base::spread(address_values(*own), values));
      // Where both addresses are one, they stay one.
      for (const char* holder : {"shipping_address_id", "billing_address_id"})
        if (ids_[holder].as_string() == id) put(holder, copy);
    }
  }

  std::vector<db::Command> writes() const { return rows_.writes(); }
  // The order's columns that have changed.
  const Json& columns() const { return columns_; }

 private:
  void put(std::string_view column, const std::string& id) {
    ids_.set(column, id);
    columns_.set(column, id);
  }
  std::vector<std::string> countries_, held_elsewhere_;
  Rows rows_{"Address"};
  Json ids_ = Json::object(), columns_ = Json::object();
};

// --- items ---------------------------------------------------------------------------------------------------------

// Medusa 1.20: LineItemService.create, of what a body may say. What is missing there is missing in the row.
base::JsonArray new_items(const Json& items, std::string_view order_id) {
  base::JsonArray rows;
  for (const auto& item : items.as_array()) {
    Json row = base::JsonObject{{"order_id", std::string(order_id)},
                                {"is_return", false},
                                {"is_giftcard", false},
                                {"should_merge", true},
                                {"allow_discounts", true}};
    for (const char* name : {"title", "description", "thumbnail", "is_giftcard", "should_merge", "allow_discounts",
                             "has_shipping", "unit_price", "variant_id", "quantity", "metadata"})
      if (item.has(name)) row.set(name, item[name]);
    rows.push_back(std::move(row));
  }
  return rows;
}

Json told_of(const RowOf<table::Order>& order) {
  return base::JsonObject{{"id", std::string(order.id())}, {"no_notification", notification(std::nullopt, order)}};
}

} // namespace

void update(Call& call, std::string_view order_id, const Json& changes) {
  call.atomic([&] {
    // 1. Load and lock the order.
    const bool new_addresses = changes["shipping_address"].truthy() || changes["billing_address"].truthy();
    const auto tree =
        lock(call, order_id, new_addresses ? std::vector<std::string>{"region.countries"} : std::vector<std::string>{});
    const auto order = *tree.first<table::Order>();
    check(act::update, order);
    if (changes["items"].truthy() && (order.text("fulfillment_status") != "not_fulfilled" ||
                                      order.text("payment_status") != "awaiting" || order.text("status") != "pending"))
      throw Error::not_allowed("Can't update shipping, billing, items and payment method when order is processed");
    // 1.20 means to take it, and says that the column may not be null.
    if (!changes["region"].is_nullish()) throw Error::invalid_data("The region of an order can't be changed");
    // 2. The order's own columns, and its addresses.
    Json columns = Json::object();
    for (const char* name : {"email", "customer_id"})
      if (changes.has(name)) columns.set(name, changes[name]);
    // Quirk: once there are no notifications, there are none ever.
    if (changes["no_notification"].truthy()) columns.set("no_notification", true);
    if (new_addresses) {
      Addresses addresses(call, order);
      for (const char* name : {"shipping_address", "billing_address"})
        if (changes[name].truthy()) addresses.change(std::string(name) + "_id", changes[name]);
      columns = base::spread(std::move(columns), addresses.columns());
      for (auto& write : addresses.writes()) call.write_last(std::move(write));
    }
    if (columns.size()) call.write_last(query::update(schema::get("Order"), order_id, columns));
    // 3. Its discounts and new items.
    if (changes["discounts"].is_array()) {
      std::vector<std::pair<std::string, std::string>> pairs;
      for (const auto& discount : changes["discounts"].as_array())
        pairs.emplace_back(order_id, discount["id"].as_string());
      call.write_last(query::unlink("order_discounts", "order_id", order_id));
      if (!pairs.empty()) call.write_last(query::link("order_discounts", "order_id", "discount_id", pairs));
    }
    if (changes["items"].is_array())
      if (auto rows = new_items(changes["items"], order_id); !rows.empty())
        call.write_last(query::insert(schema::get("LineItem"), rows));
    Json told = told_of(order);
    if (columns.has("no_notification")) told.set("no_notification", true);
    call.emit("order.updated", std::move(told));
  });
}

void complete(Call& call, std::string_view order_id) {
  call.atomic([&] {
    const auto tree = lock(call, order_id, {});
    check(act::complete, *tree.first<table::Order>());
    call.write_last(query::update(schema::get("Order"), order_id, base::JsonObject{{"status", act::complete.becomes}}));
    call.emit("order.completed", told_of(*tree.first<table::Order>()));
  });
}

void archive(Call& call, std::string_view order_id) {
  call.atomic([&] {
    const auto tree = lock(call, order_id, {});
    check(act::archive, *tree.first<table::Order>());
    call.write_last(query::update(schema::get("Order"), order_id, base::JsonObject{{"status", act::archive.becomes}}));
  });
}

void add_shipping_method(Call& call, std::string_view order_id, const ShippingWish& wish) {
  call.atomic([&] {
    // 1. Load and lock the order with its methods; load the option.
    const auto tree = lock(call, order_id, {"shipping_methods.shipping_option"});
    const auto order = *tree.first<table::Order>();
    check(act::add_shipping_method, order);
    const auto options =
        query::read_one(call.db(), call.flags, {.entity = &schema::get("ShippingOption")}, wish.option_id);
    if (!options.first()) throw Error::not_found("Shipping Option with " + wish.option_id + " was not found");
    const auto option = *options.first<table::ShippingOption>();
    // 2. Methods of the same profile go, with their tax lines (1.20 fails where they have some).
    std::vector<std::string> replaced;
    for (const auto& method : order.many<table::ShippingMethod>("shipping_methods"))
      if (const auto old = method.one<table::ShippingOption>("shipping_option");
          old && old->text("profile_id") == option.text("profile_id"))
        replaced.push_back(method.str("id"));
    // 3. The new one, once its provider has looked at the data.
    Json method = base::JsonObject{{"shipping_option_id", wish.option_id},
                                   {"order_id", std::string(order_id)},
                                   {"price", wish.price},
                                   {"data", ports::fulfillment_provider(option.text("provider_id"))
                                                .validate_data(call, option.json("data"), wish.data, Json::object())}};
    if (call.on(schema::Flag::tax_inclusive_pricing)) method.set("includes_tax", option.boolean("includes_tax"));
    if (!replaced.empty()) {
      call.write_last(query::erase_where(schema::get("ShippingMethodTaxLine"), "shipping_method_id", replaced));
      call.write_last(query::erase_where(schema::get("ShippingMethod"), "id", replaced));
    }
    call.write_last(query::insert(schema::get("ShippingMethod"), method));
    call.emit("order.updated", base::JsonObject{{"id", std::string(order_id)}});
  });
}

} // namespace commerce::order
