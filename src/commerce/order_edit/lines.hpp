// The line items of an edit: copies of the order's, and what discounts take from them after each change. Called by the
// operations of this folder, on the fiber of the request, inside the transaction that holds the edit.
#pragma once
#include "base/json.hpp"
#include "commerce/cart/tables.hpp"
#include "commerce/order/tables.hpp"
#include "commerce/totals/totals.hpp"
#include "ports/call.hpp"
#include "query/query.hpp"
#include "query/row_of.hpp"
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace commerce::order_edit {

// Rows of line items that are made from others, with all that hangs on them.
// Medusa 1.20: LineItemService.cloneTo
struct Copies {
  base::JsonArray items, tax_lines, adjustments;
  // Copies a line item that was loaded with its tax lines and adjustments; returns the copy's id.
  std::string add(const query::RowOf<table::LineItem>& original, std::string_view edit_id);
  // At most three statements.
  void write(ports::Call& call);
};

// A line item as discounts see it.
struct Line {
  totals::Item item;
  std::string product_id; // of its variant; "" without one
  struct Adjustment {
    std::string id;
    std::optional<std::string> discount_id; // none: made by hand
    double amount = 0;
  };
  std::vector<Adjustment> adjustments{};
};
// Of an item with variant, tax lines and adjustments.
Line line_of(const query::RowOf<table::LineItem>& item, tax::Inclusive inclusive);

// Medusa 1.20: OrderEditService.refreshAdjustments. What the order's discount takes from each line now; adjustments that stay
// as they are keep their rows. `order`: with its discounts and their rules.
enum class Handmade { kept, dropped }; // adjustments without a discount
void refresh_adjustments(ports::Call& call, const query::RowOf<table::Order>& order, const std::vector<Line>& lines,
                         Handmade handmade);

} // namespace commerce::order_edit
