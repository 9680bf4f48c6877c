#include "commerce/payment/storefront.hpp"
#include "commerce/customer/service.hpp"
#include "ports/payment_provider.hpp"

namespace commerce::payment {
namespace {

// Medusa 1.20: GET /store/customers/me/payment-methods
void list_my_payment_methods(http::Context& context) {
  const auto tree = customer::retrieve(context.call, *context.call.identity.customer_id, {});
  const auto customer = query::row_value(*tree.first());
  base::JsonArray methods;
  for (const auto& id : ports::payment_provider_ids())
    for (const auto& data : ports::payment_provider(id).saved_methods(context.call, customer))
      methods.push_back(base::JsonObject{{"provider_id", id}, {"data", data}});
  context.json(base::JsonObject{{"payment_methods", std::move(methods)}});
}

} // namespace

http::Routes store_routes() {
  return {{.path = "/store/customers/me/payment-methods",
           .handler = list_my_payment_methods,
           .auth = http::Auth::customer}};
}

} // namespace commerce::payment
