#include "commerce/swap/difference.hpp"

namespace commerce::swap {

totals::Item returned_line(const totals::Item& bought, double quantity) {
  totals::Item line{.id = {},
                    .unit_price = 0 - bought.unit_price, // not -0
                    .quantity = quantity,
                    .includes_tax = bought.includes_tax,
                    .allow_discounts = bought.allow_discounts,
                    .is_return = true,
                    .has_variant = bought.has_variant,
                    .tax_lines = bought.tax_lines};
  for (const auto& adjustment : bought.adjustments)
    line.adjustments.push_back({0 - adjustment.amount, adjustment.discount_id});
  return line;
}

totals::Item return_shipping_line(double price, std::vector<tax::Line> tax_lines) {
  return {.id = {},
          .unit_price = price,
          .quantity = 1,
          .allow_discounts = false,
          .is_return = true,
          .has_variant = false,
          .tax_lines = std::move(tax_lines)};
}

std::string_view status_after_completion(base::Amount difference) { return difference == 0 ? "confirmed" : "awaiting"; }

Settling settling(std::optional<base::Amount> difference, std::string_view payment_status) {
  if (difference && *difference <= 0) {
    if (payment_status == "difference_refunded") return Settling::nothing;
    return *difference < 0 ? Settling::refund : Settling::close;
  }
  return payment_status == "captured" ? Settling::nothing : Settling::capture;
}

Settled settled(Settling settling, Success success) {
  const bool done = success == Success::yes;
  if (settling == Settling::capture)
    return done ? Settled{"captured", "swap.payment_captured"}
                : Settled{"requires_action", "swap.payment_capture_failed"};
  return done ? Settled{"difference_refunded", "swap.refund_processed"}
              : Settled{"requires_action", "swap.process_refund_failed"};
}

} // namespace commerce::swap
