#include "commerce/tax/service.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
#include "commerce/cart/tables.hpp"
#include "commerce/catalogue/tables.hpp"
#include "commerce/customer/tables.hpp"
#include "commerce/region/tables.hpp"
#include "commerce/shipping/tables.hpp"
#include "commerce/tax/rates.hpp"
#include "commerce/tax/tables.hpp"
#include "db/batch.hpp"
#include "ports/tax_provider.hpp"
#include "query/returned.hpp"
#include "query/row_of.hpp"
#include <algorithm>

namespace commerce::tax {
namespace {

using query::RowOf;

std::optional<std::string> product_of(const RowOf<table::LineItem>& item) {
  if (!item.has("variant")) return std::nullopt;
  const auto variant = item.one<table::ProductVariant>("variant");
  return variant ? variant->optional_text("product_id") : std::nullopt;
}

std::vector<ports::TaxProviderRate> plain(const std::vector<Rate>& rates) {
  std::vector<ports::TaxProviderRate> result;
  for (const Rate& rate : rates) result.push_back({rate.rate, rate.name, rate.code});
  return result;
}

std::int64_t discount_of(const RowOf<table::LineItem>& item) {
  std::int64_t sum = 0;
  for (const auto& adjustment : item.many_if_loaded<table::LineItemAdjustment>("adjustments"))
    sum += static_cast<std::int64_t>(adjustment.number("amount"));
  return sum;
}

template<class Table> base::Json value_of(const std::optional<RowOf<Table>>& row) {
  return row ? query::row_value(*row) : base::Json(nullptr);
}

// Lines of a provider that is a plugin.
Lines plugin_lines(ports::Call& call, const ports::TaxProvider& provider, const Context& context,
                   const std::vector<RowOf<table::LineItem>>& items,
                   const std::vector<RowOf<table::ShippingMethod>>& methods, const RegionRates& rates) {
  std::vector<ports::Taxable> item_lines, method_lines;
  for (const auto& item : items) {
    if (item.boolean("is_return")) continue;
    const auto product = product_of(item);
    item_lines.push_back({item.str("id"), query::row_value(item),
                          product ? plain(rates.for_product(*product)) : std::vector<ports::TaxProviderRate>{},
                          discount_of(item)});
  }
  for (const auto& method : methods)
    method_lines.push_back({method.str("id"), query::row_value(method),
                            plain(rates.for_shipping_option(method.text("shipping_option_id")))});
  const ports::TaxContext facts{query::row_value(context.region), value_of(context.shipping_address),
                                value_of(context.customer)};
  Lines lines;
  for (auto& line : provider.tax_lines(call, item_lines, method_lines, facts)) {
    const bool of_method =
        std::any_of(methods.begin(), methods.end(), [&](const auto& m) { return m.id() == line.id; });
    const bool of_item = std::any_of(items.begin(), items.end(), [&](const auto& i) { return i.id() == line.id; });
    if (!of_method && !of_item) throw base::Error::unexpected_state("Tax Provider returned invalid tax lines");
    (of_method ? lines.of_methods : lines.of_items).push_back({line.id, line.rate, line.name, line.code});
  }
  return lines;
}

db::Command store(const schema::Entity& described, std::string_view owner, const std::vector<Line>& lines,
                  const query::Returned& returned) {
  base::JsonArray rows;
  for (const Line& line : lines) {
    rows.push_back(base::JsonObject{{"id", base::make_id(described.prefix)},
                                    {"rate", line.rate},
                                    {"name", line.name},
                                    {"code", line.code},
                                    {std::string(owner), line.owner}});
  }
  const std::string table(described.table), key(owner);
  const db::Statement statement("INSERT INTO " + table + " (id, rate, name, code, " + key +
                                ") SELECT id, rate, name, code, " + key +
                                " FROM jsonb_populate_recordset(NULL::" + table + ", $1) ON CONFLICT (" + key +
                                ", code) DO UPDATE SET rate = excluded.rate, name = excluded.name, updated_at = now()" +
                                query::returning(returned));
  return {statement, db::Params::of(base::Json(std::move(rows)))};
}

} // namespace

RegionRates rates_for(ports::Call& call, const RowOf<table::Region>& region,
                      const std::vector<RowOf<table::LineItem>>& items,
                      const std::vector<RowOf<table::ShippingMethod>>& methods) {
  std::vector<std::string> products, options;
  for (const auto& item : items)
    if (auto product = product_of(item)) products.push_back(std::move(*product));
  for (const auto& method : methods) options.push_back(method.str("shipping_option_id"));
  return rates_for(call, region, products, options);
}

RegionRates rates_for(ports::Call& call, const RowOf<table::Region>& region, const std::vector<std::string>& products,
                      const std::vector<std::string>& options) {
  RegionRates rates;
  rates.region_id = region.str("id");
  rates.default_rate = region.number("tax_rate");
  if (region.has("tax_rates") && region.many<table::TaxRate>("tax_rates").empty()) return rates;
  if (products.empty() && options.empty()) return rates;
  db::Batch batch;
  db::Batch::Slot of_products, of_options;
  if (!products.empty()) of_products = ask_product_rates(batch, products);
  if (!options.empty()) of_options = ask_shipping_option_rates(batch, options);
  batch.run(call.db());
  if (!products.empty()) add_product_rates(rates, *of_products);
  if (!options.empty()) add_shipping_option_rates(rates, *of_options);
  return rates;
}

// Medusa 1.20: TaxProviderService.getTaxLines
Lines provider_lines(ports::Call& call, const Context& context, const std::vector<RowOf<table::LineItem>>& items,
                     const std::vector<RowOf<table::ShippingMethod>>& methods, const RegionRates& rates) {
  // 1. Another provider than the system's own.
  if (const auto provider = context.region.optional_text("tax_provider_id"); provider && !provider->empty())
    return plugin_lines(call, ports::tax_provider(*provider), context, items, methods, rates);
  // 2. The system's own.
  std::vector<ItemToTax> to_tax;
  for (const auto& item : items) to_tax.push_back({item.str("id"), product_of(item), item.boolean("is_return")});
  std::vector<MethodToTax> shipping;
  for (const auto& method : methods) shipping.push_back({method.str("id"), method.str("shipping_option_id")});
  return system_lines(to_tax, shipping, rates);
}

namespace {

// `flags`: the rows come back; null: they don't.
StoredLines add_lines(db::Batch& batch, const Lines& lines, const schema::Flags* flags) {
  const auto add = [&](std::string_view entity, std::string_view owner, const std::vector<Line>& of_owners) {
    const auto& described = schema::get(entity);
    const auto returned = flags ? query::all_columns(described, *flags) : query::Returned{};
    return of_owners.empty() ? db::Batch::Slot() : batch.add(store(described, owner, of_owners, returned));
  };
  const auto of_items = add("LineItemTaxLine", "item_id", lines.of_items);
  return {of_items, add("ShippingMethodTaxLine", "shipping_method_id", lines.of_methods)};
}

} // namespace

std::vector<db::Command> store_lines(const Lines& lines) {
  db::Batch batch;
  add_lines(batch, lines, nullptr);
  return batch.take();
}

StoredLines add_stored_lines(db::Batch& batch, const Lines& lines, const schema::Flags& flags) {
  return add_lines(batch, lines, &flags);
}

// Medusa 1.20: CartService.createTaxLines
void create_cart_lines(ports::Call& call, const RowOf<table::Cart>& cart) {
  const auto region = cart.one<table::Region>("region");
  if (!region) throw base::Error::unexpected_state("A cart without a region can't be taxed");
  const auto items = cart.many<table::LineItem>("items");
  const auto methods = cart.many<table::ShippingMethod>("shipping_methods");
  const Context context{*region,
                        cart.has("shipping_address") ? cart.one<table::Address>("shipping_address") : std::nullopt,
                        cart.has("customer") ? cart.one<table::Customer>("customer") : std::nullopt};
  // 1. Ask the provider.
  const auto lines = provider_lines(call, context, items, methods, rates_for(call, *region, items, methods));
  // 2. Store what it says.
  if (auto writes = store_lines(lines); !writes.empty()) call.db().batch(std::move(writes));
}

std::vector<db::Command> clear_cart_lines(std::string_view cart_id) {
  static const db::Statement items("DELETE FROM line_item_tax_line l USING line_item i JOIN cart c ON c.id = "
                                   "i.cart_id WHERE i.id = l.item_id AND "
                                   "c.id = $1 AND c.completed_at IS NULL");
  static const db::Statement methods("DELETE FROM shipping_method_tax_line l USING shipping_method m JOIN "
                                     "cart c ON c.id = m.cart_id WHERE m.id = "
                                     "l.shipping_method_id AND c.id = $1 AND c.completed_at IS NULL");
  return {{items, db::Params::of(cart_id)}, {methods, db::Params::of(cart_id)}};
}

db::Command clear_item_lines(const std::vector<std::string>& item_ids) {
  static const db::Statement statement("DELETE FROM line_item_tax_line WHERE item_id = ANY($1)");
  return {statement, db::Params::of(item_ids)};
}

void rates_changed(ports::Call& call) { call.invalidate("txrtcache:*"); }

} // namespace commerce::tax
