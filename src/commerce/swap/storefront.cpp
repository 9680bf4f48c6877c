#include "commerce/swap/storefront.hpp"
#include "commerce/eager.hpp"
#include "commerce/idempotency/routes.hpp"
#include "commerce/swap/rules.hpp"
#include "commerce/swap/service.hpp"

namespace commerce::swap {
namespace {

using base::Json;
using http::Context;
using http::Is;
using http::Presence;

const http::Rules kCreateRules{{{"order_id", Is::string, Presence::not_empty_first},
                                {"return_items", Is::array, Presence::required, &kShoppersReturnItemRules},
                                {"additional_items", Is::array, Presence::required, &kShoppersAdditionalItemRules},
                                {"return_shipping_option", Is::string, Presence::optional}}};

// The swap as it was made; its cart stands last.
std::string made_json(ports::Call& call, const std::string& swap_id) {
  auto selection = query::select(
      {"id", "fulfillment_status", "payment_status", "order_id", "difference_due", "shipping_address_id", "cart_id",
       "confirmed_at", "created_at", "updated_at", "deleted_at", "metadata", "idempotency_key"},
      {"order", "additional_items.variant", "return_order.shipping_method.shipping_option", "fulfillments", "payment",
       "shipping_address", "shipping_methods.shipping_option", "cart"});
  add_eager_items(selection, schema::get("Swap"));
  selection.child("cart")->place = query::Place::last;
  const auto tree = query::read_one(call.db(), call.flags,
                                    {.entity = &schema::get("Swap"), .selection = std::move(selection)}, swap_id);
  return R"({"swap":)" + query::row_json(*tree.first()) + "}";
}

// Medusa 1.20: POST /store/swaps. Nobody is told of it by a notification.
void create_swap(Context& context) {
  const Json& body = context.body();
  Wish wish{.order_id = body["order_id"].as_string(),
            .return_items = return_items_of(body),
            .additional_items = additional_items_of(body),
            .no_notification = true};
  if (const Json& option = body["return_shipping_option"]; option.is_string() && !option.as_string().empty())
    wish.return_shipping = {option.as_string(), std::nullopt};
  idempotency::run_with_key(context, [&](const idempotency::Key& key) {
    wish.idempotency_key = key.name;
    return context.call.atomic([&]() -> idempotency::Reply {
      return {200, made_json(context.call, create(context.call, wish, order::Reads::totals))};
    });
  });
}

} // namespace

http::Routes storefront_routes() {
  return {{http::Method::post, "/store/swaps", create_swap, http::Auth::none, nullptr, &kCreateRules}};
}

} // namespace commerce::swap
