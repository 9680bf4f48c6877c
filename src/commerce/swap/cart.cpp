#include "commerce/swap/cart.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
#include "commerce/cart/channels.hpp"
#include "commerce/cart/discounts.hpp"
#include "commerce/cart/tables.hpp"
#include "commerce/customer/tables.hpp"
#include "commerce/discount/tables.hpp"
#include "commerce/order/tables.hpp"
#include "commerce/region/tables.hpp"
#include "commerce/returns/tables.hpp"
#include "commerce/shipping/tables.hpp"
#include "commerce/swap/difference.hpp"
#include "commerce/totals/from_rows.hpp"
#include "query/row_of.hpp"
#include "query/write.hpp"
#include <algorithm>

namespace commerce::swap {

using base::Error;
using base::Json;
using ports::Call;
using query::RowOf;

namespace {

bool is_free_shipping(const RowOf<table::Discount>& discount) {
  const auto rule = discount.one<table::DiscountRule>("rule");
  return rule && rule->text("type") == "free_shipping";
}

// An order may have been moved to a region that does not have its address.
void refuse_other_countries(const RowOf<table::Order>& order, const RowOf<table::Region>& region) {
  const auto countries = region.many<table::Country>("countries");
  const auto refuse = [&](const std::optional<RowOf<table::Address>>& address, const char* sentence) {
    if (!address || address->is_null("country_code")) return;
    if (std::none_of(countries.begin(), countries.end(), [&](const RowOf<table::Country>& country) {
          return country.text("iso_2") == address->text("country_code");
        }))
      throw Error::not_allowed(sentence);
  };
  refuse(order.one<table::Address>("shipping_address"), "Shipping country not in region");
  refuse(order.one<table::Address>("billing_address"), "Billing country not in region");
}

// Medusa 1.20: CartService.create. Addresses stay the order's rows: a cart copies them before it changes one.
std::string write_cart(Call& call, const RowOf<table::Order>& order, const std::string& swap_id,
                       const std::optional<std::string>& sales_channel_id) {
  const auto region = order.one<table::Region>("region");
  if (!region) throw Error::not_found("Region with " + order.str("region_id") + " was not found");
  refuse_other_countries(order, *region);
  const auto customer = order.one<table::Customer>("customer");
  Json cart =
      base::JsonObject{{"id", base::make_id("cart")},
                       {"type", "swap"},
                       {"region_id", region->str("id")},
                       {"customer_id", order.optional_text("customer_id")},
                       {"email", customer ? customer->optional_text("email") : order.optional_text("email")},
                       {"billing_address_id", order.optional_text("billing_address_id")},
                       {"shipping_address_id", order.optional_text("shipping_address_id")},
                       {"context", Json::object()},
                       {"metadata", base::JsonObject{{"swap_id", swap_id}, {"parent_order_id", order.str("id")}}}};
  if (call.on(schema::Flag::sales_channels)) {
    const auto wanted = sales_channel_id ? sales_channel_id : order.optional_text("sales_channel_id");
    cart.set("sales_channel_id", cart::channel_of(call.db().run(cart::channel_query(wanted)), wanted));
  }
  if (const auto countries = region->many<table::Country>("countries");
      order.is_null("shipping_address_id") && countries.size() == 1) {
    Json address = base::JsonObject{{"country_code", countries.front().str("iso_2")}};
    call.write_last(query::insert(schema::get("Address"), address));
    cart.set("shipping_address_id", address["id"]);
  }
  call.write_last(query::insert(schema::get("Cart"), cart));
  return cart["id"].as_string();
}

// Everything else about an additional item is known since the swap was made.
void bring_additional_items(Call& call, const std::string& swap_id, const std::string& cart_id) {
  static const db::Statement statement("UPDATE line_item SET cart_id = $2, updated_at = now() WHERE swap_id = $1");
  call.write_last({statement, db::Params::of(swap_id, cart_id)});
  cart::State state = cart::State::lock(call, cart_id, {.items = true, .discounts = true});
  cart::refresh_adjustments(state);
  for (auto& write : state.writes()) call.write_last(std::move(write));
}

// Lines that are to be written with what hangs on them.
struct Lines {
  base::JsonArray items{}, tax_lines{}, adjustments{};

