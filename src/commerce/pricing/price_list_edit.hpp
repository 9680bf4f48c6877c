// Price lists as an admin changes them. Owns the rows of price_list_customer_groups and those of money_amount that hang on a
// list, with their variants. The list's own row is locked by whoever changes it, so its prices change one admin at a time; many
// prices cost the same few statements as one. Medusa 1.20: PriceListService and MoneyAmountRepository.
// Called by the rows of price_lists.cpp, on the fiber of the request.
#pragma once
#include "base/json.hpp"
#include "ports/call.hpp"
#include <string>
#include <string_view>
#include <vector>

namespace commerce::pricing {

// The statements that take all prices of a list away.
std::vector<db::Command> erase_prices(std::string_view list);
// Whether the list is one that the same batch makes: it can have no groups.
enum class List { made, changed };
// The statements that give a list these groups (objects with an id) and no others; none where `groups` is no list. Throws
// not_found for a group that is not there.
std::vector<db::Command> put_groups(ports::Call& call, std::string_view list, const base::Json& groups, List is);

// The list's row is locked, and without prices. Throws not_found for a list that is not there. Medusa 1.20: clearPrices.
void clear_prices(ports::Call& call, std::string_view list);
// The statements that add these prices to a list that is locked, or change those that are named by their ids. Throws what is
// wrong with them. Medusa 1.20: MoneyAmountRepository.addPriceListPrices and .updatePriceListPrices.
std::vector<db::Command> put_prices(ports::Call& call, std::string_view list, const base::Json& prices);

// Throws not_found for a list that is not there.
void remove_prices(ports::Call& call, std::string_view list, const std::vector<std::string>& ids);
// The ids of the prices that went. A list that is not there has none.
std::vector<std::string> remove_prices_of_products(ports::Call& call, std::string_view list,
                                                   const std::vector<std::string>& products);
std::vector<std::string> remove_prices_of_variant(ports::Call& call, std::string_view list, std::string_view variant);

} // namespace commerce::pricing
