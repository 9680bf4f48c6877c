#include "commerce/order/claiming.hpp"
#include "base/error.hpp"
#include "base/tokens.hpp"
#include "commerce/order/states.hpp"
#include "config/config.hpp"
#include "db/batch.hpp"
#include <chrono>

namespace commerce::order {

using base::Error;
using base::Json;

namespace {
constexpr std::chrono::minutes kTokenLifetime{15};
}

void ask_for_orders(ports::Call& call, std::string_view customer_id, const std::vector<std::string>& order_ids) {
  // 1. Only for customers with an account.
  static const db::Statement customer("SELECT has_account FROM customer WHERE id = $1 AND deleted_at IS NULL");
  static const db::Statement by_email(
      "SELECT email, json_agg(id ORDER BY id) FROM \"order\" WHERE id = ANY($1) GROUP BY email ORDER BY email");
  db::Batch batch;
  const auto buyer = batch.add({customer, db::Params::of(customer_id)});
  const auto orders = batch.add({by_email, db::Params::of(order_ids)});
  batch.run(call.db());
  if (buyer->empty()) throw Error::not_found("Customer with id: " + std::string(customer_id) + " was not found");
  if (!buyer->boolean(0, 0)) throw Error(base::ErrorType::unauthorized, "Customer does not have an account");
  // 2. A token for each email.
  call.atomic([&] {
    for (int row = 0; row < orders->rows(); row++) {
      const Json ids = base::parse_json(orders->text(row, 1));
      const auto token =
          base::sign_jwt(call.config.jwt_secret, base::JsonObject{{"claimingCustomerId", customer_id}, {"orders", ids}},
                         kTokenLifetime);
      call.emit("order-update-token.created", base::JsonObject{{"old_email", orders->text(row, 0)},
                                                               {"new_customer_id", customer_id},
                                                               {"orders", ids},
                                                               {"token", token}});
    }
  });
}

void give_orders(ports::Call& call, std::string_view token) {
  // 1. Check the token. 1.20 takes any that is signed with the same secret, and fails with 500 where it isn't.
  const auto claims = base::verify_jwt(call.config.jwt_secret, call.config.former_jwt_secrets, token);
  if (!claims) throw Error(base::ErrorType::unauthorized, "Invalid or expired claim token");
  if (!(*claims)["claimingCustomerId"].is_string()) throw Error::not_found("\"customerId\" must be defined");
  const std::string& customer_id = (*claims)["claimingCustomerId"].as_string();
  std::vector<std::string> order_ids;
  if ((*claims)["orders"].is_array())
    for (const auto& id : (*claims)["orders"].as_array())
      if (id.is_string()) order_ids.push_back(id.as_string());
  // 2. Give the orders to the customer, who is still there; all or none.
  static const db::Statement customer("SELECT email FROM customer WHERE id = $1 AND deleted_at IS NULL");
  static const db::Statement lock(
      "SELECT id, status, no_notification FROM \"order\" WHERE id = ANY($1) ORDER BY id FOR UPDATE");
  static const db::Statement give(
      "UPDATE \"order\" SET customer_id = $1, email = $2, updated_at = now() WHERE id = ANY($3)");
  call.atomic([&] {
    db::Batch batch;
    const auto buyer = batch.add({customer, db::Params::of(customer_id)});
    const auto orders = batch.add({lock, db::Params::of(order_ids)});
    batch.run(call.db());
    if (buyer->empty()) throw Error::not_found("Customer with id: " + customer_id + " was not found");
    for (int row = 0; row < orders->rows(); row++) check(act::update, orders->text(row, 1));
    call.write_last({give, db::Params::of(customer_id, buyer->text(0, 0), order_ids)});
    for (int row = 0; row < orders->rows(); row++)
      call.emit("order.updated",
                base::JsonObject{
                    {"id", orders->text(row, 0)},
                    {"no_notification", orders->is_null(row, 2) ? Json(nullptr) : Json(orders->boolean(row, 2))}});
  });
}

} // namespace commerce::order
