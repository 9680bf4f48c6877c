// The money of a swap. What comes back stands in the swap's cart as lines below zero, so the cart's total is what is still to
// be paid, or to be given back; and what that difference means for the swap's payment.
// Pure: structs in, structs out; no database, any thread. Called by swap's services and by checkout.
#pragma once
#include "base/money.hpp"
#include "commerce/totals/totals.hpp"
#include <optional>
#include <string_view>
#include <vector>

namespace commerce::swap {

// Medusa 1.20: LineItemService.createReturnLines. The line that stands in the cart for units of `bought` that come back.
// Quirk: the whole of a discount is taken back, however few of the units come back.
totals::Item returned_line(const totals::Item& bought, double quantity);
// Medusa 1.20: SwapService.createCart. What bringing them back costs.
// Quirk: a price that holds the tax is taxed once more.
totals::Item return_shipping_line(double price, std::vector<tax::Line> tax_lines);

// Medusa 1.20: SwapService.registerCartCompletion. The payment's status once the shopper has agreed to the difference.
std::string_view status_after_completion(base::Amount difference);

// Medusa 1.20: SwapService.processDifference. What an admin's click has to do about the money.
enum class Settling { nothing, refund, close, capture };
Settling settling(std::optional<base::Amount> difference, std::string_view payment_status);

enum class Success { no, yes };
struct Settled {
  std::string_view payment_status, event;
};
Settled settled(Settling settling, Success success);

} // namespace commerce::swap
