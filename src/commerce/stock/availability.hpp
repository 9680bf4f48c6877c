// What is left of variants in the inventory module, shown on variant rows of any tree: `inventory_quantity` becomes what the
// locations of the sales channels have left, and `purchasable` says whether a shopper may have one.
// Medusa 1.20: ProductVariantInventoryService.setVariantAvailability and .setProductAvailability.
// Called by whoever shows variants (store and admin products, variants, carts), on the fiber of the request. One statement,
// however many variants; none, and nothing changes, without the module.
#pragma once
#include "ports/call.hpp"
#include "query/query.hpp"
#include <optional>
#include <string>
#include <vector>

namespace commerce::stock {

// For shoppers: the locations of these channels together; without any channel nothing that has inventory items is purchasable.
void add_availability(ports::Call& call, const std::vector<query::Row>& variants,
                      const std::vector<std::string>& sales_channel_ids);
// Those of the store's default channel.
void add_availability_in_default_channel(ports::Call& call, const std::vector<query::Row>& variants);
// Those of a cart's channel.
void add_availability_in_cart(ports::Call& call, const std::vector<query::Row>& variants, const std::string& cart_id);
// For admins: the locations of all channels together. Nothing changes while the flag sales_channels is off.
// 1.20 shows this on GET /admin/products and /admin/products/:id where `variants` is among the relations, and on
// GET /admin/variants; `purchasable` stands behind the prices.
void add_availability_in_all_channels(ports::Call& call, const std::vector<query::Row>& variants);

// How many of each variant can be had in a sales channel, or anywhere without one; variants without inventory items are left
// out, as there is no limit to them. Only where the module is on.
// Medusa 1.20: ProductVariantInventoryService.confirmInventory
struct Left {
  std::string variant_id;
  std::int64_t quantity = 0;
};
std::vector<Left> left_of(ports::Call& call, const std::vector<std::string>& variant_ids,
                          const std::optional<std::string>& sales_channel_id);

} // namespace commerce::stock
