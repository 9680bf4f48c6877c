#include "commerce/stock/availability.hpp"
#include "commerce/stock/modules.hpp"
#include <map>

namespace commerce::stock {
namespace {

enum class Channels { none, these, the_default, of_the_cart, all, no_matter };

// The locations of channels. Without channels their tables are left alone: they may not exist.
std::string places(Channels channels) {
  constexpr std::string_view none = "SELECT unnest($2::text[]) AS location_id LIMIT 0";
  constexpr std::string_view some =
      "SELECT l.location_id FROM sales_channel_location l JOIN sales_channel s ON s.id = l.sales_channel_id "
      "WHERE l.deleted_at IS NULL AND s.deleted_at IS NULL AND ";
  switch (channels) {
  case Channels::none: break;
  case Channels::these: return std::string(some) + "s.id = ANY($2::text[])";
  case Channels::the_default:
    return std::string(some) + "$2::text[] IS NOT NULL AND s.id = (SELECT default_sales_channel_id FROM store LIMIT 1)";
  case Channels::of_the_cart:
    return std::string(some) + "s.id = (SELECT sales_channel_id FROM cart WHERE id = ANY($2::text[]))";
  case Channels::no_matter: return "SELECT location_id FROM inventory_level WHERE $2::text[] IS NOT NULL";
  case Channels::all: return std::string(some) + "$2::text[] IS NOT NULL";
  }
  return std::string(none);
}

// Medusa 1.20: withDefaultSalesChannel. A default channel that is gone, or disabled, is as none.
std::string counted(Channels channels) {
  if (channels == Channels::none) return "false";
  if (channels != Channels::the_default) return "true";
  return "EXISTS (SELECT 1 FROM sales_channel s WHERE s.id = (SELECT default_sales_channel_id FROM store LIMIT 1) AND "
         "s.deleted_at IS NULL AND NOT s.is_disabled)";
}

// A variant has as many as its scarcest inventory item is good for. 1.20 looks at one of its items only, whichever comes
// first.
db::Statement availability(Channels channels) {
  return db::Statement(
      "WITH places AS (" + places(channels) +
      ") "
      "SELECT v.id, v.allow_backorder, v.manage_inventory, count(i.id) > 0, "
      "coalesce(min(floor(left_over.quantity / greatest(i.required_quantity, 1))), 0)::int, " +
      counted(channels) +
      " FROM product_variant v "
      "LEFT JOIN product_variant_inventory_item i ON i.variant_id = v.id AND i.deleted_at IS NULL "
      "LEFT JOIN LATERAL (SELECT coalesce(sum(l.stocked_quantity - l.reserved_quantity), 0) AS quantity "
      "FROM inventory_level l WHERE l.inventory_item_id = i.inventory_item_id AND l.deleted_at IS NULL "
      "AND l.location_id IN (SELECT location_id FROM places)) AS left_over ON true "
      "WHERE v.id = ANY($1::text[]) GROUP BY v.id");
}

void add(ports::Call& call, const std::vector<query::Row>& variants, Channels channels,
         const std::vector<std::string>& channel_ids = {}) {
  if (variants.empty() || !enabled(call, Module::inventory)) return;
  std::vector<std::string> ids;
  for (const auto& variant : variants) ids.emplace_back(variant.id());
  const auto found = call.db().run(availability(channels), db::Params::of(ids, channel_ids));
  std::map<std::string_view, int> row_of;
  for (int row = 0; row < found.rows(); row++) row_of[found.text(row, 0)] = row;
  for (const auto& variant : variants) {
    const auto at = row_of.find(variant.id());
    if (at == row_of.end()) continue;
    const int row = at->second;
    const bool allow_backorder = found.boolean(row, 1), managed = found.boolean(row, 2),
               has_items = found.boolean(row, 3);
    bool purchasable = true;
    if (managed && !has_items) {
      variant.compute("inventory_quantity", std::string());
    } else if (managed && !found.boolean(row, 5)) {
      variant.compute("inventory_quantity", std::string());
      purchasable = false;
    } else if (managed) {
      const auto quantity = found.integer(row, 4);
      variant.compute("inventory_quantity", base::Json(quantity));
      purchasable = quantity > 0 || allow_backorder;
    }
    variant.compute("purchasable", base::Json(purchasable));
  }
}

} // namespace

void add_availability(ports::Call& call, const std::vector<query::Row>& variants,
                      const std::vector<std::string>& sales_channel_ids) {
  const bool any = !sales_channel_ids.empty() && call.on(schema::Flag::sales_channels);
  add(call, variants, any ? Channels::these : Channels::none, sales_channel_ids);
}

void add_availability_in_default_channel(ports::Call& call, const std::vector<query::Row>& variants) {
  add(call, variants, call.on(schema::Flag::sales_channels) ? Channels::the_default : Channels::none);
}

void add_availability_in_cart(ports::Call& call, const std::vector<query::Row>& variants, const std::string& cart_id) {
  add(call, variants, call.on(schema::Flag::sales_channels) ? Channels::of_the_cart : Channels::none, {cart_id});
}

void add_availability_in_all_channels(ports::Call& call, const std::vector<query::Row>& variants) {
  if (call.on(schema::Flag::sales_channels)) add(call, variants, Channels::all);
}

std::vector<Left> left_of(ports::Call& call, const std::vector<std::string>& variant_ids,
                          const std::optional<std::string>& sales_channel_id) {
  std::vector<std::string> channels;
  if (sales_channel_id) channels.push_back(*sales_channel_id);
  const auto found = call.db().run(availability(sales_channel_id ? Channels::these : Channels::no_matter),
                                   db::Params::of(variant_ids, channels));
  std::vector<Left> left;
  for (int row = 0; row < found.rows(); row++)
    if (found.boolean(row, 3)) left.push_back({std::string(found.text(row, 0)), found.integer(row, 4)});
  return left;
}

} // namespace commerce::stock
