#include "commerce/order/made.hpp"
#include "commerce/order/view.hpp"

namespace commerce::order {

query::Tree read_made(ports::Call& call, std::string_view id, db::Batch& writes, query::InHand& rows) {
  static const query::Selection selection = to_load(completed_view());
  const query::Read read{.entity = &schema::get("Order"), .selection = selection};
  return query::read_one(call.db(), call.flags, read, id, writes, rows);
}

} // namespace commerce::order
