#include "commerce/order/below.hpp"

namespace commerce::order {

query::Tree lock_below(ports::Call& call, std::string_view order_id, std::string_view entity, std::string_view id,
                       const std::vector<std::string>& relations) {
  static const db::Statement lock("SELECT 1 FROM \"order\" WHERE id = $1 FOR UPDATE");
  const query::Read read{.entity = &schema::get(entity), .selection = query::select({}, relations)};
  return query::read_one(call.db(), call.flags, read, id, {{lock, db::Params::of(order_id)}});
}

} // namespace commerce::order
