// What happens when a parcel arrives: the units are back, and the money for them.
#include "base/error.hpp"
#include "commerce/cart/tables.hpp"
#include "commerce/claim/tables.hpp"
#include "commerce/order/locked.hpp"
#include "commerce/order/tables.hpp"
#include "commerce/payment/tables.hpp"
#include "commerce/returns/locked.hpp"
#include "commerce/returns/service.hpp"
#include "commerce/returns/states.hpp"
#include "commerce/returns/tables.hpp"
#include "commerce/stock/modules.hpp"
#include "commerce/stock/unsold.hpp"
#include "commerce/swap/tables.hpp"
#include "query/row_of.hpp"
#include "query/write.hpp"
#include <algorithm>

namespace commerce::returns {

using base::Error;
using base::Json;
using ports::Call;
using query::RowOf;

namespace {

std::vector<Item> return_items_of(const RowOf<table::Return>& row) {
  std::vector<Item> items;
  for (const auto& item : row.many<table::ReturnItem>("items")) {
    auto requested = item.optional_integer("requested_quantity");
    if (!requested && item.boolean("is_requested")) requested = item.integer("quantity");
    items.push_back(
        {item.str("item_id"), item.integer("quantity"), requested, item.optional_integer("received_quantity")});
  }
  return items;
}

const OrderedItem* find(const std::vector<OrderedItem>& items, std::string_view id) {
  const auto found = std::find_if(items.begin(), items.end(), [&](const auto& i) { return i.row.text("id") == id; });
  return found == items.end() ? nullptr : &*found;
}

db::Command write_return_items(std::string_view return_id, const Arrival& arrival,
                               const std::vector<OrderedItem>& items) {
  // What the rows said of reasons and notes stays.
  static const db::Statement statement(
      "INSERT INTO return_item (return_id, item_id, quantity, is_requested, requested_quantity, received_quantity, metadata) "
      "SELECT $1, item_id, quantity, is_requested, requested_quantity, quantity, metadata FROM jsonb_to_recordset($2::jsonb) "
      "AS r(item_id text, quantity int, is_requested boolean, requested_quantity int, metadata jsonb) "
      "ON CONFLICT (return_id, item_id) DO UPDATE SET quantity = excluded.quantity, is_requested = excluded.is_requested, "
      "requested_quantity = excluded.requested_quantity, received_quantity = excluded.received_quantity");
  base::JsonArray rows;
  for (const Item& item : arrival.items) {
    Json metadata = find(items, item.item_id)->row.json("metadata");
    rows.push_back(base::JsonObject{{"item_id", item.item_id},
                                    {"quantity", item.quantity},
                                    {"is_requested", item.requested == item.quantity},
                                    {"requested_quantity", item.requested},
                                    {"metadata", metadata.is_object() ? std::move(metadata) : Json::object()}});
  }
  return {statement, db::Params::of(return_id, Json(std::move(rows)))};
}

// Medusa 1.20: ProductVariantInventoryService.adjustInventory. There, what a swap or a claim sent out never comes back in stock.
void put_in_stock(Call& call, const Arrival& arrival, const std::vector<OrderedItem>& items,
                  const std::optional<std::string>& location_id) {
  std::vector<stock::Moved> moved;
  for (const Part& part : arrival.more) {
    const auto item = find(items, part.item_id)->row;
    if (!item.is_null("variant_id"))
      moved.push_back({part.item_id, item.str("variant_id"), item.str("title"), part.quantity});
  }
  if (moved.empty()) return;
  // Units that come to no place are refused, in 1.20's words: none of the variant's items is stocked at "null".
  if (stock::enabled(call, stock::Module::inventory))
    stock::put_back(call, location_id.value_or("null"), moved);
  else
    stock::undo_sale(call, moved);
}

// A return that has just been received, for what follows from that.
struct Received {
  query::Tree row;       // as it was before
  query::Tree order;     // likewise, but for the units that are back
  bool all_back = false; // of the order's own items
  base::Amount refund = 0;
};

// Medusa 1.20: ReturnService.receive
Received take_in(Call& call, std::string_view return_id, const Receipt& receipt) {
  // 1. Load and lock the return and its order.
  auto tree = lock(call, return_id, {"items", "swap", "claim_order"});
  const auto row = *tree.first<table::Return>();
  check(act::receive, row.text("status"));
  auto orders = order::lock(call, order_of(row),
                            {"items", "payments", "refunds", "swaps.additional_items", "claims.additional_items"});
  const auto order = *orders.first<table::Order>();
  if (row.text("status") == act::receive.becomes)
    throw Error::not_allowed("Return with id " + std::string(return_id) + " has already been received");
  // 2. What has come, compared with what was asked for and with what was bought.
  const auto items = items_of(order);
  for (const Part& part : receipt.items)
    if (!find(items, part.item_id)) refuse_more_than_bought(nullptr, part.quantity);
  const auto before = return_items_of(row);
  const Arrival arrived = arrival(before, receipt.items);
  for (const Item& item : arrived.items) {
    const auto known =
        std::find_if(before.begin(), before.end(), [&](const Item& b) { return b.item_id == item.item_id; });
    refuse_more_than_bought(find(items, item.item_id), item.quantity,
                            known == before.end() ? 0 : known->received.value_or(0));
  }
  const bool waits = !arrived.matches && receipt.mismatch == Mismatch::requires_action;
  // 3. The return and its items.
  const base::Amount refund = receipt.refund ? *receipt.refund : row.integer("refund_amount");
  const auto location_id = receipt.location_id ? receipt.location_id : row.optional_text("location_id");
  call.write_last(query::update(schema::get("Return"), return_id,
                                base::JsonObject{{"status", waits ? "requires_action" : act::receive.becomes},
                                                 {"location_id", location_id},
                                                 {"refund_amount", refund},
                                                 {"received_at", base::iso_time(base::now())}}));
  if (!arrived.items.empty()) call.write_last(write_return_items(return_id, arrived, items));
  // 4. The line items' counts, and the stock.
  base::JsonArray counts;
  const auto back = [&](const RowOf<table::LineItem>& item) {
    auto count = item.optional_integer("returned_quantity").value_or(0);
    for (const Part& part : arrived.more)
      if (item.text("id") == part.item_id) count += part.quantity;
    return count;
  };
  for (const Part& part : arrived.more)
    counts.push_back(
        base::JsonObject{{"id", part.item_id}, {"returned_quantity", back(find(items, part.item_id)->row)}});
  if (!counts.empty()) call.write_last(query::update_each(schema::get("LineItem"), counts));
  put_in_stock(call, arrived, items, location_id);
  const auto own = order.many<table::LineItem>("items");
  const bool all_back = std::all_of(own.begin(), own.end(), [&](const RowOf<table::LineItem>& item) {
    return back(item) == item.integer("quantity");
  });
  return {std::move(tree), std::move(orders), all_back, refund};
}

template<class Table> base::Amount sum_of(const std::vector<RowOf<Table>>& rows) {
  base::Amount sum = 0;
  for (const auto& row : rows) sum += row.integer("amount");
  return sum;
}

template<class Table> Json no_notification_of(const RowOf<Table>& row) {
  return order::notification(std::nullopt, row);
}

// Medusa 1.20: OrderService.registerReturnReceived
void give_back(Call& call, const Received& received, base::Amount refund) {
  const auto row = *received.row.first<table::Return>();
  const auto order = *received.order.first<table::Order>();
  order::check(order::act::take_back, order);
  const Json told = base::JsonObject{
      {"id", order.str("id")}, {"return_id", row.str("id")}, {"no_notification", no_notification_of(row)}};
  const auto payments = order.many<table::Payment>("payments");
  const auto set_status = [&](const char* status) {
    call.write_last(query::update(schema::get("Order"), order.id(), base::JsonObject{{"fulfillment_status", status}}));
  };
  // What was given for it by a request that failed then, is given.
  const auto refunds = order.many<table::Refund>("refunds");
  const std::string purpose = "return " + row.str("id");
  const auto given = payment::given_for(refunds, purpose);
  const auto due = refund - given.amount;
  // More than can be given back: somebody has to look at it.
  if (due > sum_of(payments) - sum_of(refunds)) {
    set_status("requires_action");
    call.emit("order.return_action_required", told);
    return;
  }
  set_status(received.all_back ? "returned" : "partially_returned");
  call.emit("order.items_returned", told);
  payment::take_up(call, given);
  if (due > 0) payment::give_back(call, order.id(), payments, {.amount = due, .reason = "return", .purpose = purpose});
}

// Medusa 1.20: SwapService.registerReceived
void tell_swap(Call& call, const RowOf<table::Swap>& swap) {
  if (!swap.is_null("canceled_at")) throw Error::not_allowed("Canceled swap cannot be registered as received");
  call.emit("swap.received", base::JsonObject{{"id", swap.str("id")},
                                              {"order_id", swap.str("order_id")},
                                              {"no_notification", no_notification_of(swap)}});
}

// What a claim has refunded already is not refunded once more when its goods come (1.20 does).
bool refunded_by_claim(const RowOf<table::Return>& row) {
  const auto claim = row.one<table::ClaimOrder>("claim_order");
  return claim && claim->text("payment_status") == "refunded";
}

} // namespace

void receive(Call& call, std::string_view return_id, const Receipt& receipt) {
  call.atomic([&] { take_in(call, return_id, receipt); });
}

void receive_and_refund(Call& call, std::string_view return_id, const Receipt& receipt) {
  call.atomic([&] {
    const Received received = take_in(call, return_id, receipt);
    const auto row = *received.row.first<table::Return>();
    if (const auto swap = row.one<table::Swap>("swap")) tell_swap(call, *swap);
    if (row.is_null("order_id")) return;
    const bool done = !receipt.refund && refunded_by_claim(row);
    give_back(call, received, done ? 0 : received.refund);
  });
}

} // namespace commerce::returns
