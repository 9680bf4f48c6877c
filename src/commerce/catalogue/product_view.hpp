// Products as admin routes show them. Called by the admin routes of products, their options and variants, on the
// request's fiber.
#pragma once
#include "base/error.hpp"
#include "ports/call.hpp"
#include "query/grammar.hpp"
#include "query/query.hpp"
#include <string>
#include <string_view>
#include <vector>

namespace commerce::catalogue {

// The fields and relations that are shown unasked.
const query::Grammar& admin_product_grammar();
// Prices are shown as pricing selects them, or as they are stored.
enum class Prices { selected, stored };
void prepare_admin_product(query::Selection& product, Prices prices);
// Medusa 1.20: PricingService.setAdminProductPricing: no region, no currency, and no price list.
void add_admin_prices(ports::Call& call, const query::Tree& tree);
// Takes the categories, which are shown unasked, away while their feature is off.
void drop_unasked_categories(const schema::Flags& flags, query::Selection& product);

// Sends `writes` and reads the product back behind them, in one round trip; the JSON of the product. Throws not_found.
std::string written_product(ports::Call& call, std::string_view id, std::vector<db::Command> writes,
                            Prices prices = Prices::selected);
base::Error product_not_found(std::string_view id);

} // namespace commerce::catalogue
