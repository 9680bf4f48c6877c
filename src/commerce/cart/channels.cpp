#include "commerce/cart/channels.hpp"
#include "base/error.hpp"

namespace commerce::cart {

using base::Error;

db::Command channel_query(const std::optional<std::string>& wanted) {
  static const db::Statement statement("SELECT id, name, is_disabled FROM sales_channel WHERE deleted_at IS NULL AND "
                                       "id = coalesce($1, (SELECT default_sales_channel_id FROM store LIMIT 1))");
  return {statement, db::Params::of(wanted)};
}

std::string channel_of(const db::Result& found, const std::optional<std::string>& wanted) {
  if (found.empty() && wanted) throw Error::not_found("Sales channel with id: " + *wanted + " was not found");
  if (found.empty()) throw Error::not_found("Store does not exist");
  if (found.boolean(0, 2))
    throw Error::invalid_data("Unable to assign the cart to a disabled Sales Channel \"" +
                              std::string(found.text(0, 1)) + "\"");
  return std::string(found.text(0, 0));
}

} // namespace commerce::cart
