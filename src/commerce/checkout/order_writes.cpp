// What an attempt writes: the payment steps that stay whatever follows, and the order with all that belongs to it.
#include "base/ids.hpp"
#include "commerce/cart/tables.hpp"
#include "commerce/checkout/attempt.hpp"
#include "commerce/discount/tables.hpp"
#include "commerce/gift_card/gift_card.hpp"
#include "commerce/gift_card/tables.hpp"
#include "commerce/region/tables.hpp"
#include "commerce/shipping/tables.hpp"
#include "commerce/tax/service.hpp"
#include "commerce/values.hpp"
#include "db/batch.hpp"
#include "query/row_of.hpp"
#include "query/write.hpp"

namespace commerce::checkout {

using base::Error;
using base::Json;

// Those of returned items stay: they are of an earlier order.
void Attempt::delete_tax_lines() {
  static const db::Statement statement(
      "WITH of_items AS (DELETE FROM line_item_tax_line t USING line_item i WHERE i.id = t.item_id AND i.cart_id = $1 "
      "AND NOT i.is_return) DELETE FROM shipping_method_tax_line t USING shipping_method m "
      "WHERE m.id = t.shipping_method_id AND m.cart_id = $1");
  const auto items = cart_.many<table::LineItem>("items");
  const auto methods = cart_.many<table::ShippingMethod>("shipping_methods");
  const auto has_lines = [](const auto& owner) { return owner.node().child("tax_lines")->size() > 0; };
  if ((!items.empty() && has_lines(items.front())) || (!methods.empty() && has_lines(methods.front())))
    writes_.add({statement, db::Params::of(id_)});
}

void Attempt::write_tax_lines() {
  delete_tax_lines();
  const auto stored = tax::add_stored_lines(writes_, lines_, call_.flags);
  if (stored.of_items) made_.put("items.tax_lines", stored.of_items);
  if (stored.of_methods) made_.put("shipping_methods.tax_lines", stored.of_methods);
}

// The session, the payment and the cart; with an order's id, the payment belongs to it.
void Attempt::write_payment_steps(const Json& order_id) {
  if (session_.is_object()) writes_.add(query::update_each(schema::get("PaymentSession"), {session_}));
  if (old_payment_.is_object()) writes_.add(query::update_each(schema::get("Payment"), {old_payment_}));
  if (payment_.is_object()) {
    if (order_id.is_string() && totals_.total != 0) payment_.set("order_id", order_id);
    const auto& payment = schema::get("Payment");
    made_.put("payments", writes_.add(payment_is_new_ ? query::insert(payment, payment_, columns("Payment"))
                                                      : query::update_each(payment, {payment_}, columns("Payment"))));
  }
  if (cart_changes_.size() == 0) return;
  writes_.add(query::update(schema::get("Cart"), id_, cart_changes_));
  Json shown = query::row_value(cart_);
  for (const auto& change : cart_changes_.as_object()) shown.set(change.name, change.value);
  call_.emit("cart.updated", std::move(shown));
}

// Medusa 1.20: OrderService.createFromCart, from the row of the order on; and the subscribers of order.placed, whose
// work (discounts counted above, the draft order's end) must not get lost.
Outcome Attempt::write_order() {
  // 1. The order.
  Json order = base::JsonObject{{"payment_status", "awaiting"},
                                {"shipping_address_id", cart_.optional_text("shipping_address_id")},
                                {"billing_address_id", cart_.optional_text("billing_address_id")},
                                {"region_id", cart_.str("region_id")},
                                {"email", cart_.optional_text("email")},
                                {"customer_id", cart_.str("customer_id")},
                                {"cart_id", id_},
                                {"currency_code", cart_.one<table::Region>("region")->str("currency_code")}};
  Json metadata = cart_.json("metadata");
  order.set("metadata", metadata.is_object() ? std::move(metadata) : Json::object());
  if (call_.on(schema::Flag::sales_channels) && !cart_.is_null("sales_channel_id"))
    order.set("sales_channel_id", cart_.str("sales_channel_id"));
  Json no_notification(nullptr);
  if (draft_) {
    if (draft_->empty()) throw Error::not_found("Draft order was not found");
    order.set("draft_order_id", draft_->text(0, 0));
    if (!draft_->is_null(0, 1)) no_notification = draft_->boolean(0, 1);
    order.set("no_notification", no_notification);
  }
  made_.put("", writes_.add(query::insert(schema::get("Order"), order, columns("Order"))));
  const std::string order_id = order["id"].as_string();

  // 2. What belongs to it.
  write_tax_lines();
  cart_changes_.set("completed_at", base::iso_time(base::now()));
  write_payment_steps(order_id);
  const db::Statement items_belong("UPDATE line_item SET order_id = $2, updated_at = now() WHERE cart_id = $1" +
                                   query::returning(columns("LineItem")));
  const db::Statement methods_belong("UPDATE shipping_method SET order_id = $2 WHERE cart_id = $1" +
                                     query::returning(columns("ShippingMethod")));
  made_.put("items", writes_.add({items_belong, db::Params::of(id_, order_id)}));
  made_.put("shipping_methods", writes_.add({methods_belong, db::Params::of(id_, order_id)}));
  const auto link_all = [&](std::string_view table, std::string_view column, const std::vector<std::string>& ids) {
    std::vector<std::pair<std::string, std::string>> pairs;
    for (const auto& id : ids) pairs.emplace_back(order_id, id);
    if (!pairs.empty()) writes_.add(query::link(table, "order_id", column, pairs));
  };
  link_all("order_discounts", "discount_id", ids_of(cart_.many<table::Discount>("discounts")));
  link_all("order_gift_cards", "gift_card_id", ids_of(cart_.many<table::GiftCard>("gift_cards")));
  write_gift_cards(order_id);

  // 3. The draft order that it was.
  if (draft_) {
    static const db::Statement end_draft(
        "UPDATE draft_order SET status = 'completed', completed_at = now(), order_id = $2 WHERE cart_id = $1");
    writes_.add({end_draft, db::Params::of(id_, order_id)});
  }
  call_.emit("order.placed", base::JsonObject{{"id", order_id}, {"no_notification", no_notification}});
  know_rest_of_order();
  return {.has_order = true, .made = order_id};
}

// What the order has from its cart as it is. What this attempt has changed in place is asked for where it is shown.
void Attempt::know_rest_of_order() {
  std::vector<query::Row> adjustments;
  for (const auto& item : cart_.many<table::LineItem>("items"))
    for (const auto& adjustment : item.many<table::LineItemAdjustment>("adjustments"))
      adjustments.push_back(adjustment);
  made_.put("items.adjustments", adjustments);
  made_.put("region", std::vector<query::Row>{*cart_.one<table::Region>("region")});
  if (const auto address = cart_.one<table::Address>("shipping_address"))
    made_.put("shipping_address", std::vector<query::Row>{*address});
  else
    made_.forget("shipping_address");
  made_.forget("items.variant");                                                    // whose stock has changed
  if (!cart_.many<table::Discount>("discounts").empty()) made_.forget("discounts"); // were counted
  if (cart_.many<table::GiftCard>("gift_cards").empty()) return;
  made_.forget("gift_cards");
  made_.forget("gift_card_transactions");
}

query::Returned Attempt::columns(std::string_view entity) const {
  return query::all_columns(schema::get(entity), call_.flags);
}

void Attempt::write_gift_cards(const std::string& order_id) {
  // 1. Those that pay.
  base::JsonArray changes, transactions;
  for (const auto& use : use_up(gift_cards_, base::round_amount(totals_.gift_card_total))) {
    changes.push_back(base::JsonObject{{"id", use.id}, {"balance", use.left}, {"is_disabled", use.left == 0}});
    transactions.push_back(base::JsonObject{{"gift_card_id", use.id},
                                            {"order_id", order_id},
                                            {"amount", use.used},
                                            {"is_taxable", use.tax_rate.value_or(0) != 0},
                                            {"tax_rate", use.tax_rate}});
  }
  if (!changes.empty()) {
    writes_.add(query::update_each(schema::get("GiftCard"), changes));
    writes_.add(query::insert(schema::get("GiftCardTransaction"), transactions));
  }
  // 2. Those that are bought, one for each unit, worth its price without tax.
  const auto region = *cart_.one<table::Region>("region");
  const auto taxable = region.boolean("gift_cards_taxable") ? gift_card::Taxable::yes : gift_card::Taxable::no;
  const auto items = cart_.many<table::LineItem>("items");
  base::JsonArray bought;
  for (std::size_t i = 0; i < items.size(); i++) {
    const auto quantity = items[i].integer("quantity");
    const double subtotal = totals_.items[i].subtotal;
    if (!items[i].boolean("is_giftcard") || subtotal == 0 || quantity == 0) continue;
    double rate = 0;
    for (const auto& line : lines_.of_items)
      if (line.owner == items[i].id()) rate += line.rate;
    const auto value = base::round_amount(subtotal / static_cast<double>(quantity));
    for (std::int64_t unit = 0; unit < quantity; unit++)
      bought.push_back(base::JsonObject{{"id", base::make_id("gift")},
                                        {"code", gift_card::new_code()},
                                        {"region_id", region.str("id")},
                                        {"order_id", order_id},
                                        {"value", value},
                                        {"balance", value},
                                        {"metadata", items[i].json("metadata")},
                                        {"tax_rate", gift_card::tax_rate(rate, region.number("tax_rate"), taxable)}});
  }
  if (bought.empty()) return;
  writes_.add(query::insert(schema::get("GiftCard"), bought));
  for (const auto& card : bought) call_.emit("gift_card.created", base::JsonObject{{"id", card["id"]}});
}

} // namespace commerce::checkout
