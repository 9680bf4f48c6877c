// The stock of one sale, wherever the shop keeps it: in the inventory module, where line items get reservations, or in the
// variants' column inventory_quantity. What one wants at once with others is decided under lock, all of an order or nothing.
// Owns: what is to be written. Called by checkout (and draft orders), on the fiber of the request, inside the transaction of
// the order: the query is sent in a batch of the caller's, its result decides, and the writes travel with the COMMIT.
// Medusa 1.20: ProductVariantInventoryService.confirmInventory and reserveQuantity for each line item
#pragma once
#include "commerce/stock/allocation.hpp"
#include "commerce/stock/backorder.hpp"
#include "ports/call.hpp"
#include <optional>
#include <string>
#include <vector>

namespace commerce::stock {

class Sale {
 public:
  // Without a sales channel all locations count.
  Sale(ports::Call& call, std::vector<Wish> wishes, std::optional<std::string> sales_channel_id,
       Backorder backorder = Backorder::by_variant);

  // `look` only asks; `take` takes already where stock is a column, so that a refusal that follows needs a rollback.
  enum class Mode { take, look };
  db::Command query(Mode mode) const;
  // The refusals, one for each wish that can't be met, in their order; empty when all is (or could be) taken.
  std::vector<base::Error> refusals(const db::Result& result);
  // After `take` without refusals.
  void write() const;

 private:
  ports::Call& call_;
  bool in_module_;
  std::vector<Wish> wishes_;
  std::optional<std::string> sales_channel_id_;
  Backorder backorder_;
  std::vector<Reservation> reservations_;
};

} // namespace commerce::stock
