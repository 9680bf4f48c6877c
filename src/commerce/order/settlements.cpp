#include "commerce/order/settlements.hpp"
#include "base/ids.hpp"
#include "base/log.hpp"
#include "commerce/order/refunds.hpp"
#include "commerce/payment/payments.hpp"
#include "commerce/payment/tables.hpp"
#include "ports/fulfillment_provider.hpp"
#include "ports/outside.hpp"
#include "query/row_of.hpp"
#include "query/write.hpp"

namespace commerce::order {

using base::Json;
using ports::Ask;
using ports::Call;
using query::RowOf;

namespace {

const schema::Entity& payments() {
  static const schema::Entity& found = schema::get("Payment");
  return found;
}

// What the order's refunds make of its payment status.
void set_status(Call& call, const std::string& order_id) {
  static const db::Statement sums("SELECT (SELECT coalesce(sum(amount), 0) FROM payment WHERE order_id = $1), "
                                  "(SELECT coalesce(sum(amount), 0) FROM refund WHERE order_id = $1)");
  const auto found = call.db().run(sums, db::Params::of(order_id));
  if (const auto status = status_after_refund(found.integer(0, 0), found.integer(0, 1)))
    call.write_last(query::update(schema::get("Order"), order_id, base::JsonObject{{"payment_status", *status}}));
}

// A refund's row, and what its payment has given back. Returns the refund's id.
std::string store_refund(Call& call, std::string_view payment_id, const Json& data, base::Amount amount, Json refund) {
  static const db::Statement give(
      "UPDATE payment SET data = coalesce($2, data), amount_refunded = amount_refunded + $3, "
      "updated_at = now() WHERE id = $1");
  call.write_last({give, db::Params::of(payment_id, data, amount)});
  refund.set("id", base::make_id(schema::get("Refund").prefix));
  refund.set("amount", amount);
  call.write_last(query::insert(schema::get("Refund"), refund));
  return refund["id"].as_string();
}

// Of what the request would have told of with the row as it is.
void tell(Call& call, const Json& event, const schema::Entity& entity, std::string_view id) {
  if (!event.is_string() || event.as_string().empty()) return;
  const auto tree = query::read_one(call.db(), call.flags, {.entity = &entity}, id);
  call.emit(event.as_string(), query::row_value(*tree.first()));
}

void settle_capture(Call& call, const Ask& ask, const Json& answer) {
  // 1. The money has come.
  static const db::Statement captured("UPDATE payment SET data = coalesce($2, data), captured_at = now(), updated_at = "
                                      "now() WHERE id = $1 AND captured_at IS NULL");
  static const db::Statement not_wanted(
      "SELECT p.order_id FROM payment p LEFT JOIN \"order\" o ON o.id = p.order_id WHERE p.id = $1 AND p.amount_refunded = "
      "0 AND (p.canceled_at IS NOT NULL OR o.canceled_at IS NOT NULL) FOR UPDATE OF p");
  const std::string id = ask.arguments["id"].as_string();
  call.write_last({captured, db::Params::of(id, answer["data"])});
  const auto found = call.db().run(not_wanted, db::Params::of(id));
  if (found.empty()) return tell(call, ask.arguments["told"], payments(), id);
  // 2. The order was canceled meanwhile: the money goes back.
  const auto tree = query::read_one(call.db(), call.flags, {.entity = &payments()}, id);
  const auto payment = *tree.first<table::Payment>();
  const ports::Refund refund{.amount = payment.integer("amount"),
                             .reason = "other",
                             .note = "The order was canceled while this payment was captured",
                             .order_id = Json(found.optional_text(0, 0))};
  const Json data =
      ports::payment_provider(payment.text("provider_id")).refund(call, payment::at_provider(payment), refund);
  store_refund(call, id, data, refund.amount,
               base::JsonObject{{"order_id", refund.order_id}, {"reason", refund.reason}, {"note", refund.note}});
  if (refund.order_id.is_string()) set_status(call, refund.order_id.as_string());
  base::log_warn("A payment was captured while its order was canceled; it has been given back", {{"payment", id}});
}

// One that is for something is taken up by the next request for the same; of another one is told here.
void settle_refund(Call& call, const Ask& ask, const Json& answer) {
  const Json &refund = ask.arguments["refund"], &order_id = refund["order_id"], &purpose = refund["purpose"],
             &told = refund["told"];
  const Json note = purpose.is_string() ? Json(payment::note_of_left(purpose.as_string())) : refund["note"];
  const std::string id =
      store_refund(call, ask.arguments["payment"]["id"].as_string(), answer["data"], refund["amount"].as_int(),
                   base::JsonObject{{"order_id", order_id}, {"reason", refund["reason"]}, {"note", note}});
  if (purpose.is_string() || !told.is_object()) return;
  const std::string name = told["name"].as_string();
  if (name != "order.refund_created") return tell(call, told["name"], schema::get("Refund"), id);
  set_status(call, order_id.as_string());
  Json data = told["data"];
  data.set("refund_id", id);
  call.emit(name, std::move(data));
}

void settle_cancel(Call& call, const Ask& ask, const Json& answer) {
  static const db::Statement canceled("UPDATE payment SET data = coalesce($2, data), canceled_at = now(), updated_at = "
                                      "now() WHERE id = $1 AND canceled_at IS NULL");
  call.write_last({canceled, db::Params::of(ask.arguments["id"].as_string(), answer["data"])});
}

// The next attempt to complete the cart asks the provider again, about the session as it is now. Of a payment collection the
// time says that the session has made a payment, so it isn't told here.
void settle_authorization(Call& call, const Ask& ask, const Json& answer) {
  static const db::Statement authorized(
      "UPDATE payment_session SET data = coalesce($2, data), status = $3::payment_session_status_enum, "
      "payment_authorized_at = CASE WHEN $3 = 'authorized' AND cart_id IS NOT NULL THEN now() END, updated_at = now() "
      "WHERE id = $1");
  if (answer["status"].is_string())
    call.write_last({authorized, db::Params::of(ask.arguments["session_id"].as_string(), answer["data"],
                                                answer["status"].as_string())});
}

// A parcel of what was not packed after all.
void settle_fulfillment(Call& call, const Ask& ask, const Json& answer) {
  ports::fulfillment_provider(ask.provider).cancel_fulfillment(call, answer);
}

} // namespace

void add_settlements() {
  ports::add_settlement("payment", "authorize", settle_authorization);
  ports::add_settlement("payment", "capture", settle_capture);
  ports::add_settlement("payment", "refund", settle_refund);
  ports::add_settlement("payment", "cancel", settle_cancel);
  ports::add_settlement("fulfillment", "create_fulfillment", settle_fulfillment);
}

} // namespace commerce::order
