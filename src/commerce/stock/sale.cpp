#include "commerce/stock/sale.hpp"
#include "commerce/stock/modules.hpp"
#include "commerce/stock/reservations.hpp"
#include "commerce/stock/stock.hpp"

namespace commerce::stock {

Sale::Sale(ports::Call& call, std::vector<Wish> wishes, std::optional<std::string> sales_channel_id,
           Backorder backorder)
    : call_(call), in_module_(enabled(call, Module::inventory)), wishes_(std::move(wishes)),
      sales_channel_id_(std::move(sales_channel_id)), backorder_(backorder) {}

db::Command Sale::query(Mode mode) const {
  if (in_module_) return lock_shelves(wishes_, sales_channel_id_);
  return mode == Mode::take ? take(wishes_, backorder_) : look(wishes_, backorder_);
}

std::vector<base::Error> Sale::refusals(const db::Result& result) {
  if (!in_module_) return stock::refusals(wishes_, levels_of(result));
  auto stocked = stocked_of(result);
  if (backorder_ == Backorder::allowed)
    for (auto& variant : stocked) variant.allow_backorder = true;
  auto allocation = allocate(wishes_, std::move(stocked));
  reservations_ = std::move(allocation.reservations);
  return std::move(allocation.refusals);
}

void Sale::write() const {
  if (!in_module_) return;
  auto ids = write_reservations(call_, reservations_);
  call_.emit("reservation-items.bulk-created", base::JsonObject{{"ids", std::move(ids)}});
}

} // namespace commerce::stock
