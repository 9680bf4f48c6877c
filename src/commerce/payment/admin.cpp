#include "commerce/payment/admin.hpp"
#include "commerce/idempotency/routes.hpp"
#include "commerce/payment/payments.hpp"
#include "http/resource.hpp"

namespace commerce::payment {
namespace {

using base::Json;
using http::Context;
using http::Is;
using enum http::Presence;

http::Resource payments() {
  return http::Resource{
      .path = "/admin/payments",
      .entity = "Payment",
      .one = "payment",
      .many = "payments",
      .not_found = "Payment with id {id} was not found",
      .read = {.fields = {"id", "swap_id", "cart_id", "order_id", "amount", "currency_code", "amount_refunded",
                          "provider_id", "data", "captured_at", "canceled_at", "metadata"}},
      .auth = http::Auth::admin}
      .retrieve();
}

const http::Rules kRefundRules{
    .rows = {{"amount", Is::integer, not_empty_first},
             {"reason", Is::enumeration, not_empty_first, nullptr, {"discount", "return", "swap", "claim", "other"}},
             {"note", Is::string, optional}},
    .of = "Refund"};

// Medusa 1.20: POST /admin/payments/:id/capture
void capture_payment(Context& context) {
  with_aftermath(context.call, [&](Aftermath& aftermath) {
    const auto payment = capture(context.call, aftermath, context.param("id"));
    context.json(http::one_json("payment", *payment.first()));
  });
}

// Medusa 1.20: POST /admin/payments/:id/refund. With an Idempotency-Key, which 1.20 doesn't look at here, two clicks refund once.
void refund_payment(Context& context) {
  const Json& body = context.body();
  RefundWish wish{.amount = body["amount"].as_int(), .reason = body["reason"].as_string()};
  if (body["note"].is_string()) wish.note = body["note"].as_string();
  with_aftermath(context.call, [&](Aftermath& aftermath) {
    idempotency::run_if_keyed(context, [&]() -> idempotency::Reply {
      const auto refund = payment::refund(context.call, aftermath, context.param("id"), wish);
      Json given = base::JsonObject{{"payment_id", true}, {"order_id", true}, {"amount", true}, {"reason", true}};
      if (wish.note) given.set("note", true);
      return {200, Json(base::JsonObject{{"refund", http::as_saved(*refund.first(), given)}}).dump()};
    });
  });
}

} // namespace

http::Routes admin_routes() {
  auto routes = payments().routes();
  routes.push_back({.method = http::Method::post,
                    .path = "/admin/payments/:id/capture",
                    .handler = capture_payment,
                    .auth = http::Auth::admin});
  routes.push_back({.method = http::Method::post,
                    .path = "/admin/payments/:id/refund",
                    .handler = refund_payment,
                    .auth = http::Auth::admin,
                    .body_rules = &kRefundRules});
  return routes;
}

} // namespace commerce::payment
