// What goes back for line items that come back, and what bringing them back costs; and what a parcel that arrived makes of a
// return. Pure: structs in, structs out; no database, any thread. Called by returns, swaps and claims. Amounts are JavaScript
// doubles, rounded exactly where 1.20 rounds.
#pragma once
#include "commerce/totals/totals.hpp"
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace commerce::returns {

// Some units of a line item.
struct Part {
  std::string item_id;
  std::int64_t quantity = 0;
};

// All line items of an order: its own, then those of its swaps, then those of its claims.
std::vector<totals::Item> all_items(const totals::Order& order);

// Medusa 1.20: TotalsService.getLineItemRefund. `item.quantity` is what comes back; `allocations` are those of the whole
// order, as its discounts are spread over what was bought.
double line_refund(const totals::Item& item, const totals::Allocations& allocations, std::optional<double> tax_rate,
                   tax::Inclusive inclusive);
// Medusa 1.20: TotalsService.getRefundTotal; ClaimService.getRefundTotalForClaimLinesOnOrder. A whole amount. Parts whose item
// the order doesn't have count nothing.
double refund_total(const totals::Order& order, const std::vector<Part>& parts, tax::Inclusive inclusive);

// Medusa 1.20: ReturnService.create, the price of a return's shipping method with its taxes. Its lines must be loaded.
double shipping_total(const totals::Method& method, tax::Inclusive inclusive);

} // namespace commerce::returns
