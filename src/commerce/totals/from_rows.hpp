// Loaded rows as the arithmetic of totals wants them. Called by cart, order and checkout, on the fiber of the request.
// What was not loaded counts as missing: items without their relations have no adjustments, and tax lines that are null.
#pragma once
#include "commerce/totals/totals.hpp"
#include "query/query.hpp"
#include "schema/flags.hpp"

namespace commerce::totals {

// The flag tax_inclusive_pricing, as arithmetic takes it.
tax::Inclusive inclusive(const schema::Flags& flags);

Item item_of(const query::Row& line_item, tax::Inclusive inclusive);
Method method_of(const query::Row& shipping_method, tax::Inclusive inclusive);
AppliedDiscount discount_of(const query::Row& discount); // needs its rule
Region region_of(const query::Row& region);
// Those that end first come first, then the smaller balance: the order in which they are used up.
std::vector<query::Row> in_order_of_use(std::vector<query::Row> gift_cards);
GiftCard gift_card_of(const query::Row& gift_card);

// Relations items (tax_lines, adjustments), shipping_methods (tax_lines), discounts (rule), gift_cards, region.
Cart cart_of(const query::Row& cart, tax::Inclusive inclusive);
// The same, and swaps and claims (additional_items), gift_card_transactions, payments, refunds.
Order order_of(const query::Row& order, tax::Inclusive inclusive);

} // namespace commerce::totals
