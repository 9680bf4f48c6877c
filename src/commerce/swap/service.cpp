#include "commerce/swap/service.hpp"
#include "base/error.hpp"
#include "commerce/cart/line_items.hpp"
#include "commerce/cart/tables.hpp"
#include "commerce/fulfillment/tables.hpp"
#include "commerce/order/locked.hpp"
#include "commerce/order/tables.hpp"
#include "commerce/payment/payments.hpp"
#include "commerce/payment/tables.hpp"
#include "commerce/returns/tables.hpp"
#include "commerce/stock/unsold.hpp"
#include "commerce/swap/difference.hpp"
#include "commerce/swap/locked.hpp"
#include "commerce/swap/states.hpp"
#include "commerce/swap/tables.hpp"
#include "db/batch.hpp"
#include "db/errors.hpp"
#include "query/row_of.hpp"
#include "query/write.hpp"

namespace commerce::swap {

using base::Error;
using base::Json;
using ports::Call;
using query::RowOf;

namespace {

// --- making one ----------------------------------------------------------------------------------------------------

// Whether one of the line items belongs to what was canceled as a whole.
db::Command canceled_query(const Wish& wish) {
  static const db::Statement statement(
      "SELECT 1 FROM line_item i LEFT JOIN \"order\" o ON o.id = i.order_id LEFT JOIN swap s ON s.id = i.swap_id "
      "LEFT JOIN claim_order c ON c.id = i.claim_order_id WHERE i.id = ANY($1::text[]) AND "
      "coalesce(o.canceled_at, s.canceled_at, c.canceled_at) IS NOT NULL LIMIT 1");
  std::vector<std::string> ids;
  for (const auto& item : wish.return_items) ids.push_back(item.item_id);
  return {statement, db::Params::of(ids)};
}

// Medusa 1.20: LineItemService.generate. What goes out, at today's prices.
// Quirk: prices of the customer's groups don't count, nor does the sales channel.
base::JsonArray additional_rows(Call& call, const RowOf<table::Order>& order, const std::string& swap_id,
                                const std::vector<cart::WantedItem>& wanted, const db::Result& found) {
  const auto variants = cart::variants_of(found, wanted);
  cart::check_may_be_bought(call, wanted, variants);
  std::vector<cart::PriceQuestion> questions;
  for (const auto& item : wanted)
    questions.push_back({item.variant_id, cart::facts_of(variants, item.variant_id).product_id, item.quantity});
  const auto prices = cart::prices_of(call, {.region_id = order.str("region_id"), .customer_id = {}}, questions);
  base::JsonArray rows;
  for (std::size_t i = 0; i < wanted.size(); i++) {
    Json row = cart::make_item(call, "", cart::facts_of(variants, wanted[i].variant_id), wanted[i], prices[i]);
    row.erase("cart_id");
    row.erase("has_shipping");
    row.set("swap_id", swap_id);
    rows.push_back(std::move(row));
  }
  return rows;
}

// --- its money -----------------------------------------------------------------------------------------------------

// By this note a refund is known as the swap's again, also one that was stored after its request had failed.
std::string note_of(std::string_view swap_id) { return "The difference of " + std::string(swap_id); }

base::Amount given_back(const RowOf<table::Order>& order, const std::string& note) {
  base::Amount sum = 0;
  for (const auto& refund : order.many<table::Refund>("refunds"))
    if (refund.text("reason") == "swap" && refund.text("note") == note) sum += refund.integer("amount");
  return sum;
}

// The swap, with what is to be done about its money. Throws for one that is canceled, or that nobody has agreed to.
struct ToSettle {
  query::Tree tree; // its order is locked
  Settling wanted = Settling::nothing;
};
ToSettle to_settle(Call& call, std::string_view order_id, std::string_view swap_id) {
  ToSettle found{lock(call, order_id, swap_id, {"payment", "order.payments", "order.refunds"})};
  const auto swap = *found.tree.first<table::Swap>();
  check(act::process_payment, state_of(swap));
  check(act::settle, state_of(swap));
  found.wanted = settling(swap.optional_integer("difference_due"), swap.text("payment_status"));
  return found;
}

void give_back(Call& call, const RowOf<table::Swap>& swap) {
  const auto order = *swap.one<table::Order>("order");
  const std::string note = note_of(swap.id());
  const base::Amount due = -swap.integer("difference_due") - given_back(order, note);
  if (due > 0)
    payment::give_back(call, order.id(), order.many<table::Payment>("payments"),
                       {.amount = due, .reason = "swap", .note = note});
}

void take(Call& call, const RowOf<table::Swap>& swap) {
  const auto payment = swap.one<table::Payment>("payment");
  if (!payment) throw Error::not_allowed("The swap has no payment");
  payment::Aftermath aftermath; // what it tells of a refusal, the swap's own event tells
  payment::capture(call, aftermath, payment->id());
}

void write_settled(Call& call, const RowOf<table::Swap>& swap, Settling wanted, Success success) {
  const auto after = settled(wanted, success);
  call.write_last(
      query::update(schema::get("Swap"), swap.id(), base::JsonObject{{"payment_status", after.payment_status}}));
  call.emit(std::string(after.event),
            base::JsonObject{{"id", swap.str("id")}, {"no_notification", order::notification(std::nullopt, swap)}});
}

// That a provider refuses is expected. That the database fails, or that somebody else asks just now, is not.
bool is_refusal(const Error& error) {
  return !dynamic_cast<const db::DatabaseError*>(&error) && error.type != base::ErrorType::conflict &&
         error.type != base::ErrorType::unavailable;
}

} // namespace

std::string create(Call& call, const Wish& wish, order::Reads reads) {
  return call.atomic([&] {
    // 1. Load and lock the order. Its goods must be out, and paid for.
    const auto tree = order::lock(call, wish.order_id, relations_for_cart(), reads);
    const auto order = *tree.first<table::Order>();
    check(act::take_paid, order.text("payment_status"));
    check(act::take_fulfilled, order.text("fulfillment_status"));
    std::vector<cart::WantedItem> wanted;
    for (const auto& item : wish.additional_items) wanted.push_back({item.variant_id, item.quantity, {}});
    db::Batch batch;
    const auto canceled = batch.add(canceled_query(wish));
    const auto variants = batch.add(cart::variants_query(call, wanted, "", wish.sales_channel_id));
    batch.run(call.db());
    if (!canceled->empty()) throw Error::invalid_data("Cannot create a swap on a canceled item.");
    // 2. The swap, and what goes out.
    const std::string swap_id = call.same_id("swap", "of " + wish.order_id);
    auto additional = additional_rows(call, order, swap_id, wanted, *variants);
    const Json no_notification = order::notification(wish.no_notification, order);
    Json swap = base::JsonObject{{"id", swap_id},
                                 {"fulfillment_status", "not_fulfilled"},
                                 {"payment_status", "not_paid"},
                                 {"order_id", wish.order_id},
                                 {"no_notification", no_notification},
                                 {"allow_backorder", wish.allow_backorder},
                                 {"idempotency_key", wish.idempotency_key}};
    call.write_last(query::insert(schema::get("Swap"), swap));
    if (!additional.empty()) call.write_last(query::insert(schema::get("LineItem"), additional));
    // 3. What comes back.
    returns::Wish coming_back{.order_id = wish.order_id,
                              .swap_id = swap_id,
                              .items = wish.return_items,
                              .shipping = wish.return_shipping,
                              .location_id = wish.return_location_id};
    if (no_notification.is_bool()) coming_back.no_notification = no_notification.as_bool();
    const auto created = returns::create(call, coming_back);
    call.emit("swap.created", base::JsonObject{{"id", swap_id}, {"no_notification", no_notification}});
    // 4. Its cart. Then whoever carries what comes back learns of it, as the last who may refuse.
    make_cart(call, order, swap_id, created.id, wish.custom_shipping_options, wish.sales_channel_id);
    returns::fulfill(call, created.id);
    return swap_id;
  });
}

void process_payment(Call& call, std::string_view order_id, std::string_view swap_id) {
  // 1. What is still to be done about the money. What a provider has done when this fails is stored by settlements, so that
  //    the next click takes up from there.
  bool asking = false;
  try {
    call.atomic([&] {
      asking = false;
      const auto [tree, wanted] = to_settle(call, order_id, swap_id);
      const auto swap = *tree.first<table::Swap>();
      if (wanted == Settling::nothing) return;
      asking = true;
      if (wanted == Settling::refund) give_back(call, swap);
      if (wanted == Settling::capture) take(call, swap);
      asking = false;
      write_settled(call, swap, wanted, Success::yes);
    });
    return;
  } catch (const Error& error) {
    if (!asking || !is_refusal(error)) throw;
  }
  // 2. It was refused: somebody has to look at it.
  call.atomic([&] {
    const auto [tree, wanted] = to_settle(call, order_id, swap_id);
    if (wanted != Settling::nothing) write_settled(call, *tree.first<table::Swap>(), wanted, Success::no);
  });
}

void cancel(Call& call, std::string_view order_id, std::string_view swap_id) {
  call.atomic([&] {
    // 1. Load and lock the swap with all that may speak against it.
    const auto tree = lock(call, order_id, swap_id, {"payment", "fulfillments", "return_order", "additional_items"});
    const auto swap = *tree.first<table::Swap>();
    if (state_of(swap) == act::cancel.becomes) return;
    check(act::cancel, swap.text("payment_status"));
    for (const auto& fulfillment : swap.many<table::Fulfillment>("fulfillments"))
      if (fulfillment.is_null("canceled_at"))
        throw Error::not_allowed("All fulfillments must be canceled before the swap can be canceled");
    if (const auto coming_back = swap.one<table::Return>("return_order");
        coming_back && coming_back->text("status") != "canceled")
      throw Error::not_allowed("Return must be canceled before the swap can be canceled");
    // 2. What was to go out may be sold again.
    std::vector<stock::Moved> unsold;
    if (state_of(swap) == "confirmed")
      for (const auto& item : swap.many<table::LineItem>("additional_items"))
        if (!item.is_null("variant_id"))
          unsold.push_back({item.str("id"), item.str("variant_id"), item.str("title"), item.integer("quantity")});
    stock::undo_sale(call, unsold);
    // 3. The swap's states, and its payment, whose provider is asked last.
    call.write_last(query::update(schema::get("Swap"), swap_id,
                                  base::JsonObject{{"payment_status", act::cancel.becomes},
                                                   {"fulfillment_status", act::cancel.becomes},
                                                   {"canceled_at", base::iso_time(base::now())}}));
    if (const auto paid = swap.one<table::Payment>("payment")) payment::cancel(call, {*paid});
  });
}

} // namespace commerce::swap
