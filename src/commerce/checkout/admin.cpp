#include "commerce/checkout/admin.hpp"
#include "commerce/checkout/drafts.hpp"
#include "commerce/order/view.hpp"

namespace commerce::checkout {
namespace {

// Medusa 1.20: POST /admin/draft-orders/:id/pay
void pay(http::Context& context) {
  ports::Call& call = context.call;
  // Quirk: the order's sales channel is not shown here.
  static const order::Grammar grammar = [] {
    schema::Flags flags;
    flags.set(schema::Flag::sales_channels, false);
    return order::admin_grammar(flags);
  }();
  auto view = order::whole(order::resolve(call.flags, grammar, base::Json::object(), query::Many::no));
  order::know_new(view);
  const auto order_id = pay_draft(call, context.param("id"));
  context.json(R"({"order":)" + order::retrieve(call, view, order_id) + "}");
}

} // namespace

http::Routes admin_routes() {
  return {
      {.method = http::Method::post, .path = "/admin/draft-orders/:id/pay", .handler = pay, .auth = http::Auth::admin}};
}

} // namespace commerce::checkout
