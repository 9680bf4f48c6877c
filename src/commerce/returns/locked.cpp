#include "commerce/returns/locked.hpp"
#include "base/error.hpp"
#include "commerce/cart/tables.hpp"
#include "commerce/claim/tables.hpp"
#include "commerce/order/tables.hpp"
#include "commerce/returns/tables.hpp"
#include "commerce/swap/tables.hpp"
#include "query/row_of.hpp"

namespace commerce::returns {

using base::Error;
using query::RowOf;

query::Tree lock(ports::Call& call, std::string_view return_id, const std::vector<std::string>& relations) {
  static const db::Statement order(
      "SELECT 1 FROM \"order\" WHERE id = (SELECT coalesce(r.order_id, s.order_id, c.order_id) FROM return r "
      "LEFT JOIN swap s ON s.id = r.swap_id LEFT JOIN claim_order c ON c.id = r.claim_order_id WHERE r.id = $1) FOR UPDATE");
  const query::Read read{
      .entity = &schema::get("Return"), .selection = query::select({}, relations), .for_update = true};
  auto tree = query::read_one(call.db(), call.flags, read, return_id, {{order, db::Params::of(return_id)}});
  if (!tree.first()) throw Error::not_found("Return with id: " + std::string(return_id) + " was not found");
  return tree;
}

std::string order_of(const RowOf<table::Return>& row) {
  if (!row.is_null("order_id")) return row.str("order_id");
  if (const auto swap = row.one<table::Swap>("swap")) return swap->str("order_id");
  if (const auto claim = row.one<table::ClaimOrder>("claim_order")) return claim->str("order_id");
  return {};
}

std::vector<OrderedItem> items_of(const RowOf<table::Order>& order) {
  std::vector<OrderedItem> items;
  for (const auto& item : order.many<table::LineItem>("items")) items.push_back({item, !order.is_null("canceled_at")});
  const auto add = [&](const auto& owner) {
    for (const auto& item : owner.template many<table::LineItem>("additional_items"))
      items.push_back({item, !owner.is_null("canceled_at")});
  };
  for (const auto& swap : order.many<table::Swap>("swaps")) add(swap);
  for (const auto& claim : order.many<table::ClaimOrder>("claims")) add(claim);
  return items;
}

void refuse_more_than_bought(const OrderedItem* item, std::int64_t quantity, std::int64_t counted) {
  if (!item) throw Error::invalid_data("Return contains invalid line item");
  const auto returned = item->row.optional_integer("returned_quantity").value_or(0) - counted;
  if (quantity > item->row.integer("quantity") - returned)
    throw Error::not_allowed("Cannot return more items than have been purchased");
}

} // namespace commerce::returns
