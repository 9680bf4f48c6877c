// A return as whoever changes it needs it, with its order's row locked until the end of the transaction; and the order's line
// items, whoever sold them. Owns nothing. Called by the services of returns, on the fiber of the request, inside a transaction.
#pragma once
#include "commerce/cart/tables.hpp"
#include "commerce/order/tables.hpp"
#include "commerce/returns/tables.hpp"
#include "ports/call.hpp"
#include "query/query.hpp"
#include "query/row_of.hpp"
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace commerce::returns {

// Throws not_found. The order is the return's own, or that of its swap or claim.
query::Tree lock(ports::Call& call, std::string_view return_id, const std::vector<std::string>& relations);
// The id of that order; `row` was loaded with its swap and claim_order.
std::string order_of(const query::RowOf<table::Return>& row);

// A line item of an order, of one of its swaps, or of one of its claims.
struct OrderedItem {
  query::RowOf<table::LineItem> row;
  bool canceled = false; // as the order, swap or claim is
};
// `order` was loaded with items, swaps.additional_items and claims.additional_items.
std::vector<OrderedItem> items_of(const query::RowOf<table::Order>& order);
// Medusa 1.20: ReturnService.validateReturnLineItem; null: the order has no such item. `counted`: of the units that are back
// those that are looked at now.
void refuse_more_than_bought(const OrderedItem* item, std::int64_t quantity, std::int64_t counted = 0);

} // namespace commerce::returns
