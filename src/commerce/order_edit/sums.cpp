#include "commerce/order_edit/sums.hpp"

namespace commerce::order_edit {

Sums sums(totals::Order order, std::vector<totals::Item> items, tax::Inclusive inclusive) {
  const double before = totals::order_totals(order, totals::Returnable::not_asked, inclusive).total;
  order.items = std::move(items);
  Sums sums{.edited = totals::order_totals(order, totals::Returnable::not_asked, inclusive)};
  sums.difference_due = sums.edited.total - before;
  return sums;
}

} // namespace commerce::order_edit