  template<class Table> void add(Json item, const std::vector<RowOf<Table>>& lines_of_tax) {
    item.set("id", base::make_id("item"));
    for (const auto& line : lines_of_tax)
      tax_lines.push_back(base::JsonObject{{"item_id", item["id"]},
                                           {"rate", line.number("rate")},
                                           {"name", line.str("name")},
                                           {"code", line.optional_text("code")},
                                           {"metadata", line.json("metadata")}});
    items.push_back(std::move(item));
  }
  void write(Call& call) {
    if (!items.empty()) call.write_last(query::insert(schema::get("LineItem"), items));
    if (!tax_lines.empty()) call.write_last(query::insert(schema::get("LineItemTaxLine"), tax_lines));
    if (!adjustments.empty()) call.write_last(query::insert(schema::get("LineItemAdjustment"), adjustments));
  }
};

Json row_of(const totals::Item& line, const std::string& cart_id, std::string title) {
  return base::JsonObject{{"cart_id", cart_id},
                          {"title", std::move(title)},
                          {"is_return", line.is_return},
                          {"is_giftcard", false},
                          {"should_merge", true},
                          {"allow_discounts", line.allow_discounts},
                          {"unit_price", static_cast<std::int64_t>(line.unit_price)},
                          {"quantity", static_cast<std::int64_t>(line.quantity)}};
}

// What comes back, and what that costs.
void bring_return(Call& call, const std::string& return_id, const std::string& cart_id) {
  const auto tree = query::read_one(
      call.db(), call.flags,
      {.entity = &schema::get("Return"),
       .selection = query::select({}, {"items.item.tax_lines", "items.item.adjustments", "shipping_method.tax_lines"})},
      return_id);
  const auto coming_back = *tree.first<table::Return>();
  Lines lines;
  if (const auto method = coming_back.one<table::ShippingMethod>("shipping_method")) {
    Json item = row_of(return_shipping_line(method->number("price"), {}), cart_id, "Return shipping");
    item.set("has_shipping", true);
    lines.add(std::move(item), method->many<table::ShippingMethodTaxLine>("tax_lines"));
  }
  const bool inclusive = call.on(schema::Flag::tax_inclusive_pricing);
  for (const auto& part : coming_back.many<table::ReturnItem>("items")) {
    const auto bought = part.one<table::LineItem>("item");
    if (!bought) continue;
    const auto line = returned_line(totals::item_of(*bought, tax::Inclusive::off), part.number("quantity"));
    Json item = row_of(line, cart_id, bought->str("title"));
    item.set("thumbnail", Json(bought->optional_text("thumbnail")));
    item.set("variant_id", Json(bought->optional_text("variant_id")));
    item.set("metadata", bought->json("metadata"));
    if (inclusive) item.set("includes_tax", bought->boolean("includes_tax"));
    lines.add(std::move(item), bought->many<table::LineItemTaxLine>("tax_lines"));
    const auto adjustments = bought->many<table::LineItemAdjustment>("adjustments");
    for (std::size_t i = 0; i < adjustments.size(); i++)
      lines.adjustments.push_back(base::JsonObject{{"item_id", lines.items.back()["id"]},
                                                   {"description", adjustments[i].str("description")},
                                                   {"discount_id", line.adjustments[i].discount_id},
                                                   {"amount", line.adjustments[i].amount},
                                                   {"metadata", adjustments[i].json("metadata")}});
  }
  if (inclusive)
    for (auto& item : lines.items)
      if (!item.has("includes_tax")) item.set("includes_tax", false);
  lines.write(call);
}

} // namespace

std::vector<std::string> relations_for_cart() {
  return {"customer", "region.countries", "shipping_address", "billing_address", "discounts.rule"};
}

std::string make_cart(Call& call, const RowOf<table::Order>& order, const std::string& swap_id,
                      const std::string& return_id, const std::vector<CustomShipping>& custom_shipping_options,
                      const std::optional<std::string>& sales_channel_id) {
  // 1. The cart, with the order's discounts on items.
  const std::string cart_id = write_cart(call, order, swap_id, sales_channel_id);
  std::vector<std::pair<std::string, std::string>> discounts;
  for (const auto& discount : order.many<table::Discount>("discounts"))
    if (!is_free_shipping(discount)) discounts.emplace_back(cart_id, discount.str("id"));
  if (!discounts.empty()) call.write_last(query::link("cart_discounts", "cart_id", "discount_id", discounts));
  call.emit("cart.created", base::JsonObject{{"id", cart_id}});
  // 2. Prices that were agreed on for its shipping.
  base::JsonArray options;
  for (const auto& [option_id, price] : custom_shipping_options)
    options.push_back(base::JsonObject{{"cart_id", cart_id}, {"shipping_option_id", option_id}, {"price", price}});
  if (!options.empty()) call.write_last(query::insert(schema::get("CustomShippingOption"), options));
  // 3. What goes out, with what the discounts take from it; then what comes back.
  bring_additional_items(call, swap_id, cart_id);
  bring_return(call, return_id, cart_id);
  call.write_last(query::update(schema::get("Swap"), swap_id, base::JsonObject{{"cart_id", cart_id}}));
  return cart_id;
}

} // namespace commerce::swap
