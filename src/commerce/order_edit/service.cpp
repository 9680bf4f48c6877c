#include "commerce/order_edit/service.hpp"
#include "base/error.hpp"
#include "base/strings.hpp"
#include "commerce/cart/tables.hpp"
#include "commerce/order/edit_status.hpp"
#include "commerce/order/tables.hpp"
#include "commerce/order_edit/lines.hpp"
#include "commerce/order_edit/locked.hpp"
#include "commerce/order_edit/states.hpp"
#include "commerce/order_edit/tables.hpp"
#include "commerce/order_edit/view.hpp"
#include "commerce/payment/new_collection.hpp"
#include "commerce/payment/tables.hpp"
#include "commerce/stock/modules.hpp"
#include "commerce/stock/reservations.hpp"
#include "commerce/totals/from_rows.hpp"
#include "db/batch.hpp"
#include "query/row_of.hpp"
#include "query/write.hpp"

namespace commerce::order_edit {

using base::Error;
using base::Json;
using ports::Call;
using query::RowOf;

namespace {

const schema::Entity& entity() {
  static const schema::Entity& found = schema::get("OrderEdit");
  return found;
}

// Writes what has become of an edit now, and tells of it.
void mark(Call& call, std::string_view edit_id, std::string_view what, const By& by, Json columns = Json::object()) {
  const std::string name(what);
  columns.set(name + "_at", base::iso_time(base::now()));
  columns.set(name + "_by", by);
  call.write_last(query::update(entity(), edit_id, columns));
  call.emit("order-edit." + name, base::JsonObject{{"id", edit_id}});
}

double difference_due(const Call& call, const RowOf<table::OrderEdit>& edit) {
  return sums_of(*edit.one<table::Order>("order"), edit.many<table::LineItem>("items"), totals::inclusive(call.flags))
      .difference_due;
}

// An item that is the order's from now on, with the units that have been counted by now: of the item whose place it takes, else
// its own.
Json attached(const RowOf<table::LineItem>& item, std::string_view order_id, const RowOf<table::LineItem>& counted) {
  Json row = base::JsonObject{{"id", item.str("id")}, {"order_id", order_id}};
  const auto count = [&](const char* column, const std::optional<std::int64_t>& units) {
    if (units && *units > item.integer("quantity"))
      throw Error::not_allowed("Cannot confirm an order edit that leaves less of line item " + counted.str("id") +
                               " than was fulfilled or returned");
    row.set(column, units);
  };
  count("fulfilled_quantity", counted.optional_integer("fulfilled_quantity"));
  count("shipped_quantity", counted.optional_integer("shipped_quantity"));
  count("returned_quantity", counted.optional_integer("returned_quantity"));
  return row;
}

// `edit`: with its items and its order, which has not been confirmed.
void replace_items(Call& call, const RowOf<table::OrderEdit>& edit, const By& by) {
  // 1. What the order has now, and what takes its place.
  base::StringMap<RowOf<table::LineItem>> originals;
  base::JsonArray coming, going;
  std::vector<std::string> going_ids;
  for (const auto& item : edit.one<table::Order>("order")->many<table::LineItem>("items")) {
    if (item.text("order_edit_id") == edit.id()) continue;
    originals.emplace(item.str("id"), item);
    going_ids.push_back(item.str("id"));
    going.push_back(base::JsonObject{{"id", item.str("id")}, {"order_id", nullptr}});
  }
  for (const auto& item : edit.many<table::LineItem>("items")) {
    const auto original = originals.find(item.text("original_item_id"));
    coming.push_back(attached(item, edit.text("order_id"), original == originals.end() ? item : original->second));
  }
  if (coming.empty()) throw Error::not_found("Line item with order_edit_id: " + edit.str("id") + " was not found");
  // 2. Nobody waits for the old items any more.
  // Quirk: nothing is reserved for the new ones, also where they are the same; an admin does that.
  if (stock::enabled(call, stock::Module::inventory)) stock::release(call, going_ids);
  // 3. Exchange them.
  const auto& items = schema::get("LineItem");
  if (!going.empty()) call.write_last(query::update_each(items, going));
  call.write_last(query::update_each(items, coming));
  mark(call, edit.id(), act::confirm.becomes, by);
}

// Medusa 1.20: PaymentProviderService.updatePayment; what was paid for the edit pays for its order.
void attach_payments(Call& call, const RowOf<table::OrderEdit>& edit) {
  base::JsonArray moved;
  for (const auto& payment :
       edit.one<table::PaymentCollection>("payment_collection")->many<table::Payment>("payments")) {
    if (payment.text("order_id") == edit.text("order_id")) continue;
    moved.push_back(base::JsonObject{{"id", payment.str("id")}, {"order_id", edit.str("order_id")}});
    Json told = query::row_value(payment);
    told.set("order_id", edit.str("order_id"));
    call.emit("payment.updated", std::move(told));
  }
  if (!moved.empty()) call.write_last(query::update_each(schema::get("Payment"), moved));
}

} // namespace

std::string create(Call& call, std::string_view order_id, const std::optional<std::string>& internal_note,
                   const By& by) {
  return call.atomic([&] {
    // 1. Load and lock the order; only one edit of it may be open.
    static const db::Statement lock_order("SELECT 1 FROM \"order\" WHERE id = $1 FOR UPDATE"),
        open("SELECT 1 FROM order_edit WHERE order_id = $1 AND confirmed_at IS NULL AND canceled_at IS NULL AND "
             "declined_at IS NULL");
    query::Selection selection;
    selection.children.push_back(
        {.relation = "items", .selection = item_selection(), .order_by = "t.created_at ASC, t.id ASC"});
    db::Batch before;
    before.add({lock_order, db::Params::of(order_id)});
    const auto other = before.add({open, db::Params::of(order_id)});
    const auto orders = query::read_one(
        call.db(), call.flags, {.entity = &schema::get("Order"), .selection = std::move(selection)}, order_id, before);
    if (!orders.first()) throw Error::not_found("Order with order_id " + std::string(order_id) + " does not exist.");
    if (!other->empty())
      throw Error::invalid_data("An active order edit already exists for the order " + std::string(order_id));
    // 2. The edit, with copies of the order's items.
    Json edit = base::JsonObject{{"order_id", order_id}, {"internal_note", internal_note}, {"created_by", by}};
    call.write_last(query::insert(entity(), edit));
    const std::string id = edit["id"].as_string();
    Copies copies;
    for (const auto& item : orders.first<table::Order>()->many<table::LineItem>("items")) copies.add(item, id);
    copies.write(call);
    call.emit("order-edit.created", base::JsonObject{{"id", id}});
    return id;
  });
}

void request(Call& call, std::string_view edit_id, const std::optional<std::string>& description, const By& by) {
  call.atomic([&] {
    // 1. Load and lock the edit; it must change something.
    const auto locked = lock(call, edit_id, {.items = true, .changes = true, .collection = true, .totals = true});
    const auto edit = locked.edit();
    if (edit.many<table::OrderItemChange>("changes").empty())
      throw Error::invalid_data("Cannot request a confirmation on an edit with no changes");
    const auto status = order::edit_status(edit);
    check(act::request, status);
    // 2. It waits for who has ordered now.
    if (edit.is_null("requested_at")) mark(call, edit_id, act::request.becomes, by);
    // 3. What is to be paid besides.
    const auto due = base::round_amount(difference_due(call, edit));
    if (due <= 0) return;
    const auto collection = edit.one<table::PaymentCollection>("payment_collection");
    if (collection && collection->text("status") != "canceled" && collection->integer("amount") == due) return;
    const auto order = *edit.one<table::Order>("order");
    const auto id = payment::create_collection(call, {.amount = due,
                                                      .currency_code = order.str("currency_code"),
                                                      .region_id = order.str("region_id"),
                                                      .description = description,
                                                      .created_by = by});
    call.write_last(query::update(entity(), edit_id, base::JsonObject{{"payment_collection_id", id}}));
    call.emit("order-edit.updated", base::JsonObject{{"id", edit_id}});
  });
}

void cancel(Call& call, std::string_view edit_id, const By& by) {
  call.atomic([&] {
    const auto locked = lock(call, edit_id, {});
    const auto status = order::edit_status(locked.edit());
    check(act::cancel, status);
    if (status != act::cancel.becomes) mark(call, edit_id, act::cancel.becomes, by);
  });
}

void decline(Call& call, std::string_view edit_id, const std::optional<std::string>& reason, const By& by) {
  call.atomic([&] {
    const auto locked = lock(call, edit_id, {});
    const auto status = order::edit_status(locked.edit());
    check(act::decline, status);
    if (status != act::decline.becomes)
      mark(call, edit_id, act::decline.becomes, by, base::JsonObject{{"declined_reason", reason}});
  });
}

void confirm(Call& call, std::string_view edit_id, const By& by) {
  call.atomic([&] {
    const auto locked = lock(call, edit_id, {.items = true, .order_items = true});
    const auto status = order::edit_status(locked.edit());
    check(act::confirm, status);
    if (status != act::confirm.becomes) replace_items(call, locked.edit(), by);
  });
}

void complete(Call& call, std::string_view edit_id, const By& by) {
  call.atomic([&] {
    // 1. Load and lock the edit.
    const auto locked = lock(call, edit_id, {.items = true, .collection = true, .totals = true});
    const auto edit = locked.edit();
    const auto status = order::edit_status(edit);
    check(act::complete, status);
    // 2. What is due must be authorized; it is the order's from now on.
    const auto collection = edit.one<table::PaymentCollection>("payment_collection");
    const double due = status == "requested" ? difference_due(call, edit) : 0;
    const bool authorized = collection && collection->text("status") == "authorized";
    const double paid = authorized ? collection->number("amount") : 0;
    if ((collection && !authorized) || due > paid)
      throw Error::not_allowed("Unable to complete an order edit if the payment is not authorized");
    if (collection) attach_payments(call, edit);
    // 3. Confirm it.
    if (status == "requested") replace_items(call, edit, by);
  });
}

} // namespace commerce::order_edit
