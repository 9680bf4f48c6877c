// Loads discounts and what decides about them: rule, conditions, regions, the customer's groups, the
// products. Each function costs one round trip, whatever the number of discounts and products. Called by cart
// and checkout, on the request's fiber.
#pragma once
#include "commerce/discount/discount.hpp"
#include "ports/call.hpp"
#include <string>
#include <string_view>
#include <vector>

namespace commerce::discount {

// Discounts as `check` wants them. Of conditions on customer groups only the groups of the customer asked
// about are there; other conditions have no resources here.
struct Loaded {
  std::vector<Discount> discounts; // in the order of what was asked; unknown ones are missing
  std::vector<std::string> customer_groups;
};
// Medusa 1.20: DiscountService.listByCodes. Codes are trimmed and compared in upper case. An empty customer
// is nobody.
Loaded by_codes(ports::Call& call, const std::vector<std::string>& codes, std::string_view customer_id);
Loaded by_ids(ports::Call& call, const std::vector<std::string>& ids, std::string_view customer_id);

// Medusa 1.20: DiscountService.validateDiscountForCartOrThrow for each of them.
void validate_for_cart(const Loaded& loaded, std::string_view region_id, std::string_view customer_id);

// Medusa 1.20: DiscountService.canApplyForCustomer.
bool can_apply_for_customer(ports::Call& call, std::string_view rule_id, std::string_view customer_id);

// Medusa 1.20: DiscountService.validateDiscountForProduct, for many products at once: as `product_ids`, an
// empty id (a custom item) never matches.
std::vector<Matches> match_products(ports::Call& call, std::string_view rule_id,
                                    const std::vector<std::string>& product_ids);

} // namespace commerce::discount
