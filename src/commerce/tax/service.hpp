// Tax lines of line items and shipping methods: asked of the region's provider, and stored. A constant number
// of statements, whatever the number of items. Called by totals, cart and checkout, on the request's fiber.
#pragma once
#include "commerce/cart/tables.hpp"
#include "commerce/customer/tables.hpp"
#include "commerce/region/tables.hpp"
#include "commerce/shipping/tables.hpp"
#include "commerce/tax/tax.hpp"
#include "db/batch.hpp"
#include "ports/call.hpp"
#include "query/query.hpp"
#include "query/row_of.hpp"
#include <string>
#include <string_view>
#include <vector>

namespace commerce::tax {

// The rates of a region for these line items (with `variant`) and shipping methods, in one round trip; in
// none where the region was loaded with its tax_rates and has none.
RegionRates rates_for(ports::Call& call, const query::RowOf<table::Region>& region,
                      const std::vector<query::RowOf<table::LineItem>>& items,
                      const std::vector<query::RowOf<table::ShippingMethod>>& methods);
// The same for these products and shipping options.
RegionRates rates_for(ports::Call& call, const query::RowOf<table::Region>& region,
                      const std::vector<std::string>& products, const std::vector<std::string>& options);

// For whom and where; rows that are null or not loaded are left out of what a plugin's provider gets.
struct Context {
  query::RowOf<table::Region> region;
  std::optional<query::RowOf<table::Address>> shipping_address{};
  std::optional<query::RowOf<table::Customer>> customer{};
};
// Medusa 1.20: TaxProviderService.getTaxLines, given the rates. The provider is the region's, else the
// system's own. Throws not_found when the region names a provider that is not installed.
Lines provider_lines(ports::Call& call, const Context& context, const std::vector<query::RowOf<table::LineItem>>& items,
                     const std::vector<query::RowOf<table::ShippingMethod>>& methods, const RegionRates& rates);

// Medusa 1.20: TaxProviderService.createTaxLines, given the lines: rows that exist with the same code get the
// new rate and name. At most two statements.
std::vector<db::Command> store_lines(const Lines& lines);
// The same as part of a batch, whose statements return the rows (query::all_columns).
struct StoredLines {
  db::Batch::Slot of_items, of_methods;
};
StoredLines add_stored_lines(db::Batch& batch, const Lines& lines, const schema::Flags& flags);
// Medusa 1.20: CartService.createTaxLines. `cart`: a row with items (variant), shipping_methods and region;
// shipping address and customer where loaded.
void create_cart_lines(ports::Call& call, const query::RowOf<table::Cart>& cart);

// Medusa 1.20: TaxProviderService.clearTaxLines. The lines of a cart's items and methods, unless it is
// completed.
std::vector<db::Command> clear_cart_lines(std::string_view cart_id);
// Medusa 1.20: TaxProviderService.clearLineItemsTaxLines.
db::Command clear_item_lines(const std::vector<std::string>& item_ids);

// To be called where rates, or what they are for, are changed: what a Medusa beside us has cached of them goes.
// Medusa 1.20: TaxProviderService.getCacheKey; there they end by themselves.
void rates_changed(ports::Call& call);

} // namespace commerce::tax
