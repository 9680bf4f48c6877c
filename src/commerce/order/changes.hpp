// What an admin changes of an order after it was placed: whose it is, where it goes and how, and that it is done. Each runs in
// one transaction that locks the order's row first. Owns nothing. Called by the admin routes, on the fiber of the request.
#pragma once
#include "base/json.hpp"
#include "base/money.hpp"
#include "ports/call.hpp"
#include <string>
#include <string_view>

namespace commerce::order {

// Medusa 1.20: OrderService.update. Of `changes` these members count: email, customer_id, no_notification (true), addresses as
// objects, discounts as objects with their ids, and items that are added as they are.
void update(ports::Call& call, std::string_view order_id, const base::Json& changes);

// Medusa 1.20: OrderService.completeOrder; OrderService.archive
void complete(ports::Call& call, std::string_view order_id);
void archive(ports::Call& call, std::string_view order_id);

struct ShippingWish {
  std::string option_id;
  base::Amount price = 0;
  base::Json data = base::Json::object();
};
// Medusa 1.20: OrderService.addShippingMethod. It takes the place of the methods with the same shipping profile.
void add_shipping_method(ports::Call& call, std::string_view order_id, const ShippingWish& wish);

} // namespace commerce::order
