// Price lists as an admin changes them. Owns the rows of price_list_customer_groups and those of money_amount that hang on a
// list, with their variants. The list's own row is locked by whoever changes it, so its prices change one admin at a time; many
// prices cost the same few statements as one. Medusa 1.20: PriceListService and MoneyAmountRepository.
// Called by the rows of price_lists.cpp, on the fiber of the request.
#pragma once
#include "http/resource.hpp"
#include <string>
#include <string_view>
#include <vector>

namespace commerce::pricing {

// Hooks of the list's writes. What the body says of prices and groups goes behind the list's own row.
void put_prices_and_groups(http::Change& change);
// With `override` in the body these prices take the place of all others.
void add_prices(http::Change& change);
void remove_all_prices(http::Change& change);

// The list's row is locked, and without prices. Throws not_found for a list that is not there. Medusa 1.20: clearPrices.
void clear_prices(ports::Call& call, std::string_view list);
// The statements that add these prices to a list that is locked, or change those that are named by their ids. Throws what is
// wrong with them. Medusa 1.20: MoneyAmountRepository.addPriceListPrices and .updatePriceListPrices.
std::vector<db::Query> put_prices(ports::Call& call, std::string_view list, const base::Json& prices);

// Throws not_found for a list that is not there.
void remove_prices(ports::Call& call, std::string_view list, const std::vector<std::string>& ids);
// The ids of the prices that went. A list that is not there has none.
std::vector<std::string> remove_prices_of_products(ports::Call& call, std::string_view list,
                                                   const std::vector<std::string>& products);
std::vector<std::string> remove_prices_of_variant(ports::Call& call, std::string_view list, std::string_view variant);

} // namespace commerce::pricing
