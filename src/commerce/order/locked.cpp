#include "commerce/order/locked.hpp"
#include "base/error.hpp"

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

void refuse_canceled(const query::Row& order, const char* sentence) {
  if (order.text("status") == "canceled") throw Error::not_allowed(sentence);
}

base::Json notification(const std::optional<bool>& wanted, const query::Row& otherwise) {
  if (wanted) return *wanted;
  if (otherwise.is_null("no_notification")) return nullptr;
  return otherwise.boolean("no_notification");
}

} // namespace commerce::order
