#include "commerce/swap/locked.hpp"
#include "base/error.hpp"
#include "commerce/order/below.hpp"
#include "commerce/swap/tables.hpp"
#include "query/row_of.hpp"

namespace commerce::swap {

query::Tree lock(ports::Call& call, std::string_view order_id, std::string_view swap_id,
                 const std::vector<std::string>& relations) {
  auto tree = order::lock_below(call, order_id, "Swap", swap_id, relations);
  const auto swap = tree.first<table::Swap>();
  if (!swap) throw base::Error::not_found("Swap was not found");
  if (swap->text("order_id") != order_id)
    throw base::Error::not_found("no swap was found with the id: " + std::string(swap_id) +
                                 " related to order: " + std::string(order_id));
  return tree;
}

} // namespace commerce::swap
