// Loaded rows as the arithmetic of totals wants them. Called by cart, order and checkout, on the fiber of the request.
// What was not loaded counts as missing: items without their relations have no adjustments, and tax lines that are null.
#pragma once
#include "commerce/cart/tables.hpp"
#include "commerce/discount/tables.hpp"
#include "commerce/gift_card/tables.hpp"
#include "commerce/order/tables.hpp"
#include "commerce/region/tables.hpp"
#include "commerce/shipping/tables.hpp"
#include "commerce/totals/totals.hpp"
#include "query/query.hpp"
#include "query/row_of.hpp"
#include "schema/flags.hpp"

namespace commerce::totals {

// The flag tax_inclusive_pricing, as arithmetic takes it.
tax::Inclusive inclusive(const schema::Flags& flags);

Item item_of(const query::RowOf<table::LineItem>& line_item, tax::Inclusive inclusive);
Method method_of(const query::RowOf<table::ShippingMethod>& shipping_method, tax::Inclusive inclusive);
AppliedDiscount discount_of(const query::RowOf<table::Discount>& discount); // needs its rule
Region region_of(const query::RowOf<table::Region>& region);
// Those that end first come first, then the smaller balance: the order in which they are used up.
std::vector<query::RowOf<table::GiftCard>> in_order_of_use(std::vector<query::RowOf<table::GiftCard>> gift_cards);
GiftCard gift_card_of(const query::RowOf<table::GiftCard>& gift_card);

// Relations items (tax_lines, adjustments), shipping_methods (tax_lines), discounts (rule), gift_cards, region.
Cart cart_of(const query::RowOf<table::Cart>& cart, tax::Inclusive inclusive);
// The same, and swaps and claims (additional_items), gift_card_transactions, payments, refunds.
Order order_of(const query::RowOf<table::Order>& order, tax::Inclusive inclusive);

} // namespace commerce::totals
