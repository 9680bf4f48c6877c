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
#include "commerce/payment/new_collection.hpp"
#include "commerce/payment/tables.hpp"
#include "commerce/stock/modules.hpp"
#include "commerce/stock/reservations.hpp"
#include "commerce/totals/from_rows.hpp"
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

// Says in its columns what has become of an edit now, and tells of it.
void note(Call& call, std::string_view edit_id, Json& columns, std::string_view what, const By& by) {
  const std::string name(what);
  columns.set(name + "_at", base::iso_time(base::now()));
  columns.set(name + "_by", by);
  call.emit("order-edit." + name, base::JsonObject{{"id", edit_id}});
}

void mark(Call& call, std::string_view edit_id, std::string_view what, const By& by, Json columns = Json::object()) {
  note(call, edit_id, columns, what, by);
  call.write_last(query::update(entity(), edit_id, columns));
}

double difference_due(const Call& call, const RowOf<table::OrderEdit>& edit) {
  return sums_of(*edit.one<table::Order>("order"), edit.many<table::LineItem>("items"), totals::inclusive(call.flags),
                 OrderItems::own)
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
  base::JsonArray exchanged;
  std::vector<std::string> going_ids;
  for (const auto& item : edit.one<table::Order>("order")->many<table::LineItem>("items")) {
    if (item.text("order_edit_id") == edit.id()) continue;
    originals.emplace(item.str("id"), item);
    going_ids.push_back(item.str("id"));
    exchanged.push_back(base::JsonObject{{"id", item.str("id")},
                                         {"order_id", nullptr},
                                         {"fulfilled_quantity", item.optional_integer("fulfilled_quantity")},
                                         {"shipped_quantity", item.optional_integer("shipped_quantity")},
                                         {"returned_quantity", item.optional_integer("returned_quantity")}});
  }
  const auto items = edit.many<table::LineItem>("items");
  for (const auto& item : items) {
    const auto original = originals.find(item.text("original_item_id"));
    exchanged.push_back(attached(item, edit.text("order_id"), original == originals.end() ? item : original->second));
  }
  if (items.empty()) throw Error::not_found("Line item with order_edit_id: " + edit.str("id") + " was not found");
  // 2. Nobody waits for the old items any more.
  // Quirk: nothing is reserved for the new ones, also where they are the same; an admin does that.
  if (stock::enabled(call, stock::Module::inventory)) stock::release(call, going_ids);
  // 3. Exchange them.
  call.write_last(query::update_each(schema::get("LineItem"), exchanged));
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

Changed create(Call& call, std::string_view order_id, const std::optional<std::string>& internal_note, const By& by) {
  return call.atomic([&] {
    // 1. Load and lock the order; only one edit of it may be open.
    auto selection = order_selection();
    selection.child("items")->order_by = kOldestFirst;
    selection.children.push_back(
        {.relation = "edits",
         .selection = query::select({"id"}, {}),
         .where = "t.confirmed_at IS NULL AND t.canceled_at IS NULL AND t.declined_at IS NULL"});
    auto orders = query::read_one(
        call.db(), call.flags, {.entity = &schema::get("Order"), .selection = std::move(selection), .for_update = true},
        order_id);
    const auto order = orders.first<table::Order>();
    if (!order) throw Error::not_found("Order with order_id " + std::string(order_id) + " does not exist.");
    if (!order->many<table::OrderEdit>("edits").empty())
      throw Error::invalid_data("An active order edit already exists for the order " + std::string(order_id));
    // 2. The edit, with copies of the order's items.
    Json edit = base::JsonObject{{"order_id", order_id}, {"internal_note", internal_note}, {"created_by", by}};
    call.write_last(query::insert(entity(), edit));
    Changed changed{.edit_id = edit["id"].as_string(),
                    .tree = std::move(orders),
                    .order = order,
                    .empty = {"changes", "payment_collection"}};
    Copies copies;
    for (const auto& item : order->many<table::LineItem>("items")) copies.add(item, changed.edit_id);
    copies.write(call);
    if (copies.tax_lines.empty()) changed.empty.emplace_back("items.tax_lines");
    if (copies.adjustments.empty()) changed.empty.emplace_back("items.adjustments");
    call.emit("order-edit.created", base::JsonObject{{"id", changed.edit_id}});
    return changed;
  });
}

Changed request(Call& call, std::string_view edit_id, const std::optional<std::string>& description, const By& by) {
  return call.atomic([&] {
    // 1. Load and lock the edit; it must change something.
    auto locked = lock(call, edit_id, {.lines = true, .changes = true, .collection = true, .order = true});
    const auto edit = locked.edit();
    const auto order = locked.order();
    if (edit.many<table::OrderItemChange>("changes").empty())
      throw Error::invalid_data("Cannot request a confirmation on an edit with no changes");
    check(act::request, order::edit_status(edit));
    // 2. It waits for who has ordered now.
    Json columns = Json::object();
    if (edit.is_null("requested_at")) note(call, edit_id, columns, act::request.becomes, by);
    // 3. What is to be paid besides.
    const auto due = base::round_amount(difference_due(call, edit));
    const auto collection = edit.one<table::PaymentCollection>("payment_collection");
    const bool is_asked_for =
        collection && collection->text("status") != "canceled" && collection->integer("amount") == due;
    if (due > 0 && !is_asked_for) {
      columns.set("payment_collection_id",
                  payment::create_collection(call, {.amount = due,
                                                    .currency_code = order.str("currency_code"),
                                                    .region_id = order.str("region_id"),
                                                    .description = description,
                                                    .created_by = by}));
      call.emit("order-edit.updated", base::JsonObject{{"id", edit_id}});
    }
    if (columns.size()) call.write_last(query::update(entity(), edit_id, columns));
    Changed changed = in_hand(std::move(locked));
    if (due <= 0 && !collection) changed.empty.emplace_back("payment_collection");
    return changed;
  });
}

Changed cancel(Call& call, std::string_view edit_id, const By& by) {
  return call.atomic([&] {
    const auto locked = lock(call, edit_id, {});
    const auto status = order::edit_status(locked.edit());
    check(act::cancel, status);
    if (status != act::cancel.becomes) mark(call, edit_id, act::cancel.becomes, by);
    return Changed{.edit_id = std::string(edit_id)};
  });
}

Changed decline(Call& call, std::string_view edit_id, const std::optional<std::string>& reason, const By& by) {
  return call.atomic([&] {
    const auto locked = lock(call, edit_id, {});
    const auto status = order::edit_status(locked.edit());
    check(act::decline, status);
    if (status != act::decline.becomes)
      mark(call, edit_id, act::decline.becomes, by, base::JsonObject{{"declined_reason", reason}});
    return Changed{.edit_id = std::string(edit_id)};
  });
}

Changed confirm(Call& call, std::string_view edit_id, const By& by) {
  return call.atomic([&] {
    auto locked = lock(call, edit_id, {.items = true, .order = true, .order_items_alone = true});
    const auto status = order::edit_status(locked.edit());
    check(act::confirm, status);
    // Another edit's items may have taken the place of these since.
    if (status == act::confirm.becomes) return Changed{.edit_id = std::string(edit_id)};
    replace_items(call, locked.edit(), by);
    Changed changed = in_hand(std::move(locked));
    changed.order_items = OrderItems::of_edit;
    return changed;
  });
}

Changed complete(Call& call, std::string_view edit_id, const By& by) {
  return call.atomic([&] {
    // 1. Load and lock the edit.
    auto locked = lock(call, edit_id, {.lines = true, .payments = true, .order = true});
    const auto edit = locked.edit();
    const auto status = order::edit_status(edit);
    check(act::complete, status);
    // 2. What is due must be authorized; it is the order's from now on.
    const bool requested = status == "requested";
    const auto collection = edit.one<table::PaymentCollection>("payment_collection");
    const double due = requested ? difference_due(call, edit) : 0;
    const bool authorized = collection && collection->text("status") == "authorized";
    const double paid = authorized ? collection->number("amount") : 0;
    if ((collection && !authorized) || due > paid)
      throw Error::not_allowed("Unable to complete an order edit if the payment is not authorized");
    if (collection) attach_payments(call, edit);
    // 3. Confirm it.
    if (requested) replace_items(call, edit, by);
    Changed changed = in_hand(std::move(locked));
    if (requested) changed.order_items = OrderItems::of_edit;
    return changed;
  });
}

} // namespace commerce::order_edit
