#include "commerce/order_edit/lines.hpp"
#include "base/ids.hpp"
#include "base/strings.hpp"
#include "commerce/cart/state.hpp"
#include "commerce/cart/tables.hpp"
#include "commerce/catalogue/tables.hpp"
#include "commerce/discount/service.hpp"
#include "commerce/discount/tables.hpp"
#include "commerce/order/tables.hpp"
#include "commerce/totals/from_rows.hpp"
#include "query/row_of.hpp"
#include "query/write.hpp"
#include <algorithm>

namespace commerce::order_edit {

using base::Json;
using query::RowOf;

namespace {

Json copy_of(const query::Row& row, std::string_view entity) {
  Json copy = query::row_value(row);
  copy.set("id", base::make_id(schema::get(entity).prefix));
  return copy;
}

template<class Table>
base::JsonArray copies_of(const std::vector<RowOf<Table>>& rows, std::string_view entity, const std::string& item_id) {
  base::JsonArray copies;
  for (const auto& row : rows) {
    copies.push_back(copy_of(row, entity));
    copies.back().set("item_id", item_id);
  }
  return copies;
}

// The discount that takes something from line items. One that was deleted since takes nothing any more.
std::optional<discount::Discount> line_discount(const RowOf<table::Order>& order) {
  for (const auto& row : order.many<table::Discount>("discounts"))
    if (auto discount = cart::discount_of(row); !discount.is_deleted && !cart::is_free_shipping(discount))
      return discount;
  return std::nullopt;
}

std::vector<discount::NewAdjustment> wanted_of(ports::Call& call, const RowOf<table::Order>& order,
                                               const std::vector<Line>& lines) {
  const auto discount = line_discount(order);
  if (!discount || lines.empty()) return {};
  std::vector<totals::Item> items;
  std::vector<std::string> products;
  for (const auto& line : lines) {
    items.push_back(line.item);
    products.push_back(line.product_id);
  }
  const auto matches = discount::match_products(call, discount->rule.id, products);
  return discount::adjustments({*discount}, items, matches, totals::inclusive(call.flags));
}

} // namespace

std::string Copies::add(const RowOf<table::LineItem>& original, std::string_view edit_id) {
  Json item = copy_of(original, "LineItem");
  const std::string id = item["id"].as_string();
  for (const char* column : {"order_id", "swap_id", "claim_order_id", "cart_id"}) item.set(column, nullptr);
  item.set("order_edit_id", edit_id);
  item.set("original_item_id", original.str("id"));
  items.push_back(std::move(item));
  for (auto& line : copies_of(original.many<table::LineItemTaxLine>("tax_lines"), "LineItemTaxLine", id))
    tax_lines.push_back(std::move(line));
  for (auto& adjustment : copies_of(original.many<table::LineItemAdjustment>("adjustments"), "LineItemAdjustment", id))
    adjustments.push_back(std::move(adjustment));
  return id;
}

void Copies::write(ports::Call& call) {
  if (!items.empty()) call.write_last(query::insert(schema::get("LineItem"), items));
  if (!tax_lines.empty()) call.write_last(query::insert(schema::get("LineItemTaxLine"), tax_lines));
  if (!adjustments.empty()) call.write_last(query::insert(schema::get("LineItemAdjustment"), adjustments));
}

Line line_of(const RowOf<table::LineItem>& row, tax::Inclusive inclusive) {
  Line line{.item = totals::item_of(row, inclusive), .product_id = {}};
  if (const auto variant = row.one<table::ProductVariant>("variant")) line.product_id = variant->str("product_id");
  for (const auto& adjustment : row.many<table::LineItemAdjustment>("adjustments"))
    line.adjustments.push_back(
        {adjustment.str("id"), adjustment.optional_text("discount_id"), adjustment.number("amount")});
  return line;
}

void refresh_adjustments(ports::Call& call, const RowOf<table::Order>& order, const std::vector<Line>& lines,
                         Handmade handmade) {
  // 1. What the discount takes from each line.
  base::StringMap<discount::NewAdjustment> wanted;
  for (auto& one : wanted_of(call, order, lines)) wanted.emplace(one.item_id, std::move(one));
  // 2. What differs from that goes, or changes its amount.
  std::vector<std::string> gone;
  base::JsonArray changed, added;
  for (const auto& line : lines)
    for (const auto& old : line.adjustments) {
      if (!old.discount_id && handmade == Handmade::kept) continue;
      const auto found = wanted.find(line.item.id);
      if (!old.discount_id || found == wanted.end() || found->second.discount_id != *old.discount_id) {
        gone.push_back(old.id);
        continue;
      }
      if (found->second.amount != old.amount)
        changed.push_back(base::JsonObject{{"id", old.id}, {"amount", found->second.amount}});
      wanted.erase(found);
    }
  // 3. What is missing comes, in the order of the lines.
  for (const auto& line : lines)
    if (const auto found = wanted.find(line.item.id); found != wanted.end())
      added.push_back(base::JsonObject{{"item_id", found->second.item_id},
                                       {"description", found->second.description},
                                       {"discount_id", found->second.discount_id},
                                       {"amount", found->second.amount}});
  const auto& entity = schema::get("LineItemAdjustment");
  if (!gone.empty()) call.write_last(query::erase_where(entity, "id", gone));
  if (!changed.empty()) call.write_last(query::update_each(entity, changed));
  if (!added.empty()) call.write_last(query::insert(entity, added));
}

} // namespace commerce::order_edit
