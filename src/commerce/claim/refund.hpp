// What a claim that asks for no amount of its own gives back. Pure: structs in, structs out; no database, any thread. Called by
// claim/service.
#pragma once
#include "base/money.hpp"
#include "commerce/totals/totals.hpp"
#include <cstdint>
#include <string>
#include <vector>

namespace commerce::claim {

// Some units of a line item that are claimed.
struct Claimed {
  std::string item_id;
  std::int64_t quantity = 0;
};

// Medusa 1.20: ClaimService.getRefundTotalForClaimLinesOnOrder, TotalsService.getLineItemRefund. What was asked for the units,
// less their share of the order's discounts, with their taxes. A claim of more units than were shipped counts nothing, as 1.20
// does. `order` must have the adjustments and tax lines of all its items (1.20's route leaves the adjustments out, and gives back
// more than was paid where there was a discount).
base::Amount refund_total(const totals::Order& order, const std::vector<Claimed>& claimed, tax::Inclusive inclusive);

} // namespace commerce::claim
