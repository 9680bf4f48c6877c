#include "commerce/order_edit/routes.hpp"
#include "commerce/order_edit/service.hpp"
#include "commerce/order_edit/view.hpp"

namespace commerce::order_edit {
namespace {

using base::Json;
using http::Context;

const http::Rules kDeclineRules{{{"declined_reason", http::Is::string, http::Presence::optional}}};

// Medusa 1.20: POST /store/order-edits/:id/decline
void decline_edit(Context& context) {
  const auto& id = context.param("id");
  const Json& reason = context.body()["declined_reason"];
  decline(context.call, id, reason.is_string() ? std::optional(reason.as_string()) : std::nullopt,
          context.call.identity.customer_id);
  context.json(answer(context.call, Audience::storefront, id));
}

// Medusa 1.20: POST /store/order-edits/:id/complete
void complete_edit(Context& context) {
  const auto& id = context.param("id");
  complete(context.call, id, context.call.identity.customer_id);
  context.json(answer(context.call, Audience::storefront, id));
}

} // namespace

http::Routes store_operations() {
  using enum http::Method;
  constexpr auto anybody = http::Auth::customer_optional;
  return {{post, "/store/order-edits/:id/decline", decline_edit, anybody, nullptr, &kDeclineRules},
          {post, "/store/order-edits/:id/complete", complete_edit, anybody}};
}

} // namespace commerce::order_edit
