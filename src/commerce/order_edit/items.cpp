#include "commerce/order_edit/items.hpp"
#include "base/error.hpp"
#include "commerce/cart/line_items.hpp"
#include "commerce/cart/tables.hpp"
#include "commerce/customer/tables.hpp"
#include "commerce/order/edit_status.hpp"
#include "commerce/order/tables.hpp"
#include "commerce/order_edit/lines.hpp"
#include "commerce/order_edit/locked.hpp"
#include "commerce/order_edit/states.hpp"
#include "commerce/order_edit/tables.hpp"
#include "commerce/region/tables.hpp"
#include "commerce/tax/service.hpp"
#include "commerce/totals/from_rows.hpp"
#include "query/row_of.hpp"
#include "query/write.hpp"
#include <algorithm>

namespace commerce::order_edit {

using base::Error;
using base::Json;
using ports::Call;
using query::RowOf;

namespace {

constexpr Needs kToChange{.lines = true, .variants = true, .changes = true, .order = true};

const schema::Entity& items_entity() {
  static const schema::Entity& entity = schema::get("LineItem");
  return entity;
}

template<class Table>
std::optional<RowOf<Table>> find_by_id(const std::vector<RowOf<Table>>& rows, std::string_view id) {
  const auto at = std::find_if(rows.begin(), rows.end(), [&](const auto& row) { return row.id() == id; });
  return at == rows.end() ? std::nullopt : std::optional(*at);
}

// What has been changed of an item of the edit.
std::optional<RowOf<table::OrderItemChange>> change_of(const RowOf<table::OrderEdit>& edit, std::string_view item_id) {
  for (const auto& change : edit.many<table::OrderItemChange>("changes"))
    if (change.text("line_item_id") == item_id) return change;
  return std::nullopt;
}

std::vector<Line> lines_of(const RowOf<table::OrderEdit>& edit, tax::Inclusive inclusive) {
  std::vector<Line> lines;
  for (const auto& item : edit.many<table::LineItem>("items")) lines.push_back(line_of(item, inclusive));
  return lines;
}

// Medusa 1.20: OrderEditItemChangeService.create; to be called behind the writes of what the change names.
void note_change(Call& call, std::string_view edit_id, std::string_view type, const Json& original, const Json& item) {
  Json change = base::JsonObject{
      {"type", type}, {"order_edit_id", edit_id}, {"original_line_item_id", original}, {"line_item_id", item}};
  call.write_last(query::insert(schema::get("OrderItemChange"), change));
  call.emit("order-edit-item-change.CREATED", base::JsonObject{{"id", change["id"]}});
}

// Medusa 1.20: OrderEditItemChangeService.delete; ahead of the removal of an item that the change names.
void forget_change(Call& call, const RowOf<table::OrderItemChange>& change) {
  call.write_last(query::erase_where(schema::get("OrderItemChange"), "id", {change.str("id")}));
  call.emit("order-edit-item-change.DELETED", base::JsonObject{{"ids", base::JsonArray{change.str("id")}}});
}

// Tax lines and adjustments go with it.
void erase_item(Call& call, std::vector<Line>& lines, std::string_view item_id) {
  call.write_last(query::erase_where(items_entity(), "id", {std::string(item_id)}));
  std::erase_if(lines, [&](const Line& line) { return line.item.id == item_id; });
}

void refuse_ended(const RowOf<table::OrderEdit>& edit) {
  if (!is_active(edit))
    throw Error::not_allowed("Can not update an item on the order edit " + edit.str("id") + " with the status " +
                             std::string(order::edit_status(edit)));
}

Error belongs_elsewhere(const RowOf<table::OrderEdit>& edit, std::string_view item_id) {
  return Error::invalid_data("Invalid line item id " + std::string(item_id) +
                             " it does not belong to the same order edit " + edit.str("order_id") + ".");
}

// Whether there is such a line item at all, wherever it belongs.
db::Command exists(std::string_view item_id) {
  static const db::Statement statement("SELECT 1 FROM line_item WHERE id = $1");
  return {statement, db::Params::of(item_id)};
}

// Medusa 1.20: TaxProviderService.createTaxLines for one item, which is among the writes by now. Only a plugin's provider looks at
// the whole row, and at who buys.
void add_tax_lines(Call& call, const RowOf<table::Order>& order, const std::string& item_id,
                   const std::string& product_id) {
  const auto region = *order.one<table::Region>("region");
  const auto rates = tax::rates_for(call, region, {product_id}, {});
  tax::Lines lines;
  if (region.text("tax_provider_id").empty()) {
    lines = tax::system_lines({{item_id, product_id}}, {}, rates);
  } else {
    const auto item = query::read_one(
        call.db(), call.flags, {.entity = &items_entity(), .selection = query::select({}, {"variant"})}, item_id);
    const auto buyer = query::read_one(
        call.db(), call.flags,
        {.entity = &schema::get("Order"), .selection = query::select({"id"}, {"shipping_address", "customer"})},
        order.id());
    const auto of_buyer = *buyer.first<table::Order>();
    const tax::Context context{region, of_buyer.one<table::Address>("shipping_address"),
                               of_buyer.one<table::Customer>("customer")};
    lines = tax::provider_lines(call, context, item.rows<table::LineItem>(), {}, rates);
  }
  for (auto& write : tax::store_lines(lines)) call.write_last(std::move(write));
}

} // namespace

Changed add_item(Call& call, std::string_view edit_id, const ItemWish& wish) {
  return call.atomic([&] {
    // 1. Load and lock the edit and its order.
    const std::vector<cart::WantedItem> wanted{{wish.variant_id, wish.quantity, wish.metadata}};
    auto locked = lock(call, edit_id, {.lines = true, .variants = true, .order = true},
                       cart::variants_query(call, wanted, "", std::nullopt));
    const auto edit = locked.edit();
    const auto order = locked.order();
    check(act::add_item, order::edit_status(edit));
    // 2. The line item, priced for who has ordered.
    if (wish.quantity == 0)
      throw Error::invalid_data("Unable to generate the line item because one or more required argument(s) are "
                                "missing. Ensure quantity, regionId, and variantId are passed");
    const auto variant = cart::variants_of(*locked.other, wanted).front();
    const cart::Buyer buyer{order.str("region_id"), order.optional_text("customer_id")};
    const auto price = cart::prices_of(call, buyer, {{variant.id, variant.product_id, wish.quantity}}).front();
    Json item = cart::make_item(call, "", variant, wanted.front(), price);
    item.erase("has_shipping");
    item.set("cart_id", nullptr);
    item.set("order_edit_id", edit_id);
    call.write_last(query::insert(items_entity(), item));
    const std::string id = item["id"].as_string();
    // 3. Discounts apply to what there is now.
    // Quirk: of a price that includes taxes they see the new item's before its tax lines are there.
    const auto inclusive = totals::inclusive(call.flags);
    auto lines = lines_of(edit, inclusive);
    totals::Item added{.id = id,
                       .unit_price = item["unit_price"].as_number(),
                       .quantity = static_cast<double>(wish.quantity),
                       .includes_tax = item["includes_tax"].truthy(),
                       .allow_discounts = variant.discountable,
                       .tax_lines = std::vector<tax::Line>{}};
    lines.push_back({std::move(added), variant.product_id});
    refresh_adjustments(call, order, lines, Handmade::dropped);
    // 4. Note the change, and tax the item.
    note_change(call, edit_id, "item_add", nullptr, id);
    add_tax_lines(call, order, id, variant.product_id);
    return in_hand(std::move(locked));
  });
}

Changed update_item(Call& call, std::string_view edit_id, std::string_view item_id, std::int64_t quantity) {
  return call.atomic([&] {
    // 1. Load and lock the edit; the item must be one of its own.
    auto locked = lock(call, edit_id, kToChange, exists(item_id));
    const auto edit = locked.edit();
    refuse_ended(edit);
    if (locked.other->empty()) throw Error::not_found("Line item with " + std::string(item_id) + " was not found");
    const auto item = find_by_id(edit.many<table::LineItem>("items"), item_id);
    if (!item) throw belongs_elsewhere(edit, item_id);
    // 2. What has happened to units of it can't be undone here. 1.20 answers 500.
    const auto least =
        std::max({std::int64_t{1}, item->integer("fulfilled_quantity"), item->integer("returned_quantity")});
    if (quantity < least) throw Error::invalid_data("quantity must not be less than " + std::to_string(least));
    // 3. Note the change, once for an item.
    if (!change_of(edit, item_id))
      note_change(call, edit_id, "item_update", item->optional_text("original_item_id"), item_id);
    // 4. The quantity, and what discounts take from it.
    call.write_last(query::update(items_entity(), item_id, base::JsonObject{{"quantity", quantity}}));
    auto lines = lines_of(edit, totals::inclusive(call.flags));
    for (auto& line : lines)
      if (line.item.id == item_id) line.item.quantity = static_cast<double>(quantity);
    refresh_adjustments(call, locked.order(), lines, Handmade::kept);
    return in_hand(std::move(locked));
  });
}

Changed remove_item(Call& call, std::string_view edit_id, std::string_view item_id) {
  return call.atomic([&] {
    // 1. Load and lock the edit.
    auto locked = lock(call, edit_id, kToChange, exists(item_id));
    const auto edit = locked.edit();
    refuse_ended(edit);
    // 2. An item that was added goes by its change only.
    if (locked.other->empty()) return in_hand(std::move(locked));
    const auto item = find_by_id(edit.many<table::LineItem>("items"), item_id);
    if (!item || item->is_null("original_item_id")) throw belongs_elsewhere(edit, item_id);
    // 3. An item that was changed before is now removed instead.
    if (const auto change = change_of(edit, item_id)) forget_change(call, *change);
    // 4. Without it, discounts apply to the rest.
    auto lines = lines_of(edit, totals::inclusive(call.flags));
    erase_item(call, lines, item_id);
    refresh_adjustments(call, locked.order(), lines, Handmade::dropped);
    note_change(call, edit_id, "item_remove", item->str("original_item_id"), nullptr);
    return in_hand(std::move(locked));
  });
}

void revert_change(Call& call, std::string_view edit_id, std::string_view change_id) {
  call.atomic([&] {
    // 1. Load and lock the edit; the change must be one of its own.
    static const db::Statement known(
        "SELECT order_edit_id FROM order_item_change WHERE id = $1 AND deleted_at IS NULL");
    const auto edit_of_change = call.db().run(known, db::Params::of(change_id));
    if (edit_of_change.empty())
      throw Error::not_found("Order edit item change " + std::string(change_id) + " was not found");
    const auto locked = lock(call, edit_id, {.lines = true, .variants = true, .originals = true, .discounts = true});
    const auto edit = locked.edit();
    if (edit_of_change.text(0, 0) != edit_id)
      throw Error::invalid_data("The item change you are trying to delete doesn't belong to the OrderEdit with id: " +
                                std::string(edit_id) + ".");
    check(act::revert_change, order::edit_status(edit));
    const auto change = find_by_id(edit.many<table::OrderItemChange>("changes"), change_id);
    if (!change) throw Error::not_found("Order edit item change " + std::string(change_id) + " was not found");
    forget_change(call, *change);
    // 2. The item as it is in the order; what is not in the order goes.
    const auto inclusive = totals::inclusive(call.flags);
    auto lines = lines_of(edit, inclusive);
    const auto original = change->one<table::LineItem>("original_line_item");
    if (change->text("type") == "item_add") {
      erase_item(call, lines, change->text("line_item_id"));
    } else if (change->text("type") == "item_update") {
      const auto quantity = original ? original->integer("quantity") : 0;
      for (auto& line : lines)
        if (original && line.item.id == change->text("line_item_id")) {
          line.item.quantity = static_cast<double>(quantity);
          call.write_last(query::update(items_entity(), line.item.id, base::JsonObject{{"quantity", quantity}}));
        }
    } else if (original) {
      Copies copies;
      Line line = line_of(*original, inclusive);
      line.item.id = copies.add(*original, edit_id);
      for (std::size_t i = 0; i < line.adjustments.size(); i++)
        line.adjustments[i].id = copies.adjustments[i]["id"].as_string();
      copies.write(call);
      lines.push_back(std::move(line));
    }
    // 3. Discounts apply to what there is now.
    refresh_adjustments(call, locked.order(), lines, Handmade::kept);
  });
}

} // namespace commerce::order_edit
