// The goods that a claim sends: line items made from variants, taken from stock, with tax lines. Owns nothing. Called by
// claim/service, on the fiber of the request, inside a transaction that holds the order's row. The number of statements is the
// same for any number of items.
#pragma once
#include "commerce/cart/line_items.hpp"
#include "commerce/order/tables.hpp"
#include "ports/call.hpp"
#include "query/query.hpp"
#include "query/row_of.hpp"
#include <string_view>
#include <vector>

namespace commerce::claim {

// `order` has region.tax_rates, shipping_address and customer. Throws where a variant isn't there, has no price, or is short of
// stock (1.20 sells what is not there).
// Medusa 1.20: ClaimService.create, what it does with additional_items
base::JsonArray take_items(ports::Call& call, const query::RowOf<table::Order>& order, std::string_view claim_id,
                           const std::vector<cart::WantedItem>& wanted);
// Writes them and their tax lines; the claim's row must be written by then.
void write_items(ports::Call& call, const query::RowOf<table::Order>& order, base::JsonArray items);

} // namespace commerce::claim
