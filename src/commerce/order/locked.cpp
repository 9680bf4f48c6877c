#include "commerce/order/locked.hpp"
#include "base/error.hpp"
#include "commerce/order/tables.hpp"
#include "query/row_of.hpp"

namespace commerce::order {

using base::Error;

query::Tree lock(ports::Call& call, std::string_view order_id, const std::vector<std::string>& relations, Reads reads) {
  const query::Read read{
      .entity = &schema::get("Order"), .selection = query::select({}, relations), .for_update = true};
  auto tree = query::read_one(call.db(), call.flags, read, order_id);
  if (!tree.first())
    throw Error::not_found((reads == Reads::totals ? "Order with id: " : "Order with id ") + std::string(order_id) +
                           " was not found");
  return tree;
}

void check(const Act& act, const query::RowOf<table::Order>& order) { commerce::check(act, order.text("status")); }

} // namespace commerce::order
