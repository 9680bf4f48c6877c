#include "commerce/checkout/storefront.hpp"
#include "commerce/checkout/complete.hpp"
#include "commerce/idempotency/routes.hpp"

namespace commerce::checkout {
namespace {

// Medusa 1.20: POST /store/carts/:id/complete
void complete_cart(http::Context& context) {
  const auto key = idempotency::claim(context);
  if (key.reply) return idempotency::answer(context, *key.reply);
  idempotency::answer(context, complete(context.call, context.param("id"), key, context.call.identity.ip));
}

} // namespace

http::Routes store_routes() {
  return {{http::Method::post, "/store/carts/:id/complete", complete_cart},
          {http::Method::post, "/store/carts/:id/complete-cart", complete_cart}};
}

} // namespace commerce::checkout
