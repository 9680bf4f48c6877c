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

// A return's item as its row says, and as it is once the parcel has arrived.
struct Item {
  std::string item_id;
  std::int64_t quantity = 0;
  std::optional<std::int64_t> requested{}, received{}; // nothing requested: it came without being asked for
};
struct Arrival {
  std::vector<Item> items; // those that were asked for, then those that were not
  bool matches = true;     // what came is what was asked for
  std::vector<Part> more;  // by how much more of each item is back than before
};
// Medusa 1.20: ReturnService.receive. Parts of one item add up; what was asked for and is not among them has not come. A return
// that waits for an admin may be received again: `more` then says the difference to what was counted before.
// 1.20 counts what was asked for instead of what came, fails where an item is left out, and counts a second time in full.
Arrival arrival(const std::vector<Item>& items, const std::vector<Part>& received);

} // namespace commerce::returns
