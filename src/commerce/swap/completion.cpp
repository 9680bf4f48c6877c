#include "commerce/swap/completion.hpp"
#include "base/error.hpp"
#include "commerce/cart/tables.hpp"
#include "commerce/swap/difference.hpp"
#include "db/batch.hpp"
#include "query/row_of.hpp"
#include "query/write.hpp"

namespace commerce::swap {

using base::Error;

Completing lock_of_cart(ports::Call& call, std::string_view cart_id) {
  static const db::Statement lock_order("SELECT 1 FROM \"order\" WHERE id = (SELECT order_id FROM swap "
                                        "WHERE cart_id = $1 AND deleted_at IS NULL) FOR UPDATE");
  static const db::Statement load(
      "SELECT id, order_id, confirmed_at IS NOT NULL, canceled_at IS NOT NULL, allow_backorder, no_notification "
      "FROM swap WHERE cart_id = $1 AND deleted_at IS NULL");
  db::Batch batch;
  batch.add({lock_order, db::Params::of(cart_id)});
  const auto loaded = batch.add({load, db::Params::of(cart_id)});
  batch.run(call.db());
  const auto& swap = *loaded;
  if (swap.empty()) throw Error::not_found("Swap was not found");
  return {.id = std::string(swap.text(0, 0)),
          .order_id = std::string(swap.text(0, 1)),
          .confirmed = swap.boolean(0, 2),
          .canceled = swap.boolean(0, 3),
          .allow_backorder = swap.boolean(0, 4),
          .no_notification = swap.is_null(0, 5) ? base::Json(nullptr) : base::Json(swap.boolean(0, 5))};
}

void register_completion(ports::Call& call, const Completing& swap, const query::RowOf<table::Cart>& cart,
                         base::Amount difference) {
  static const db::Statement methods_belong("UPDATE shipping_method SET swap_id = $2 WHERE cart_id = $1");
  call.write_last(query::update(schema::get("Swap"), swap.id,
                                base::JsonObject{{"difference_due", difference},
                                                 {"shipping_address_id", cart.optional_text("shipping_address_id")},
                                                 {"confirmed_at", base::iso_time(base::now())},
                                                 {"payment_status", status_after_completion(difference)}}));
  call.write_last({methods_belong, db::Params::of(cart.id(), swap.id)});
  call.emit("swap.payment_completed", base::JsonObject{{"id", swap.id}, {"no_notification", swap.no_notification}});
}

std::string completed_json(ports::Call& call, std::string_view cart_id) {
  const auto tree = query::read(call.db(), call.flags,
                                {.entity = &schema::get("Swap"),
                                 .selection = query::select({}, {"shipping_address"}),
                                 .where = {{"cart_id", query::Operator::equal, {std::string(cart_id)}}}});
  if (!tree.first()) throw Error::not_found("Swap was not found");
  return R"({"data":)" + query::row_json(*tree.first()) + R"(,"type":"swap"})";
}

} // namespace commerce::swap
