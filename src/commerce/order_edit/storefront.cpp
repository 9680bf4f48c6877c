#include "commerce/order_edit/routes.hpp"
#include "commerce/order_edit/service.hpp"
#include "commerce/values.hpp"

namespace commerce::order_edit {
namespace {

using http::Context;

const http::Rules kDeclineRules{{{"declined_reason", http::Is::string, http::Presence::optional}}};

// Medusa 1.20: POST /store/order-edits/:id/decline
void decline_edit(Context& context) {
  ports::Call& call = context.call;
  context.json(call.atomic([&] {
    return answer(call, Audience::storefront,
                  decline(call, context.param("id"), optional_text(context.body()["declined_reason"]),
                          call.identity.customer_id));
  }));
}

// Medusa 1.20: POST /store/order-edits/:id/complete
void complete_edit(Context& context) {
  ports::Call& call = context.call;
  context.json(call.atomic([&] {
    return answer(call, Audience::storefront, complete(call, context.param("id"), call.identity.customer_id));
  }));
}

} // namespace

http::Routes store_operations() {
  using enum http::Method;
  constexpr auto anybody = http::Auth::customer_optional;
  return {{post, "/store/order-edits/:id/decline", decline_edit, anybody, nullptr, &kDeclineRules},
          {post, "/store/order-edits/:id/complete", complete_edit, anybody}};
}

} // namespace commerce::order_edit
